"""Achievements at the desk: list, write, look over, publish, share, have reviewed."""

from issuer.admin.achievements import (
    beginning,
    checking,
    editor,
    inviting,
    keeping,
    listing,
    preview,
    reviewing,
    sharing,
    skills,
)

__all__ = ["PARTS"]

PARTS = (
    beginning,
    sharing,
    editor,
    skills,
    checking,
    preview,
    inviting,
    reviewing,
    keeping,
    listing,
)
"""Every page of achievements is in one of these; fixed addresses before those with a key."""
