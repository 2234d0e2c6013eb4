"""Somebody writing at one draft: the desk, and the draft in the address."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData

from issuer.admin.gate import Desk, at
from issuer.catalogue import drafts
from issuer.catalogue.drafts import Author
from issuer.catalogue.drafts_store import Draft
from issuer.db.session import reading
from issuer.organisations.roles import Ability

__all__ = ["Defining", "Everything", "Seeing", "Writing", "author_at", "home"]

Seeing = Annotated[Desk, at(Ability.SEE)]
Defining = Annotated[Desk, at(Ability.DEFINE)]


@dataclass(frozen=True, slots=True)
class AtDraft:
    """A draft that somebody may write at."""

    desk: Desk
    draft: Draft

    @property
    def here(self) -> str:
        """The address of the achievement."""
        return home(self.desk, self.draft.key)


def at_draft(desk: Defining, key: str) -> AtDraft:
    """Return the draft of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    with reading(desk.instance.engine) as connection:
        return AtDraft(desk, drafts.find(connection, desk.organisation, key))


Writing = Annotated[AtDraft, Depends(at_draft)]


async def sent_form(request: Request) -> FormData:
    """Return everything a form sent: its fields depend on what is written."""
    return await request.form()


Everything = Annotated[FormData, Depends(sent_form)]


def author_at(desk: Desk, connection: Connection) -> Author:
    """Return who writes, in this unit of work."""
    return Author(desk.instance, connection, desk.organisation, desk.staff.actor)


def home(desk: Desk, key: str) -> str:
    """Return the address of an achievement at the desk."""
    return f"/staff/o/{desk.organisation.slug}/achievements/{key}"
