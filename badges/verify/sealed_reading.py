"""Read an e-sealed file: the European Digital Credential in it, and the badge that one carries.

Spec: ETSI TS 119 182-1; EDC application profile 1.1.0 (``attachment`` is a list of MediaObject).
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from badges import strict_json
from badges.credential import many
from badges.errors import MalformedCredential
from badges.proofs.jades import sealed_text
from badges.verify.presented import Form, Presented

__all__ = ["read_sealed"]

MAX_BYTES = 8 * 2**20
"""Most bytes of the sealed text."""

MAX_ATTACHMENTS = 10
"""Most attachments we look into."""

_CARRIED = (Form.EMBEDDED, Form.VC_JWT)


def read_sealed(value: Mapping[str, Any], read: Callable[[bytes], Presented]) -> Presented:
    """Return the credential inside a JWS, and the signed badge attached to it, if any.

    Raises:
        MalformedCredential: not a JWS, or not over a credential that is inside.
    """
    text = sealed_text(value)
    document = strict_json.loads(text, max_bytes=MAX_BYTES)
    if not isinstance(document, Mapping):
        raise MalformedCredential("what is sealed is not a JSON object")
    badges = tuple(_badges(document, read))
    return Presented(Form.JADES, document, inner=badges, sealed=value)


def _badges(document: Mapping[str, Any], read: Callable[[bytes], Presented]) -> Iterator[Presented]:
    for attachment in many(document.get("attachment"))[:MAX_ATTACHMENTS]:
        content = attachment.get("content") if isinstance(attachment, Mapping) else None
        if not isinstance(content, str):
            continue
        try:
            found = read(base64.b64decode(content, validate=True))
        except (binascii.Error, ValueError):
            continue
        if found.problem is None and found.form in _CARRIED:
            yield found
