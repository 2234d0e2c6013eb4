"""Seal one text with the organisation's e-seal, have it timestamped, and check what came out.

Shape: the text is sealed as it stands; whether it is fit to be sealed (`badges.edc.rules`) and who
       may ask is decided before. Nothing leaves that our own verifier refuses.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from badges.proofs import jades
from badges.proofs.jades import NO_LIST, Level, SealKey, timestamp
from badges.proofs.x509 import (
    SealIdentity,
    expires_in,
    is_test_certificate,
    issuer_from_certificate,
)
from issuer.errors import SelfCheckFailed

__all__ = ["Sealer", "Timestamps"]

Timestamps = Callable[[bytes], bytes]
"""Carries an RFC 3161 query to an authority and its answer back."""

NONCE_BITS = 63


@dataclass(frozen=True, slots=True)
class Sealer:
    """A seal key and, where there is one, the timestamp authority that goes with it."""

    key: SealKey
    timestamps: Timestamps | None = None
    """Without it seals are B-B: they cannot be checked once the certificate has expired."""

    nonce: Callable[[], int] = field(default=lambda: secrets.randbits(NONCE_BITS))

    @property
    def identity(self) -> SealIdentity:
        """Whom the certificate names: what an EDC's issuer has to repeat."""
        return issuer_from_certificate(self.key.certificate_chain[0])

    @property
    def is_test(self) -> bool:
        """Tell whether this is a throw-away seal that nobody vouches for."""
        return is_test_certificate(self.key.certificate_chain[0])

    def expires_in(self, now: datetime) -> timedelta:
        """Return how long the certificate is still good for; negative when it has expired."""
        return expires_in(self.key.certificate_chain[0], now)

    def seal(self, text: str, now: datetime) -> bytes:
        """Return the sealed file: B-T where there is a timestamp authority, else B-B.

        Raises:
            NotSealable: the text is no JSON object, or the certificate is not fit to seal.
            TimestampInvalid: the authority's answer is not good.
            TimestampUnavailable: the authority does not answer.
            SelfCheckFailed: our own verifier refuses the result.
        """
        sealed = jades.sign_b(text, self.key, now)
        if self.timestamps is not None:
            message, nonce = jades.timestamp_input(sealed), self.nonce()
            answer = self.timestamps(timestamp.request(message, nonce))
            token = timestamp.read_response(answer, message, nonce)
            sealed = jades.add_timestamp(sealed, token)
        octets = jades.seal_bytes(sealed)
        self._check(octets, text, now)
        return octets

    def _check(self, octets: bytes, text: str, now: datetime) -> None:
        report = jades.verify(octets, NO_LIST, now)
        wanted = Level.T if self.timestamps is not None else Level.B
        if not report.is_intact or report.level is not wanted or report.payload != text:
            codes = ", ".join(report.failures()) or f"level {report.level}"
            raise SelfCheckFailed(f"the new seal does not verify: {codes}")
