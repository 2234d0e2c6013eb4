"""Who outside took part in writing an achievement of this service: told beside its credentials.

A stranger can name our achievement in a badge of their own: nothing is told unless the credential
is genuine and its issuer is the owner of the achievement, or an organisation over it.
"""

from collections.abc import Mapping
from typing import Any

from issuer.catalogue import store
from issuer.catalogue.reviews import constructed_with
from issuer.catalogue.reviews_store import SignOff
from issuer.db.session import reading
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.service import is_member_of

__all__ = ["co_constructors"]

GENUINE = frozenset({"valid", "genuine_with_remarks"})


def co_constructors(instance: Instance, report: Mapping[str, Any]) -> list[SignOff]:
    """Return who signed off the very version of the achievement that a report is about."""
    content = report["credential"]
    achievement, issuer = content.get("achievement") or {}, content.get("issuer") or {}
    slug, _, key = (
        str(achievement.get("id", ""))
        .removeprefix(f"{instance.settings.origin}/o/")
        .partition("/achievements/")
    )
    number = str(achievement.get("version", ""))
    if report["verdict"] not in GENUINE or not (key and number.isdecimal()):
        return []
    try:
        with reading(instance.engine) as connection:
            owner = organisations.by_slug(connection, slug)
            signer = organisations.by_did(connection, str(issuer.get("id", "")))
            if not is_member_of(connection, owner, signer):
                return []
            found = [v for v in store.versions_of(connection, key) if str(v.number) == number]
            if not found or found[0].organisation_id != owner.id:
                return []
            return constructed_with(connection, owner, key, found[0].digest)
    except NotFound:
        return []
