"""`revoke`, `suspend`, `reinstate` and `status`: what an office does."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from badges.credential import moment
from issuer.awarding import service
from issuer.awarding.standing import Change
from issuer.cli import console
from issuer.cli.changing import change_listed
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.errors import InvalidUpload
from issuer.instance import Instance
from issuer.status.model import Entry, Reason
from issuer.status.service import Act

__all__ = ["register"]

Ids = Annotated[list[str], typer.Argument(metavar="CREDENTIAL_ID…", help="urn:uuid:…")]
Some = Annotated[list[str] | None, typer.Argument(metavar="[CREDENTIAL_ID…]", help="urn:uuid:…")]
Listed = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help="CSV with a column Credential, many at a time."),
]
Why = Annotated[Reason, typer.Option(help="Told to everybody who asks.")]
Note = Annotated[str, typer.Option(help="For the office only.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Verb = Callable[[Instance, Sequence[str], Act], None]


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.command()(revoke)
    program.command()(suspend)
    program.command()(reinstate)
    program.command()(status)


_VERBS: dict[Change, Verb] = {
    Change.REVOKE: service.revoke,
    Change.SUSPEND: service.suspend,
    Change.REINSTATE: service.reinstate,
}


def revoke(  # noqa: PLR0913 - one argument per option
    ids: Some = None,
    *,
    listed: Listed = None,
    reason: Why = Reason.UNSPECIFIED,
    note: Note = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Revoke credentials for ever, all or none, and publish that at once.

    With --from, every award the file names and that is in force: run it again, and nothing changes.
    """
    _change(Change.REVOKE, (ids, listed), (reason, note), data, as_json=as_json)


def suspend(  # noqa: PLR0913 - one argument per option
    ids: Some = None,
    *,
    listed: Listed = None,
    reason: Why = Reason.UNDER_REVIEW,
    note: Note = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Suspend credentials for the time being."""
    _change(Change.SUSPEND, (ids, listed), (reason, note), data, as_json=as_json)


def reinstate(
    ids: Some = None,
    *,
    listed: Listed = None,
    note: Note = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Put suspended credentials in force again."""
    why = (Reason.UNSPECIFIED, note)
    _change(Change.REINSTATE, (ids, listed), why, data, as_json=as_json)


def status(ids: Ids, *, as_json: AsJson = False, data: Data = None) -> None:
    """Tell where credentials stand, by our own records."""
    instance = open_existing(read_settings(data=data))
    for credential_id in ids:
        _tell(_standing(instance, credential_id), as_json=as_json)


def _change(
    change: Change,
    which: tuple[Sequence[str] | None, Path | None],
    why: tuple[Reason, str],
    data: Path | None,
    *,
    as_json: bool,
) -> None:
    ids, listed = which
    if bool(ids) is bool(listed):
        raise InvalidUpload("name credentials by their ids, or a file of them with --from")
    instance = open_existing(read_settings(data=data))
    act = Act("cli", instance.now(), *why)
    if listed:
        change_listed(instance, listed, change, act, as_json=as_json)
        return
    _VERBS[change](instance, ids or (), act)
    for credential_id in ids or ():
        _tell(_standing(instance, credential_id), as_json=as_json)


def _standing(instance: Instance, credential_id: str) -> dict[str, Any]:
    issuance, entries = service.status_of(instance, credential_id)
    return {
        "id": credential_id,
        "state": issuance.state.value,
        "published": issuance.published_at and moment(issuance.published_at),
        "status": [_entry(entry) for entry in entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "purpose": entry.purpose.value,
        "set": entry.set_at is not None,
        "since": entry.set_at and moment(entry.set_at),
        "reason": entry.public_reason,
    }


def _tell(standing: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        console.print_json(standing)
        return
    console.out.print(f"{standing['id']}: {standing['state']}", markup=False)
    for entry in standing["status"]:
        since = f"since {entry['since']} ({entry['reason']})" if entry["set"] else "not set"
        console.out.print(f"  {entry['purpose']}: {since}", markup=False)
