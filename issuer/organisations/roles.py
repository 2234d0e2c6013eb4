"""What a person is at an organisation, and what that lets them do.

Shape: a role at an organisation holds at everything below it (alliance → members → units).
Who may not even see an organisation is told that it is not there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from issuer.errors import NotAllowed, NotFound
from issuer.organisations import store
from issuer.organisations.model import Organisation
from issuer.organisations.service import is_member_of

__all__ = ["ABILITIES", "Ability", "Grant", "Role", "Staff", "may", "organisations_of", "require"]


class Role(StrEnum):
    """What somebody is."""

    ALLIANCE_ADMIN = "alliance-admin"
    MEMBER_ADMIN = "member-admin"
    COORDINATOR = "coordinator"
    QUALITY_OFFICER = "quality-officer"
    VIEWER = "viewer"


class Ability(StrEnum):
    """What somebody may do."""

    SEE = "see"
    """Read achievements and awards."""

    AWARD = "award"
    """Award, and send the link again."""

    CORRECT = "correct"
    """Revoke, suspend, reinstate."""

    DEFINE = "define"
    """Write and publish achievements."""

    AUDIT = "audit"
    """Read the audit log."""

    APPOINT = "appoint"
    """Invite people and give them roles."""

    BRAND = "brand"
    """Decide how the organisation appears, and what its mails say."""


ABILITIES: Mapping[Role, frozenset[Ability]] = {
    Role.ALLIANCE_ADMIN: frozenset(Ability),
    Role.MEMBER_ADMIN: frozenset(Ability) - {Ability.AUDIT},
    Role.COORDINATOR: frozenset({Ability.SEE, Ability.AWARD, Ability.CORRECT, Ability.DEFINE}),
    Role.QUALITY_OFFICER: frozenset({Ability.SEE, Ability.DEFINE, Ability.AUDIT}),
    Role.VIEWER: frozenset({Ability.SEE}),
}
"""What each role may do."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one organisation."""

    organisation_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is signed in."""

    account_id: int
    name: str
    email: str
    grants: tuple[Grant, ...]

    @property
    def actor(self) -> str:
        """How the audit log names them: never by name or address."""
        return f"account:{self.account_id}"


def may(connection: Connection, staff: Staff, ability: Ability, at: Organisation) -> bool:
    """Tell whether `staff` may do this at `at`."""
    return any(
        ability in ABILITIES[grant.role]
        and is_member_of(connection, at, store.by_id(connection, grant.organisation_id))
        for grant in staff.grants
    )


def require(connection: Connection, staff: Staff, ability: Ability, at: Organisation) -> None:
    """Return if `staff` may do this at `at`.

    Raises:
        NotFound: they may not even see the organisation.
        NotAllowed: they may see it, and not do this.
    """
    if not may(connection, staff, Ability.SEE, at):
        raise NotFound("check the address, or ask for a role at this organisation")
    if not may(connection, staff, ability, at):
        raise NotAllowed(f"ask an administrator of {at.particulars.legal_name} for the role")


def organisations_of(
    connection: Connection, staff: Staff, ability: Ability = Ability.SEE
) -> tuple[Organisation, ...]:
    """Return the organisations at which `staff` may do this, parents first."""
    every: Iterable[Organisation] = store.all_organisations(connection)
    return tuple(found for found in every if may(connection, staff, ability, found))
