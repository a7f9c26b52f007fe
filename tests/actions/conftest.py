"""Actions are tried on a real file, on the scene of the stores."""

from tests.stores.conftest import scene, store

__all__ = ["scene", "store"]
