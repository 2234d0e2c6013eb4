"""Achievements at the desk: list, write, look over, publish, share, have reviewed."""

from issuer.admin.achievements import beginning, checking, editor, listing, preview, skills

__all__ = ["PARTS"]

PARTS = (beginning, editor, skills, checking, preview, listing)
"""Every page of achievements is in one of these; fixed addresses before those with a key."""
