"""The audit log: readable, filtered, taken along as a file, and the check of the whole chain."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import Connection

from issuer.admin.gate import SignedIn, form_page
from issuer.admin.titles import title_of
from issuer.admin.words import act_words
from issuer.audit.search import Wanted, export, search
from issuer.audit.service import verify
from issuer.catalogue import store as catalogue
from issuer.db.session import reading
from issuer.errors import AuditBroken
from issuer.instance import Instance
from issuer.organisations import accounts_store
from issuer.organisations.roles import Ability, Staff, require
from issuer.organisations.service import root
from issuer.web import instance_of
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(prefix="/staff/audit", include_in_schema=False)

SHOWN = 100
ACHIEVEMENT = "achievement."


class Filter(BaseModel):
    """What the form says; an empty field does not narrow."""

    model_config = ConfigDict(frozen=True)

    q: Annotated[str, Field(max_length=200)] = ""
    actor: Annotated[str, Field(max_length=200)] = ""
    action: Annotated[str, Field(max_length=60)] = ""
    subject: Annotated[str, Field(max_length=300)] = ""
    since: date | None = None
    until: date | None = None
    before: Annotated[int | None, Field(ge=1, le=2**62)] = None
    check: bool = False

    @field_validator("since", "until", "before", mode="before")
    @classmethod
    def _nothing_is_none(cls, value: Any) -> Any:
        return None if value == "" else value

    def wanted(self) -> Wanted:
        """Return which lines are meant; the last day is meant whole."""
        return Wanted(
            actor=self.actor.strip(),
            action=self.action.strip(),
            subject=self.subject.strip(),
            words=self.q.strip(),
            since=_begins(self.since) if self.since else None,
            until=_begins(self.until) + timedelta(days=1) if self.until else None,
        )

    def query(self) -> dict[str, str]:
        """Return the fields that narrow, for links."""
        names = ("q", "actor", "action", "subject", "since", "until")
        return {name: str(value) for name in names if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read the log."""

    instance: Instance
    staff: Staff


def reader(request: Request, staff: SignedIn) -> Reader:
    """Return who reads, if they may: the log is the alliance's."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        require(connection, staff, Ability.AUDIT, root(connection))
    return Reader(instance, staff)


Reading = Annotated[Reader, Depends(reader)]


@router.get("")
def read(request: Request, who: Reading, asked: Annotated[Filter, Query()]) -> HTMLResponse:
    """Show the newest lines that fit; `check` walks the whole chain."""
    with reading(who.instance.engine) as connection:
        found = search(connection, asked.wanted(), asked.before, SHOWN)
        names = names_of(connection, {line["actor"] for line in found.lines})
        titles = titles_in(connection, found.lines)
    checked, broken = checked_chain(who.instance) if asked.check else (None, "")
    return form_page(
        request,
        "admin/audit.html",
        staff=who.staff,
        lines=[line | {"at": _moment(line["at"])} for line in found.lines],
        older=found.older,
        names=names,
        titles=titles,
        asked=asked,
        acts=act_words(),
        checked=checked,
        broken=broken,
    )


@router.get("/lines.jsonl")
def take(who: Reading, asked: Annotated[Filter, Query()]) -> StreamingResponse:
    """Send the lines that fit exactly as they are written, oldest first."""

    def lines() -> Iterator[bytes]:
        with reading(who.instance.engine) as connection:
            yield from export(connection, asked.wanted())

    disposition = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(lines(), media_type="application/jsonl", headers=PRIVATE | disposition)


def checked_chain(instance: Instance) -> tuple[Any, str]:
    """Walk the chain: how far it goes, or which line is not right."""
    try:
        return verify(instance.engine), ""
    except AuditBroken as error:
        return None, str(error)


def names_of(connection: Connection, actors: set[str]) -> dict[str, str]:
    """Return the names of the accounts among these actors; the log itself has only numbers."""
    numbers = [int(n) for actor in actors if (n := actor.removeprefix("account:")).isdigit()]
    return {f"account:{n}": name for n, name in accounts_store.names(connection, numbers).items()}


def titles_in(connection: Connection, lines: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the titles of the achievements these lines are about; the log has only their keys."""
    about = {str(line["subject"]) for line in lines if str(line["action"]).startswith(ACHIEVEMENT)}
    found = {key: catalogue.latest(connection, key) for key in about}
    return {key: title_of(version) for key, version in found.items() if version}


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
