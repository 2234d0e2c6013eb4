"""The same badge in the words of the first data model, for wallets that know no other.

Spec: VC Data Model 1.1 §4.6 (``issuanceDate``, ``expirationDate``), §6.3.1 (in a JWT).
Wallets that say ``jwt_vc_json`` mean this: the first context and dates to the second.
"""

from collections.abc import Mapping
from typing import Any

from badges.credential import V1, V2

__all__ = ["to_vcdm_1"]

STATUS_CONTEXT = "https://www.w3.org/ns/credentials/status/v1"
"""Words of the status entry, which the second data model has built in."""

_RENAMED = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}


def to_vcdm_1(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return an unsigned VCDM 2.0 credential as VCDM 1.1; nothing is lost."""
    renamed = {_RENAMED.get(name, name): value for name, value in credential.items()}
    contexts = [V1 if one == V2 else one for one in credential["@context"]]
    return {**renamed, "@context": [*contexts, STATUS_CONTEXT]}
