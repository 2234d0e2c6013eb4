"""Requests and answers that only their reader can open.

Spec: OpenID4VCI 1.0 §10 (encrypted requests and answers), RFC 7516 (JWE), RFC 7518 §4.6 (ECDH-ES).
Shape: compact JWE as ``application/jwt``; key agreement ECDH-ES on P-256, content AES-GCM.
Errors are never encrypted.
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwcrypto.common import JWException
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from badges import strict_json
from did import jwk as public_jwk
from did.errors import DidError
from issuer.oid4vci.messages import ResponseEncryption
from issuer.oid4vci.refusal import Code, Refused

__all__ = [
    "create_request_parameters",
    "create_response_parameters",
    "decrypt_request",
    "derive_key",
    "encrypt_answer",
    "public_members",
    "verify_parameters",
]

ALGORITHM = "ECDH-ES"
CONTENT = ("A128GCM", "A256GCM")
_PUBLIC = frozenset({"kty", "crv", "x", "y"})
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256: a secret number is below it."""


def derive_key(secret: bytes, organisation: int) -> JWK:
    """Return the organisation's decryption key, the same in every process of the service."""
    stream = HKDF(hashes.SHA256(), 48, None, f"oid4vci encryption {organisation}".encode())
    number = int.from_bytes(stream.derive(secret)) % (_ORDER - 1) + 1
    return JWK.from_pyca(ec.derive_private_key(number, ec.SECP256R1()))


def public_members(key: JWK) -> dict[str, Any]:
    """Return the public half for the metadata, with ``kid``, ``use`` and ``alg``."""
    members: dict[str, Any] = key.export_public(as_dict=True)
    return {**members, "kid": key.thumbprint(), "use": "enc", "alg": ALGORITHM}


def create_request_parameters(public: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``credential_request_encryption`` of the metadata."""
    return {
        "jwks": {"keys": [dict(public)]},
        "enc_values_supported": list(CONTENT),
        "encryption_required": False,
    }


def create_response_parameters() -> dict[str, Any]:
    """Return ``credential_response_encryption`` of the metadata."""
    return {
        "alg_values_supported": [ALGORITHM],
        "enc_values_supported": list(CONTENT),
        "encryption_required": False,
    }


def decrypt_request(token: bytes, key: JWK) -> bytes:
    """Return the JSON text inside an encrypted request.

    Raises:
        Refused: ``invalid_encryption_parameters``.
    """
    try:
        envelope = JWE(algs=[ALGORITHM, *CONTENT])
        envelope.deserialize(token.decode("ascii"))
        header = envelope.jose_header
        if header.get("kid", key.thumbprint()) != key.thumbprint():
            raise Refused(Code.INVALID_ENCRYPTION_PARAMETERS, "kid is not our encryption key")
        if "zip" in header:
            raise Refused(Code.INVALID_ENCRYPTION_PARAMETERS, "zip is not supported")
        envelope.decrypt(key)
        payload: bytes = envelope.payload
    except (JWException, ValueError, TypeError) as error:
        raise Refused(
            Code.INVALID_ENCRYPTION_PARAMETERS, "the request cannot be decrypted with our key"
        ) from error
    return payload


def verify_parameters(wanted: ResponseEncryption | None, *, request_encrypted: bool) -> None:
    """Check that an answer can be encrypted as the wallet wants.

    Raises:
        Refused: ``invalid_encryption_parameters``.
    """
    if wanted is None:
        return
    problem = None
    if not request_encrypted:
        problem = "an encrypted answer needs an encrypted request (§8.2)"
    elif wanted.jwk.get("alg") != ALGORITHM:
        problem = f"alg in jwk is {ALGORITHM}"
    elif wanted.enc not in CONTENT:
        problem = f"enc is one of {', '.join(CONTENT)}"
    elif wanted.zip is not None:
        problem = "zip is not supported"
    elif wanted.jwk.get("crv") != "P-256":
        problem = "jwk is a key on P-256"
    if problem is not None:
        raise Refused(Code.INVALID_ENCRYPTION_PARAMETERS, problem)
    _recipient(wanted)


def encrypt_answer(answer: Mapping[str, Any], wanted: ResponseEncryption) -> str:
    """Return `answer` so that only the wallet's key opens it."""
    header = {"alg": ALGORITHM, "enc": wanted.enc}
    if isinstance(wanted.jwk.get("kid"), str):
        header["kid"] = wanted.jwk["kid"]
    envelope = JWE(strict_json.dumps(answer), json.dumps(header), recipient=_recipient(wanted))
    text: str = envelope.serialize(compact=True)
    return text


def _recipient(wanted: ResponseEncryption) -> JWK:
    members: dict[str, Any] = {k: v for k, v in wanted.jwk.items() if k in _PUBLIC}
    try:
        public_jwk.from_jwk(members)
        return JWK(**members)
    except (DidError, JWException, ValueError, TypeError) as error:
        raise Refused(Code.INVALID_ENCRYPTION_PARAMETERS, "jwk is no public key") from error
