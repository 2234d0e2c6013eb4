"""Open a Europass file: sealed, wrapped for upload, or plain.

Shape: a sealed file holds the credential as text; an upload wraps it with where to send it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from badges import strict_json
from badges.edc.nodes import types
from badges.edc.rules import CONTEXTS
from badges.errors import MalformedCredential
from badges.proofs.jades.serialization import is_sealed, sealed_text

__all__ = ["EdcForm", "Opened", "is_badge", "open_file"]

MAX_BYTES = 20 * 2**20
"""Most bytes of a file: a credential of 15 MB, sealed."""


class EdcForm(StrEnum):
    """How a credential lies in its file."""

    SEALED = "sealed"
    UPLOAD = "upload"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Opened:
    """A credential and the form it came in; a seal is not looked at."""

    document: dict[str, Any]
    form: EdcForm


def open_file(data: bytes) -> Opened:
    """Return the credential in a file; an upload may leave its contexts to Europass.

    Raises:
        MalformedCredential: it holds none.
    """
    value = strict_json.loads(data, max_bytes=MAX_BYTES)
    form = EdcForm.PLAIN
    if is_sealed(value):
        form = EdcForm.SEALED
        value = strict_json.loads(sealed_text(value), max_bytes=MAX_BYTES)
    elif isinstance(value, dict) and isinstance(value.get("credential"), dict):
        form, value = EdcForm.UPLOAD, {"@context": list(CONTEXTS), **value["credential"]}
    if not isinstance(value, dict):
        raise MalformedCredential("the file holds no credential: it must be a JSON object")
    return Opened(value, form)


def is_badge(document: dict[str, Any]) -> bool:
    """Tell an Open Badge from a European Digital Credential."""
    return "EuropeanDigitalCredential" not in types(document)
