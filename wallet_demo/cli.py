"""A learner's wallet on the command line: receive, list, check, show.

Shape: results on stdout, the rest on stderr. Exit codes: 0 done (or valid), 64 it could not be
done; `check`: 1 not valid, 2 genuine with remarks, 3 could not be checked; of several the worst.
"""

import getpass
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from badges.errors import BadgeError
from badges.verify.codes import CODES
from did.errors import DidError
from wallet_demo.door import guarded_client
from wallet_demo.errors import WalletError
from wallet_demo.receiving import Wallet, receive, refresh
from wallet_demo.store import Kept, Store

__all__ = ["main", "program", "run"]

USAGE = 64
EXIT = {"valid": 0, "genuine_with_remarks": 2, "could_not_check": 3, "not_valid": 1}
"""Exit code of each verdict, in rising order of badness."""

STYLES = {
    "valid": ("valid", "green"),
    "genuine_with_remarks": ("genuine, with remarks", "yellow"),
    "not_valid": ("NOT VALID", "bold red"),
    "could_not_check": ("could not be checked", "magenta"),
}
OUTCOMES = {"passed": "green", "failed": "bold red", "unknown": "magenta"}

Folder = Annotated[
    Path, typer.Option("--wallet", help="Folder of the wallet.", envvar="LEARNSEAL_WALLET_FOLDER")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Local = Annotated[bool, typer.Option("--local", help="Development: allow this machine.")]
Ca = Annotated[Path | None, typer.Option("--ca", help="Certificates to trust as well (PEM).")]
HOME = Path.home() / ".learnseal-wallet"

program = typer.Typer(
    name="learnseal-wallet",
    help="A learner's wallet for micro-credentials: receive, keep and check them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@program.command("receive")
def receive_command(  # noqa: PLR0913 - one argument per option
    offer: Annotated[str, typer.Argument(help="The link behind the QR code.")],
    tx_code: Annotated[str | None, typer.Option(help="The code sent another way.")] = None,
    passphrase_file: Annotated[Path | None, typer.Option(help="Passphrase of the keys.")] = None,
    folder: Folder = HOME,
    ca: Ca = None,
    *,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Take a credential from an issuer into this wallet."""
    passphrase = _passphrase(passphrase_file)
    with guarded_client(local=local, ca=ca) as http:
        wallet = Wallet(Store(folder), http, _now, passphrase, local)
        kept = receive(wallet, offer, tx_code)
    _print_json(_shown(kept)) if as_json else _tell(kept)


@program.command("list")
def list_command(folder: Folder = HOME, *, as_json: AsJson = False) -> None:
    """List what is in the wallet, with the last known verdict."""
    every = list(Store(folder).all())
    if as_json:
        return _print_json([_shown(kept) for kept in every])
    if not every:
        _out().print("The wallet is empty. Take something in: learnseal-wallet receive LINK")
        return None
    table = Table(title="Your micro-credentials", title_justify="left")
    for column in ("name", "title", "issuer", "format", "last check"):
        table.add_column(column)
    for kept in every:
        issuer = kept.report["credential"].get("issuer", {}).get("name", kept.issuer)
        texts = (kept.name, kept.title, issuer, kept.format)
        table.add_row(*(Text(_plain(str(text))) for text in texts), _verdict(kept))
    _out().print(table)
    return None


@program.command("check")
def check_command(
    names: Annotated[list[str] | None, typer.Argument(help="Names; none = all.")] = None,
    folder: Folder = HOME,
    ca: Ca = None,
    *,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Ask the issuers whether the credentials still stand."""
    store = Store(folder)
    chosen = [store.find(name) for name in names] if names else list(store.all())
    with guarded_client(local=local, ca=ca) as http:
        wallet = Wallet(store, http, _now, local=local)
        checked = [refresh(wallet, kept) for kept in chosen]
    for kept in checked:
        _print_json(_shown(kept)) if as_json else _tell(kept)
    verdicts = [kept.report["verdict"] for kept in checked]
    raise typer.Exit(EXIT[max(verdicts, key=list(EXIT).index)] if verdicts else 0)


@program.command("show")
def show_command(name: str, folder: Folder = HOME) -> None:
    """Print one credential exactly as it was received."""
    sys.stdout.write(Store(folder).find(name).data.decode() + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code."""
    try:
        code = program(args=arguments, prog_name="learnseal-wallet", standalone_mode=False)
    except typer.TyperException as error:
        return _fail(str(error), "usage")
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except (WalletError, BadgeError, DidError) as error:
        return _fail(f"{(error.__doc__ or '').splitlines()[0]} {error}", error.code)
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename or ''}", "file")
    return code if isinstance(code, int) else 0


def _fail(message: str, code: str) -> int:
    Console(stderr=True, soft_wrap=True).print(Text(f"{_plain(message)} [{code}]", "red"))
    return USAGE


def _now() -> datetime:
    return datetime.now(UTC)


def _passphrase(file: Path | None) -> str:
    given = file or os.environ.get("LEARNSEAL_WALLET_PASSPHRASE_FILE")
    if given:
        return Path(given).read_text(encoding="utf-8").strip()
    return getpass.getpass("Passphrase of the wallet's keys: ")


def _shown(kept: Kept) -> dict[str, Any]:
    return {
        "name": kept.name,
        "title": kept.title,
        "issuer": kept.issuer,
        "format": kept.format,
        "received_at": kept.received_at,
        "report": kept.report,
    }


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _tell(kept: Kept) -> None:
    out = _out()
    out.print(_verdict(kept), Text(_plain(f"{kept.name}  {kept.title} ({kept.format})")))
    out.print(Text(f"  {_plain(str(kept.report['summary']))}"))
    for finding in kept.report["findings"]:
        if finding["outcome"] in OUTCOMES:
            out.print(
                Text(f"  {finding['outcome']:8}", OUTCOMES[finding["outcome"]]), _why(finding)
            )


def _why(finding: Mapping[str, Any]) -> Text:
    wording = CODES.get(finding["code"])
    detail = f": {finding['detail']}" if finding.get("detail") else ""
    return Text(_plain(f"{finding['check']}: {wording.title if wording else ''}{detail}"))


def _verdict(kept: Kept) -> Text:
    return Text(*STYLES[kept.report["verdict"]])


def _out() -> Console:
    return Console(soft_wrap=True)


def _plain(text: str) -> str:
    """Keep a stranger's text from steering the terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
