"""The formats of wallets: an Open Badge as a JWT, and a micro-credential as an SD-JWT VC.

Shape: the draft of a token is its signing input (with the disclosures after it, for SD-JWT); the
proof is the signature alone, base64url.
"""

from badges import seal, strict_json
from badges.errors import NotSealable, Problem
from badges.ob3.build import build_credential
from badges.ob3.claims import DISCLOSABLE, write_claims
from badges.ob3.vcdm_1 import to_vcdm_1
from badges.proofs import jws, sd_jwt_vc, vc_jwt
from badges.proofs.sd_jwt_vc import Envelope
from did.errors import DidError
from did.jwk import to_jwk
from did.resolve import resolve
from issuer.awarding.format import Facts, Prepared, Seat

__all__ = ["JwtBadge", "SelectiveToken", "vct_of"]
