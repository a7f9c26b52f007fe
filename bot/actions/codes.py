"""One-time codes, and how they are kept."""

import hashlib
import secrets


def new_code() -> str:
    return "-".join(secrets.token_hex(2).upper() for _ in range(4))


def hash_code(code: str) -> str:
    """Codes are 64 random bits, so that a plain hash keeps them safe in the database."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
