"""Which reader takes a signed token: by the ``typ`` in its header, and by what it holds.

Spec: VC-JOSE-COSE §3; SD-JWT VC §2.2. The word ``vc+sd-jwt`` has two meanings: a credential of the
      W3C data model, and an SD-JWT VC of before November 2024, which has a ``vct`` and no context.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from badges import strict_json
from badges.proofs import jws, sd_jwt_vc, vc_jwt, vc_sd_jwt
from badges.verify.presented import Form

__all__ = ["parsed", "read_sd_jwt", "type_of"]


def type_of(token: str) -> object:
    """Return the ``typ`` of a token, not yet believed.

    Raises:
        MalformedCredential: its header cannot be read.
    """
    header = strict_json.loads(jws.b64url_decode(token.partition(".")[0]))
    return header.get("typ") if isinstance(header, Mapping) else None


def read_sd_jwt(text: str) -> tuple[Form, Mapping[str, Any]]:
    """Return what kind of SD-JWT a text is, and the document in it.

    Raises:
        MalformedCredential: none we read.
        ProofInvalid: a header that is not accepted, or disclosures that do not fit.
    """
    kind = type_of(text)
    if kind == vc_sd_jwt.PRESENTATION:
        return Form.PRESENTATION, vc_sd_jwt.parse(text).document
    if kind == vc_sd_jwt.CREDENTIAL and not _is_sd_jwt_vc(text):
        return Form.VC_SD_JWT, vc_sd_jwt.parse(text).document
    return Form.SD_JWT_VC, _sd_jwt_vc(text).claims


@lru_cache(maxsize=32)
def parsed(form: Form, token: str) -> jws.Jws:
    """Read the signed part of a token; several checks ask for the same one in a row.

    Raises:
        MalformedCredential, ProofInvalid: see the reader of the form.
    """
    if form is Form.SD_JWT_VC:
        return _sd_jwt_vc(token).jws
    if "~" in token:
        return vc_sd_jwt.parse(token).jws
    if form is Form.PRESENTATION:
        return vc_jwt.parse_presentation(token)
    return vc_jwt.parse(token).jws


def _sd_jwt_vc(text: str) -> sd_jwt_vc.ParsedSdJwtVc:
    legacy = type_of(text) == sd_jwt_vc.LEGACY
    return sd_jwt_vc.parse(text, typ=sd_jwt_vc.LEGACY if legacy else sd_jwt_vc.TYP)


def _is_sd_jwt_vc(text: str) -> bool:
    payload = strict_json.loads(jws.b64url_decode((text.split(".") * 2)[1]))
    return isinstance(payload, Mapping) and "vct" in payload and "@context" not in payload
