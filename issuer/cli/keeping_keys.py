"""`key list|rotate|compromise|import|export`: the life of signing keys, with a dry run of each.

Shape: a dry run makes every check and opens the keys, tells what would happen, and changes nothing.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.cli.signing import create_key
from issuer.db.session import reading, unit_of_work
from issuer.instance import Instance
from issuer.organisations import ceremony, keys, store
from issuer.organisations.model import Key, KeyState
from issuer.signing.service import signer
from issuer.status import store as status_lists
from issuer.status.publication import publish

__all__ = ["register"]

Slug = Annotated[str, typer.Argument(metavar="ORGANISATION", help="Its name in addresses.")]
Method = Annotated[str, typer.Argument(metavar="KEY", help="did:web:…#key-1, as `key list` tells.")]
Rehearsal = Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")]

key = typer.Typer(name="key", help="The keys organisations sign with.", no_args_is_help=True)


def register(program: typer.Typer) -> None:
    """Add the commands."""
    key.command("create")(create_key)
    program.add_typer(key)


@key.command("list")
def list_keys(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    data: Data = None,
) -> None:
    """Tell every key and its state."""
    instance = open_existing(read_settings(data=data))
    with reading(instance.engine) as connection:
        every = store.all_organisations(connection)
        found = [(of.slug, one) for of in every for one in store.keys_of(connection, of.id)]
    for slug, one in found:
        told = _members(slug, one)
        if as_json:
            console.print_json(told)
        else:
            console.out.print("  ".join(str(value) for value in told.values()), markup=False)


def _members(slug: str, one: Key) -> dict[str, Any]:
    return {
        "organisation": slug,
        "key": one.verification_method,
        "curve": one.public_key.curve.value,
        "state": one.state.value,
        "kept": one.uri.partition(":")[0],
    }


@key.command()
def rotate(slug: Slug, *, rehearsal: Rehearsal = False, data: Data = None) -> None:
    """Retire the active key and make its successor; what was signed stays valid."""
    instance = open_existing(read_settings(data=data))
    with unit_of_work(instance.engine) as connection:
        organisation = store.by_slug(connection, slug)
        old = keys.active_key(connection, organisation, None)
        signer(instance, old)  # a key that cannot be opened is for `key compromise`
        keys.require_web(organisation)
        if rehearsal:
            console.out.print(f"would retire {old.verification_method} and make its successor")
            return
        new = keys.rotate(instance, connection, organisation, old, "cli")
    _sign_lists_anew(instance)
    console.out.print(f"{old.verification_method} is retired, {new.verification_method} signs now")


@key.command()
def compromise(
    method: Method,
    *,
    since: Annotated[datetime | None, typer.Option(help="Since when (UTC); now if none.")] = None,
    rehearsal: Rehearsal = False,
    data: Data = None,
) -> None:
    """Say that somebody else may hold a key: it never signs again, a new one takes its place."""
    instance = open_existing(read_settings(data=data))
    moment = since.replace(tzinfo=UTC) if since else instance.now()
    with unit_of_work(instance.engine) as connection:
        found = ceremony.find_key(connection, method)
        organisation = store.by_id(connection, found.organisation_id)
        keys.require_web(organisation)
        if rehearsal:
            console.out.print(f"would tell the world that {method} is compromised since {moment}")
            return
        keys.compromise(connection, found, moment, instance.now(), "cli")
        console.out.print(f"{method} is compromised since {moment}: its signatures count no more")
        if found.state is KeyState.ACTIVE:
            curve = found.public_key.curve
            new = keys.create_key(instance, connection, organisation, curve=curve, actor="cli")
            console.out.print(f"{new.verification_method} signs now; issue again what it signed")
    _sign_lists_anew(instance)


@key.command("import")
def import_key(
    slug: Slug,
    source: Annotated[str, typer.Argument(metavar="FILE|URI", help="A key file, or pkcs11:…")],
    *,
    rehearsal: Rehearsal = False,
    data: Data = None,
) -> None:
    """Make a key from elsewhere the active one; a key file has the passphrase of this service."""
    instance = open_existing(read_settings(data=data))
    uri = source if source.startswith(("file:", "pkcs11:")) else Path(source).absolute().as_uri()
    with unit_of_work(instance.engine) as connection:
        organisation = store.by_slug(connection, slug)
        candidate = ceremony.examine(instance, connection, organisation, uri)
        if rehearsal:
            console.out.print(f"would bring it in as {candidate.method}")
            if candidate.replaces:
                console.out.print(f"would retire {candidate.replaces.verification_method}")
            return
        new = ceremony.import_key(instance, connection, organisation, candidate, "cli")
    _sign_lists_anew(instance)
    console.out.print(f"{new.verification_method} signs now")


@key.command("export")
def export_key(
    method: Method,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    *,
    rehearsal: Rehearsal = False,
    data: Data = None,
) -> None:
    """Copy a key to a new file, encrypted as it is; the audit log tells of it."""
    instance = open_existing(read_settings(data=data))
    with unit_of_work(instance.engine) as connection:
        found = ceremony.find_key(connection, method)
        if rehearsal:
            signer(instance, found)
            console.out.print(f"would copy {method} to {target}")
            return
        ceremony.export_key(instance, connection, found, target, "cli")
    console.out.print(f"{method} is in {target}, encrypted with the passphrase of this service")


def _sign_lists_anew(instance: Instance) -> None:
    """Publish every list again, so that none hangs on a key that signs no more."""
    with reading(instance.engine) as connection:
        lists = status_lists.stale_lists(connection, instance.now() + timedelta(seconds=1))
    for number in lists:
        publish(instance, number, "cli")
