"""An organisation as an Open Badges profile.

Spec: Open Badges 3.0, Profile, Address, IdentifierEntry.
"""

from collections import OrderedDict
from typing import Any

import orjson

from badges.award import Organisation

__all__ = ["build_profile", "write_profile"]

MOST_WRITTEN = 64
"""Profiles that are kept as they were written: a cohort shares one."""

_WRITTEN: OrderedDict[tuple[int, str], tuple[Organisation, bytes]] = OrderedDict()


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


def write_profile(organisation: Organisation, profile_id: str) -> bytes:
    """Return the same as JSON, written once for all who ask with this very object."""
    key = id(organisation), profile_id
    known = _WRITTEN.get(key)
    if known is None:  # the organisation is kept beside its text, so that its id stays its own
        known = _WRITTEN[key] = organisation, orjson.dumps(build_profile(organisation, profile_id))
        if len(_WRITTEN) > MOST_WRITTEN:
            _WRITTEN.popitem(last=False)
    return known[1]


def _address(organisation: Organisation) -> dict[str, Any]:
    address: dict[str, Any] = {**organisation.address}
    if organisation.country:
        address["addressCountryCode"] = organisation.country
    if organisation.region:
        address["addressRegion"] = organisation.region
    return {"type": ["Address"], **address} if address else {}
