"""How the store knows a token: by its SHA-256, so that nobody who reads the store can use it.

For random tokens only: a password or a short code needs a slow hash and a counter.
"""

import hashlib

__all__ = ["token_hash"]


def token_hash(token: str) -> bytes:
    """Return what is kept of `token`; what no browser of ours sends has a hash too."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
