"""How each credential format is drafted, sealed and put together.

Shape: a draft is the exact bytes to be signed; signing yields a proof, kept apart; `join` makes the
document of both, always the same bytes. A new format is one class and one line in `FORMATS`.
"""

from datetime import datetime
from typing import Any

import orjson

from badges.ob3.build import write_credential
from badges.seal import prepare_text, prove, sign
from issuer.awarding.format import Facts, Format, Prepared, Seat
from issuer.awarding.token_formats import JwtBadge, SelectiveToken
from issuer.errors import StoredBytesChanged

__all__ = ["FORMATS", "Facts", "Format", "Prepared", "Seat"]


class EmbeddedProof:
    """An Open Badge 3.0 with a Data Integrity proof inside (``ldp_vc``)."""

    media_type = "application/vc"
    extension = "json"
    suite = "eddsa-rdfc-2022"

    def draft(self, facts: Facts, seat: Seat) -> bytes:
        """Write the unsigned badge."""
        return write_credential(facts.award, **facts.of_badge(seat.did))

    def prepare(self, draft: bytes, seat: Seat, now: datetime) -> Prepared:
        """Check schema, rules, meaning and key."""
        checked = prepare_text(
            draft,
            issuer_document=seat.document,
            method=seat.signer.verification_method,
            now=now,
        )
        return Prepared(draft, checked)

    def sign(self, prepared: Prepared, seat: Seat, created: datetime) -> bytes:
        """Sign, and see that nothing but a proof was added."""
        how: Any = {"suite": self.suite, "created": created}
        how["look"] = False  # the own check, which comes next, looks at the signature
        proof = prove(prepared.checked, seat.signer, **how)
        if proof is not None:
            return proof
        signed = sign(prepared.checked, seat.signer, **how)
        proof = orjson.dumps(signed["proof"])
        if orjson.dumps(signed) != self.join(prepared.draft, proof):
            raise StoredBytesChanged("what was signed is not what was stored")
        return proof

    def join(self, draft: bytes, proof: bytes) -> bytes:
        """Put the proof in as the last member."""
        return draft[:-1] + b',"proof":' + proof + b"}"


FORMATS: dict[str, Format] = {
    "ldp_vc": EmbeddedProof(),
    "jwt_vc_json": JwtBadge(),
    "dc+sd-jwt": SelectiveToken(),
}
"""Format name (as in OpenID4VCI) → how it is made."""
