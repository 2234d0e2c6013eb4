"""JAdES: e-seals over JSON documents, made (B-B, B-T) and checked (B-B to B-LTA).

Spec: ETSI TS 119 182-1. Rooms within: `serialization` → `header`, `references`, `unsigned` →
      `timestamp`, `path`, `revocation` → `stamps`, `judgement` → `verify`; `sign` stands apart.
"""

from badges.proofs.jades.report import Finding, JadesReport, Level, Outcome, SealTrust
from badges.proofs.jades.serialization import is_sealed, sealed_text
from badges.proofs.jades.sign import SealKey, add_timestamp, seal_bytes, sign_b, timestamp_input
from badges.proofs.jades.trust import NO_LIST, TrustAnchors, TrustList
from badges.proofs.jades.verify import verify

__all__ = [
    "NO_LIST",
    "Finding",
    "JadesReport",
    "Level",
    "Outcome",
    "SealKey",
    "SealTrust",
    "TrustAnchors",
    "TrustList",
    "add_timestamp",
    "is_sealed",
    "seal_bytes",
    "sealed_text",
    "sign_b",
    "timestamp_input",
    "verify",
]
