"""The commands by name, each loaded when it is called: `--help` loads none of them.

Shape: a module of commands has ``register(program)``; `COMMANDS` says which module a command is in
and what `--help` tells of it (the first line of its docstring or help; a test compares).
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group
from typing_extensions import override

__all__ = ["COMMANDS", "LazyGroup", "load"]

COMMANDS = {
    "demo": (
        "cli.demo",
        "Award, sign, verify and revoke for an invented alliance; then serve the pages.",
    ),
    "serve": ("cli.serving", "Serve the pages and interfaces; settings come from LEARNSEAL_*."),
    "worker": (
        "cli.working",
        "Do background work until told to stop; any number of machines on one PostgreSQL.",
    ),
    "signer": (
        "cli.signer_process",
        "Sign for `serve` and `worker`, which then need neither keys nor passphrase.",
    ),
    "migrate": (
        "cli.operating",
        "Create the database, or bring it up to date; harmless when it is.",
    ),
    "init": (
        "cli.founding",
        "Found a service, and print the link that opens the first account of its staff.",
    ),
    "reconcile": (
        "cli.reconciling",
        "After a restored backup: merge the published status lists, then go on.",
    ),
    "award": (
        "cli.bulk",
        "Award a list of people; rows that cannot be awarded are told with reason and fix.",
    ),
    "batch": ("cli.batching", "Lists awarded in the background."),
    "revoke": (
        "cli.issuing",
        "Revoke credentials for ever, all or none, and publish that at once.",
    ),
    "suspend": ("cli.issuing", "Suspend credentials for the time being."),
    "reinstate": ("cli.issuing", "Put suspended credentials in force again."),
    "status": ("cli.issuing", "Tell where credentials stand, by our own records."),
    "offer": (
        "cli.offering",
        "Award a badge and offer it to a wallet; print the link for the QR code.",
    ),
    "wallet-check": (
        "cli.offering",
        "Play a wallet through an offer of any issuer and say what fails; the offer is used up.",
    ),
    "sign": (
        "cli.signing",
        "Sign one credential, after looking for everything a verifier would refuse.",
    ),
    "verify": (
        "cli.verifying",
        "Check credentials: who signed what for whom, and whether it still holds.",
    ),
    "bench": ("cli.bench", "Measure issuing and verifying against plain PyLD, all in one run."),
    "register": ("cli.registering", "Registers of trusted issuers."),
    "mail": ("cli.mailing", "The mail to learners."),
    "audit": ("cli.auditing", "The log of everything done."),
    "key": ("cli.keeping_keys", "The keys organisations sign with."),
    "edc": ("cli.edc_batches", "European Digital Credentials for Europass."),
    "achievement": ("cli.defining", "Achievements: check files, publish them, take them out."),
    "esco": ("catalogue.esco_commands", "Skills of the European classification ESCO."),
}
"""Command: its module in `issuer`, and its line in `--help`."""


def load(name: str) -> Any:
    """Return a command or a group of commands, from its module."""
    room = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    import_module(f"issuer.{COMMANDS[name][0]}").register(room)
    return get_group(room).commands[name]


class _OnDemand(dict[str, Any]):
    """The commands of `COMMANDS`: their names are here, they come when asked for."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(COMMANDS))

    @override
    def get(self, key: str, default: Any = None) -> Any:
        return load(key) if key in self else default


class LazyGroup(TyperGroup):
    """The group of all commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{**given, "commands": _OnDemand()})

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    @override
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
