"""An organisation as an Open Badges profile.

Spec: Open Badges 3.0, Profile, Address, IdentifierEntry.
"""

from typing import Any

from badges.award import Organisation

__all__ = ["build_profile"]


def build_profile(organisation: Organisation, profile_id: str) -> dict[str, Any]:
    """Return the profile of `organisation` under the id it signs with."""
    profile: dict[str, Any] = {
        "id": profile_id,
        "type": ["Profile"],
        "name": organisation.legal_name,
    }
    if organisation.homepage:
        profile["url"] = organisation.homepage
    if organisation.email:
        profile["email"] = organisation.email
    if organisation.logo:
        profile["image"] = {"id": organisation.logo, "type": "Image"}
    if address := _address(organisation):
        profile["address"] = address
    if organisation.identifiers:
        profile["otherIdentifier"] = [
            {
                "type": "IdentifierEntry",
                "identifier": identifier.value,
                "identifierType": f"ext:{identifier.scheme}",
            }
            for identifier in organisation.identifiers
        ]
    if organisation.parent:
        parent = organisation.parent
        profile["parentOrg"] = build_profile(parent, parent.did or parent.homepage or profile_id)
    return profile


def _address(organisation: Organisation) -> dict[str, Any]:
    address: dict[str, Any] = {**organisation.address}
    if organisation.country:
        address["addressCountryCode"] = organisation.country
    if organisation.region:
        address["addressRegion"] = organisation.region
    return {"type": ["Address"], **address} if address else {}
