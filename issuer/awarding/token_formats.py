"""The formats of wallets: an Open Badge as a JWT, and a micro-credential as an SD-JWT VC.

Shape: the draft of a token is its signing input (with the disclosures after it, for SD-JWT); the
proof is the signature alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from badges.errors import MalformedCredential
from badges.ob3.build import build_credential
from badges.ob3.claims import DISCLOSABLE, write_claims
from badges.ob3.vcdm_1 import to_vcdm_1
from badges.proofs import jws, sd_jwt_vc, vc_jwt
from badges.proofs.sd_jwt_vc import Envelope
from badges.seal import prepare
from did.jwk import to_jwk
from did.resolve import resolve
from issuer.awarding.format import Facts, Prepared, Seat

__all__ = ["JwtBadge", "SelectiveToken", "vct_of"]


def vct_of(achievement_uri: str) -> str:
    """Return the type of an achievement's SD-JWT VCs: an address beside the achievement's own."""
    place, _, key = achievement_uri.rpartition("/achievements/")
    return f"{place}/vct/{key}" if place else achievement_uri


class JwtBadge:
    """An Open Badge as a signed token, in the data model that ``jwt_vc_json`` wallets know."""

    media_type = "application/jwt"
    extension = "jwt"

    def draft(self, facts: Facts, seat: Seat) -> bytes:
        """Write header and payload."""
        badge = build_credential(facts.award, **facts.of_badge(seat.did))
        return vc_jwt.draft(to_vcdm_1(badge), seat.signer).encode("ascii")

    def prepare(self, draft: bytes, seat: Seat, now: datetime) -> Prepared:
        """Check claims, rules, meaning and key."""
        parsed = vc_jwt.parse(f"{draft.decode('ascii')}.")
        _check_header(parsed.header, seat)
        method = seat.signer.verification_method
        checked = prepare(parsed.credential, issuer_document=seat.document, method=method, now=now)
        return Prepared(draft, checked)

    def sign(self, prepared: Prepared, seat: Seat, created: datetime) -> bytes:
        """Return the signature of exactly these bytes."""
        del created  # the token's dates are in its draft
        return seat.signer.sign(prepared.draft)

    def join(self, draft: bytes, proof: bytes) -> bytes:
        """Put the signature behind the last dot."""
        return draft + b"." + jws.b64url_encode(proof).encode("ascii")


class SelectiveToken:
    """A micro-credential whose holder may keep their name and grade back (``dc+sd-jwt``)."""

    media_type = "application/dc+sd-jwt"
    extension = "sd-jwt"

    def draft(self, facts: Facts, seat: Seat) -> bytes:
        """Write header, payload and disclosures; the salts are drawn here, once."""
        claims = write_claims(facts.award, facts.credential_id)
        validity = facts.award.achievement.validity
        envelope = Envelope(
            vct=vct_of(facts.award.achievement.id),
            issued_at=facts.valid_from,
            holder_jwk=_holder_jwk(facts.holder),
            status=_reference(facts.status),
            expires=None if validity is None else facts.valid_from + validity,
        )
        hidden = [path for path in DISCLOSABLE if path[0] in claims]
        return sd_jwt_vc.draft(claims, seat.signer, envelope, disclosable=hidden).encode("ascii")

    def prepare(self, draft: bytes, seat: Seat, now: datetime) -> Prepared:
        """Check claims, disclosures and key."""
        parsed = sd_jwt_vc.parse(sd_jwt_vc.join(draft.decode("ascii"), b""))
        _check_header(parsed.header, seat)
        seat.document.authorised(seat.signer.verification_method, "assertionMethod", now)
        return Prepared(draft, parsed)

    def sign(self, prepared: Prepared, seat: Seat, created: datetime) -> bytes:
        """Return the signature of header and payload; the disclosures are under their digests."""
        del created  # the token's dates are in its draft
        return seat.signer.sign(prepared.draft.partition(b"~")[0])

    def join(self, draft: bytes, proof: bytes) -> bytes:
        """Put the signature before the first disclosure."""
        return sd_jwt_vc.join(draft.decode("ascii"), proof).encode("ascii")


def _check_header(header: Mapping[str, Any], seat: Seat) -> None:
    """Refuse a draft that was written for another key than the one that is to sign it."""
    signer = seat.signer
    if (header.get("kid"), header["alg"]) != (signer.verification_method, signer.algorithm):
        raise MalformedCredential("the draft names another key than the one that signs")


def _holder_jwk(holder: str) -> Mapping[str, Any] | None:
    if not holder:
        return None
    (method, *_) = resolve(holder, {}).methods("authentication")
    return to_jwk(method.public_key)


def _reference(status: Mapping[str, Any] | None) -> tuple[str, int] | None:
    """Return the same place in the same list, in its form for tokens."""
    if status is None:
        return None
    return f"{status['statusListCredential']}/token", int(status["statusListIndex"])
