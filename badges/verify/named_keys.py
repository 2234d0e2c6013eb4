"""Whom a document says it is signed by, and which keys it names: before anything is checked."""

from badges.credential import OBJECT, issuer_id, many, node_id
from badges.verify.keys import is_web
from badges.verify.presented import Form, Presented
from badges.verify.tokens import parsed
from badges.verify.web_keys import jwks_url

__all__ = ["issuer_of", "methods", "named_key"]

_MAY_EMBED = (Form.EMBEDDED, Form.PRESENTATION)
"""Forms whose proofs may stand in the document."""

_SIGNER = {Form.SD_JWT_VC: "iss", Form.PRESENTATION: "holder"}
"""Which member names who signs, where it is not ``issuer``."""


def issuer_of(presented: Presented) -> str | None:
    """Return whose key should have signed: the issuer, or the holder of a presentation."""
    claim = _SIGNER.get(presented.form)
    if claim is not None:
        return node_id(presented.document.get(claim))
    return issuer_id(presented.document)


def methods(presented: Presented) -> tuple[str, ...]:
    """Name the keys that the proofs of `presented` ask for."""
    if presented.form in _MAY_EMBED and not presented.token:
        proofs = many(presented.document.get("proof"))
        found = [p.get("verificationMethod") for p in proofs if isinstance(p, OBJECT)]
        return tuple([m for m in found if isinstance(m, str)])
    if presented.token and presented.problem is None:
        name = named_key(presented)
        return (name,) if name else ()
    return ()


def named_key(presented: Presented) -> str | None:
    """Return the address of the key a token names; an inner ``jwk`` is looked up, not believed."""
    kid, issuer = parsed(presented.form, presented.token).header.get("kid"), issuer_of(presented)
    if kid is None:
        return issuer
    if not kid or ":" in kid or issuer is None:
        return str(kid)
    # A name that is no address: of a key in the issuer's document, or in the JWKS of its server.
    owner = jwks_url(issuer) if is_web(issuer) and not kid.startswith("#") else issuer
    return f"{owner}#{kid.removeprefix('#')}"
