"""The tests. They start Paperclub some two hundred times: what Python compiled is kept, also where the environment says
not to, as in containers."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
