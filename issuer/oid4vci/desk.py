"""One organisation's counter for wallets: everything a request to it needs, gathered once."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from jwcrypto.jwk import JWK
from sqlalchemy import Connection, or_, select

from did import jwk
from did.public_key import PublicKey
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.catalogue import store as catalogue
from issuer.db.secret import secret
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import achievement, organisation
from issuer.instance import Instance
from issuer.oid4vci import compat, encryption, store
from issuer.oid4vci.metadata import Site
from issuer.oid4vci.model import Configuration, Format
from issuer.oid4vci.tickets import Tickets
from issuer.organisations import store as organisations
from issuer.organisations.model import Organisation

__all__ = ["Desk", "configuration_id", "desk_at_hand", "open_desk", "switch"]

FRESH = 1.0
"""Seconds a gathered desk is used again: a wallet asks many things in a row."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An organisation with its clock, its store, its secrets and what it offers."""

    instance: Instance
    organisation: Organisation
    site: Site
    key: bytes = field(repr=False)
    """Random key of this service: tickets and keyed hashes are made with it."""

    configurations: Mapping[str, Configuration]
    switches: frozenset[str] = frozenset()
    attesters: tuple[PublicKey, ...] = ()
    written: dict[tuple[str, bool], tuple[bytes, dict[str, str]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Its metadata as text, with headers, by the languages wished for: as old as the desk."""

    @property
    def tickets(self) -> Tickets:
        """Return the organisation's ticket office."""
        return Tickets(self.key, self.organisation.id)

    @property
    def encryption_key(self) -> JWK:
        """Return the key that wallets encrypt requests to."""
        return _encryption_key(self.key, self.organisation.id)

    def now(self) -> datetime:
        """Return the time now."""
        return self.instance.now()


def open_desk(instance: Instance, slug: str) -> Desk:
    """Return what a request to an organisation needs, as it was at most `FRESH` seconds ago.

    Raises:
        NotFound: there is no such organisation.
    """
    desk = desk_at_hand(instance, slug)
    if desk is None:
        desk = _gather(instance, slug)
        instance.kept[f"oid4vci desk {slug}"] = (time.monotonic(), desk)
    return desk


def desk_at_hand(instance: Instance, slug: str) -> Desk | None:
    """Return the same without asking the store, None when it must be asked."""
    kept: tuple[float, Desk] | None = instance.kept.get(f"oid4vci desk {slug}")
    return kept[1] if kept and time.monotonic() - kept[0] < FRESH else None


def switch(
    instance: Instance, slug: str, switches: str, attesters: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Set which dialects an organisation tolerates and which wallet providers it trusts.

    Raises:
        ValueError: a switch that does not exist.
        InvalidKey: an attester that is no public JWK.
    """
    compat.parse_switches(switches)
    for members in attesters:
        jwk.from_jwk(members)
    with unit_of_work(instance.engine) as connection:
        found = organisations.by_slug(connection, slug)
        store.set_profile(connection, found.id, switches, attesters)
        event = Event("staff", "oid4vci.switched", found.did, {"switches": switches})
        append(connection, [event], instance.now())
    instance.kept.pop(f"oid4vci desk {slug}", None)


def _gather(instance: Instance, slug: str) -> Desk:
    with reading(instance.engine) as connection:
        found = organisations.by_slug(connection, slug)
        switches, attesters = store.profile(connection, found.id)
        configurations = _configurations(connection, found.id)
    trusted = tuple(jwk.from_jwk(members) for members in attesters)
    return Desk(
        instance,
        found,
        _site(instance, found, attestations=bool(trusted)),
        _service_key(instance),
        configurations,
        compat.parse_switches(switches),
        trusted,
    )


def configuration_id(achievement_key: str, form: Format) -> str:
    """Return the name of an achievement in a format, as the metadata lists it."""
    return f"{achievement_key}_{form}"


def _service_key(instance: Instance) -> bytes:
    kept: bytes | None = instance.kept.get("oid4vci")
    if kept is None:
        with unit_of_work(instance.engine) as connection:
            kept = secret(connection, "oid4vci", instance.now())
        instance.kept["oid4vci"] = kept
    return kept


def _site(instance: Instance, found: Organisation, *, attestations: bool) -> Site:
    particulars = found.particulars
    return Site(
        origin=instance.settings.origin,
        slug=found.slug,
        name={"en": particulars.legal_name},
        attestations=attestations,
    )


def _configurations(connection: Connection, organisation_id: int) -> dict[str, Configuration]:
    """Return what the organisation may offer: its own achievements and those below it."""
    rows = connection.execute(
        select(achievement.c.key, achievement.c.id, organisation.c.slug)
        .join(organisation, organisation.c.id == achievement.c.organisation_id)
        .where(
            or_(organisation.c.id == organisation_id, organisation.c.parent_id == organisation_id)
        )
        .order_by(achievement.c.key, achievement.c.version)
    )
    newest = {row.key: (row.id, row.slug) for row in rows}
    listed: dict[str, Configuration] = {}
    for key, (number, body) in newest.items():
        entry = catalogue.by_number(connection, number).entry
        for form in Format:
            name = configuration_id(key, form)
            listed[name] = Configuration(
                name, form, key, body, dict(entry.title), dict(entry.description), entry.image
            )
    return listed


@lru_cache(maxsize=256)
def _encryption_key(key: bytes, organisation_id: int) -> JWK:
    return encryption.derive_key(key, organisation_id)
