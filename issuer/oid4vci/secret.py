"""Secrets that are given out once and kept as hashes: codes, tokens, ids that a bearer shows."""

import hashlib
import secrets

__all__ = ["hash_of", "new_secret"]


def new_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret, or of a mark: nothing that gives it back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
