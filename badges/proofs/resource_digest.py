"""The fingerprint by which a credential holds on to a document elsewhere.

Spec: VCDM 2.0 §5.3 (integrity of related resources); W3C Subresource Integrity §3.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from badges.errors import BadgeError
from badges.proofs import multibase
from contexts import loader

__all__ = ["fits", "pinned_texts"]

_SRI = {"sha256": 32, "sha384": 48, "sha512": 64}
_MULTIHASH = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
"""Multihash header → hash; VCDM asks for these."""


def pinned_texts(url: str) -> Iterator[bytes]:
    """Give every text of a context that we hold: none for other documents."""
    if loader.known(url):
        for vintage in loader.vintages(url):
            yield loader.read_pinned(vintage.file, vintage.sha256)


def fits(resource: Mapping[str, Any], content: bytes) -> bool:
    """Tell whether every fingerprint the resource carries is that of `content`."""
    sri, multi = resource.get("digestSRI"), resource.get("digestMultibase")
    verdicts = []
    if sri is not None:
        verdicts.append(isinstance(sri, str) and _fits_sri(sri, content))
    if multi is not None:
        verdicts.append(isinstance(multi, str) and _fits_multibase(multi, content))
    return bool(verdicts) and all(verdicts)


def _fits_sri(text: str, content: bytes) -> bool:
    """Tell whether the strongest of the listed hashes fits (SRI §3.3.4)."""
    listed = [entry.partition("-")[::2] for entry in text.split()]
    known = [(name, value.partition("?")[0]) for name, value in listed if name in _SRI]
    if not known:
        return False
    strongest = max((name for name, _ in known), key=lambda name: _SRI[name])
    return any(_equal(value, strongest, content) for name, value in known if name == strongest)


def _equal(value: str, name: str, content: bytes) -> bool:
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(digest, hashlib.new(name, content).digest())


def _fits_multibase(text: str, content: bytes) -> bool:
    try:
        digest = multibase.decode_z(text) if text.startswith("z") else multibase.decode_u(text)
    except BadgeError:
        return False
    name = _MULTIHASH.get(digest[:2])
    if name is None:
        return False
    return hmac.compare_digest(digest[2:], hashlib.new(name, content).digest())
