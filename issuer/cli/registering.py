"""`register import|show|remove|sign`: which registers of trusted issuers this service believes."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from badges import strict_json
from badges.credential import moment
from badges.verify import Policy
from badges.verify.federation_list import read_federation, read_keys
from badges.verify.keys import KeyRing
from badges.verify.signed_register import check_publisher, sign_register
from did.fetch import Fetched, web_fetch
from did.resolve import location
from did.signer import did_key_method
from did.signers import open_signer
from issuer.cli import console
from issuer.cli.inputs import read_bytes, read_object
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.cli.signing import Passphrase, passphrase_in
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidUpload
from issuer.instance import wall_clock
from issuer.register import imports

__all__ = ["register", "signature_holds"]

DAYS = 90
"""How long an operator vouches for an unsigned list, unless told otherwise."""

commands = typer.Typer(name="register", help="Registers of trusted issuers.", no_args_is_help=True)


class Form(StrEnum):
    """What a file of trusted issuers is."""

    SIGNED = "signed"
    FEDERATION = "federation"
    PLAIN = "plain"


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.add_typer(commands)


@commands.command("import")
def import_file(  # noqa: PLR0913 - one argument per option
    path: Annotated[str, typer.Argument(metavar="FILE", help="The register, or - for stdin.")],
    *,
    name: Annotated[str, typer.Option(help="What you call it; newer ones replace it by name.")],
    form: Annotated[
        Form, typer.Option("--format", help="Signed by us, a federation's, or a plain list.")
    ] = Form.SIGNED,
    publisher: Annotated[str | None, typer.Option(help="DID that must have signed it.")] = None,
    keys: Annotated[
        Path | None,
        typer.Option(help="Trust anchor's keys (JWK or JWKS), or the publisher's DID document."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Life of a plain list.")] = DAYS,
    data: Data = None,
) -> None:
    """Believe a register from now on; an older one than before is refused."""
    if not name.strip() or len(name) > 60:
        raise InvalidUpload("--name: 1 to 60 characters")
    now = wall_clock()
    content = read_bytes(path)
    readers: dict[Form, Callable[[], imports.Candidate]] = {
        Form.SIGNED: lambda: _signed(content, publisher, keys, now),
        Form.FEDERATION: lambda: _federation(content, keys, now),
        Form.PLAIN: lambda: imports.plain_register(content, now, days),
    }
    candidate = readers[form]()
    instance = open_existing(read_settings(data=data))
    with unit_of_work(instance.engine) as connection:
        new = imports.import_register(connection, name, candidate, now, "cli")
    told = "believed from now on" if new else "was there already"
    console.out.print(f"{name}, version {candidate.version}: {told}", markup=False)


@commands.command("show")
def show(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    data: Data = None,
) -> None:
    """Tell the registers this service believes, or did."""
    instance = open_existing(read_settings(data=data))
    with reading(instance.engine) as connection:
        found = imports.imported(connection)
    for one in found:
        told = _members(one, wall_clock())
        if as_json:
            console.print_json(told)
        else:
            console.out.print("  ".join(str(value) for value in told.values()), markup=False)


@commands.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="What you called it.")], *, data: Data = None
) -> None:
    """Believe a register no more."""
    instance = open_existing(read_settings(data=data))
    with unit_of_work(instance.engine) as connection:
        imports.remove_register(connection, name, wall_clock(), "cli")
    console.out.print(f"{name} is no longer believed", markup=False)


@commands.command("sign")
def sign(  # noqa: PLR0913 - one argument per option
    path: Annotated[str, typer.Argument(metavar="FILE", help="The list, or - for stdin.")],
    *,
    key: Annotated[str, typer.Option(help="URI of the private key, e.g. file:///…/uni.key")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it holds.")] = 30,
    verification_method: Annotated[
        str | None, typer.Option(help="The key's URL in the publisher's DID document.")
    ] = None,
    passphrase_file: Passphrase = None,
    data: Data = None,
) -> None:
    """Publish a register: the list with its times and your signature, on stdout."""
    passphrase = passphrase_in(passphrase_file, data)
    signer = open_signer(key, verification_method="", passphrase=passphrase)
    method = verification_method or did_key_method(signer.public_key)
    signer = open_signer(key, verification_method=method, passphrase=passphrase)
    now = datetime.now(UTC)
    ends = now + timedelta(days=days)
    console.print_json(sign_register(read_object(path), signer, issued=now, expires=ends))


def signature_holds(data: bytes, ring: Callable[[str], KeyRing]) -> None:
    """Check the signature of a register that says it has one.

    Raises:
        BadgeError, DidError: it does not hold.
    """
    document = strict_json.loads(data)
    if isinstance(document, dict) and ("proof" in document or "publisher" in document):
        publisher = str(document.get("publisher"))
        check_publisher(document, publisher=publisher, ring=ring(publisher))


def _ring_for(publisher: str, now: datetime, document: bytes | None = None) -> KeyRing:
    """Return the keys of a publisher: from its DID document, fetched where none is given."""
    url = location(publisher)
    if url is None:
        return KeyRing({}, Policy(), now)
    if document is not None:
        found: dict[str, Any] = {url: Fetched(url, 200, "application/json", {}, document, now)}
    else:
        found = dict(asyncio.run(web_fetch(now=wall_clock)([url])))
    return KeyRing(found, Policy(), now)


def _signed(
    content: bytes, publisher: str | None, keys: Path | None, now: datetime
) -> imports.Candidate:
    if publisher is None:
        raise InvalidUpload("--publisher: name the DID whose register it is")
    ring = _ring_for(publisher, now, read_bytes(str(keys)) if keys else None)
    return imports.signed_register(content, publisher=publisher, ring=ring)


def _federation(content: bytes, keys: Path | None, now: datetime) -> imports.Candidate:
    if keys is None:
        raise InvalidUpload("--keys: name the file with the trust anchor's keys")
    made = read_federation(content, read_keys(read_bytes(str(keys))), now)
    return imports.Candidate(made["publisher"], made["version"], strict_json.dumps(made))


def _members(one: imports.Imported, now: datetime) -> dict[str, Any]:
    ends = one.register.expires
    state = "removed" if one.removed_at else "expired" if ends and ends <= now else "in force"
    return {
        "name": one.name,
        "state": state,
        "version": one.version,
        "publisher": one.publisher or "unsigned",
        "issuers": len(one.register.listings),
        "expires": moment(ends) if ends else None,
        "imported": moment(one.imported_at),
    }
