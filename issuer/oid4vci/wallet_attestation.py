"""Wallets that show who vouches for them.

Spec: OAuth Attestation-Based Client Authentication §4 and §5, OpenID4VCI 1.0 appendix E.
Shape: header ``OAuth-Client-Attestation`` (by a wallet provider, names the client and its key) and
``OAuth-Client-Attestation-PoP`` (by that key, for us, once). They count only where the
organisation trusts wallet providers; elsewhere they are not announced and not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badges.errors import BadgeError, ProofInvalid
from badges.proofs import jws
from did import jwk
from did.errors import DidError
from did.public_key import PublicKey
from issuer.db.session import unit_of_work
from issuer.oid4vci import access_store
from issuer.oid4vci.desk import Desk
from issuer.oid4vci.dpop import MAX_AGE
from issuer.oid4vci.refusal import Code, Refused

__all__ = ["Attested", "verify_client"]

_ATTESTATION = frozenset({"oauth-client-attestation+jwt"})
_POP = frozenset({"oauth-client-attestation-pop+jwt"})


@dataclass(frozen=True, slots=True)
class Attested:
    """The two headers of a request, as they came."""

    attestation: str | None
    proof: str | None


def verify_client(desk: Desk, sent: Attested, client_id: str | None) -> str | None:
    """Return the client that is vouched for, None where nothing was sent or nobody is trusted.

    Raises:
        Refused: ``invalid_client``.
    """
    if not desk.attesters or (sent.attestation is None and sent.proof is None):
        return None
    try:
        if sent.attestation is None or sent.proof is None:
            raise ProofInvalid("an attestation comes with its proof of possession")
        name, key = _attested(desk, sent.attestation)
        if client_id not in (None, name):
            raise ProofInvalid("client_id is not the client of the attestation")
        mark = _proven(desk, sent.proof, name, key)
    except (BadgeError, DidError) as problem:
        raise Refused(Code.INVALID_CLIENT, str(problem), status=401) from problem
    with unit_of_work(desk.instance.engine) as connection:
        fresh = access_store.spend_marks(connection, [mark], desk.now() + 2 * MAX_AGE)
    if not fresh:
        raise Refused(Code.INVALID_CLIENT, "this proof of possession was used before", status=401)
    return name


def _attested(desk: Desk, token: str) -> tuple[str, PublicKey]:
    read = jws.parse(token, types=_ATTESTATION, headers=frozenset({"kid"}))
    if not any(_signed_by(read, attester) for attester in desk.attesters):
        raise ProofInvalid("the attestation is by no wallet provider trusted here")
    claims = read.claims
    name, expires = claims.get("sub"), claims.get("exp")
    if not isinstance(name, str) or not name:
        raise ProofInvalid("the attestation names no client (sub)")
    if type(expires) not in (int, float) or float(claims["exp"]) <= desk.now().timestamp():
        raise ProofInvalid("the attestation has no exp or has expired")
    confirmed = claims.get("cnf")
    members = confirmed.get("jwk") if isinstance(confirmed, Mapping) else None
    if not isinstance(members, Mapping):
        raise ProofInvalid("the attestation names no key (cnf.jwk)")
    return name, jwk.from_jwk(members)


def _proven(desk: Desk, token: str, client_id: str, key: PublicKey) -> str:
    """Check the proof of possession and return what must not come twice."""
    read = jws.parse(token, types=_POP, headers=frozenset())
    jws.verify(read, key)
    claims: Mapping[str, Any] = read.claims
    issued, name = claims.get("iat"), claims.get("jti")
    if claims.get("aud") not in (desk.site.issuer, [desk.site.issuer]):
        raise ProofInvalid(f"aud of the proof of possession is {desk.site.issuer}")
    if claims.get("iss", client_id) != client_id:
        raise ProofInvalid("iss of the proof of possession is the client")
    if type(issued) not in (int, float) or not isinstance(name, str) or not name:
        raise ProofInvalid("the proof of possession has iat and jti")
    if abs(desk.now().timestamp() - float(claims["iat"])) > MAX_AGE.total_seconds():
        raise ProofInvalid("the proof of possession is too old or from the future")
    return f"attestation {jwk.thumbprint(key)} {name}"


def _signed_by(read: jws.Jws, key: PublicKey) -> bool:
    try:
        jws.verify(read, key)
    except ProofInvalid:
        return False
    return True
