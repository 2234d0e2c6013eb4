"""What only sealing knows, put into an unsealed credential.

Spec: the Europass issuer writes legal identifier and time of issuing when it seals; so do we.
"""

from collections.abc import Mapping
from typing import Any

from badges.edc.building import Nodes, coded
from badges.errors import MalformedCredential
from badges.proofs.x509 import SealIdentity

__all__ = ["finish"]


def finish(
    document: Mapping[str, Any], is_sealed: bool, identity: SealIdentity, issued: str
) -> dict[str, Any]:
    """Return the credential with time of issuing and, where it lacks one, legal identifier.

    Raises:
        MalformedCredential: it is sealed already.
    """
    if is_sealed:
        raise MalformedCredential("this credential is sealed already; seal the unsealed one")
    finished = {**document, "issuanceDate": issued, "issued": issued}
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping) and "eIDASIdentifier" not in issuer and identity.identifier:
        legal = Nodes().make(
            "LegalIdentifier",
            {"notation": identity.identifier, "spatial": coded("country", identity.country)},
            key="urn:certificateIdentifier:1",
        )
        finished["issuer"] = {**issuer, "eIDASIdentifier": legal}
    return finished
