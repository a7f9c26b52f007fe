"""The web surface: a group's page, local or hosted. The page is the channel itself, so nothing is sent anywhere."""

from adapters.chat.web.server import Web

__all__ = ["Web"]
