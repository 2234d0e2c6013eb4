"""A signature over a signature: does it fit the one it hangs on?

Spec: ETSI TS 119 182-1 §5.3.2 (``cSig``): a JWS whose payload is the signature value.
"""

from collections.abc import Mapping

from badges.errors import MalformedCredential
from badges.proofs.jades import header as headers
from badges.proofs.jades.algorithms import is_signed_by
from badges.proofs.jades.encoding import from_b64url
from badges.proofs.jades.references import chain_in, signing_certificate
from badges.proofs.jades.report import Finding, Outcome
from badges.proofs.jades.serialization import SignaturePart, read

__all__ = ["counter_signature"]

_CHECK = "counter-signature"


def counter_signature(value: object, countersigned: SignaturePart) -> Finding:
    """Check one counter-signature; its owner is not judged."""
    try:
        fits = _fits(value, countersigned)
    except MalformedCredential as error:
        return Finding(_CHECK, Outcome.FAILED, "counter-signature-malformed", str(error))
    if fits:
        return Finding(_CHECK, Outcome.PASSED, "counter-signature-valid")
    detail = "it was not made over this seal"
    return Finding(_CHECK, Outcome.FAILED, "counter-signature-invalid", detail)


def _fits(value: object, countersigned: SignaturePart) -> bool:
    if not isinstance(value, str | Mapping):
        raise MalformedCredential("a counter-signature must be a JWS")
    jws = read(value)
    if jws.payload and jws.payload != countersigned.signature:
        return False
    (part,) = jws.signatures if len(jws.signatures) == 1 else (None,)
    if part is None:
        raise MalformedCredential("a counter-signature has one signature")
    header = headers.read(part.protected)
    certificate = signing_certificate(header.members, chain_in(header.members), ())
    message = f"{part.protected}.{countersigned.signature}".encode()
    key = certificate.public_key()
    return is_signed_by(key, header.algorithm, message, from_b64url(part.signature))
