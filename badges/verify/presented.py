"""What somebody handed in: which form it has, and the credential inside, not yet believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from badges.errors import BadgeError
from badges.proofs.known_text import KnownText

__all__ = ["W3C_TOKENS", "Form", "Presented"]


class Form(StrEnum):
    """How a credential is secured."""

    EMBEDDED = "data-integrity"
    VC_JWT = "vc-jwt"
    VC_SD_JWT = "vc-sd-jwt"
    SD_JWT_VC = "sd-jwt-vc"
    JADES = "jades"
    PRESENTATION = "presentation"
    NONE = "none"

    __hash__ = str.__hash__  # as fast as a text's: every check asks for the form


W3C_TOKENS = frozenset({Form.VC_JWT, Form.VC_SD_JWT})
"""Signed tokens whose content is a credential of the data model: all of their JSON is signed."""


@dataclass(frozen=True, slots=True)
class Presented:
    """One thing to check."""

    form: Form
    document: Mapping[str, Any] = field(default_factory=dict)
    """The credential (or presentation), as it came."""

    token: str = ""
    """The signed text, where the form is one."""

    container: str = "json"
    """What it came in: ``json``, ``jwt``, ``png``, ``svg``, ``pdf``."""

    problem: BadgeError | None = None
    """Why it could not be read."""

    source: bytes = b""
    """The bytes it was read from, where they are fetched again and again (status lists)."""

    inner: tuple["Presented", ...] = ()
    """The credentials of a presentation, or the badge inside a sealed one."""

    sealed: Mapping[str, Any] = field(default_factory=dict)
    """The JWS around a sealed credential, as it came."""

    text: KnownText | None = field(default=None, repr=False, compare=False)
    """The credential with its text, where it was read as one of many."""
