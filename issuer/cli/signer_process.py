"""`signer`: the process that holds the keys, apart from the one that talks to the world."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from issuer.cli import console, logs
from issuer.cli.opening import read_passphrase, read_settings
from issuer.cli.operating import Data
from issuer.signing.agent import Keyring, listen

__all__ = ["register"]

Keys = Annotated[
    list[str] | None, typer.Option("--key", help="A key elsewhere that may be used (pkcs11:…).")
]


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(signer)


def signer(
    socket: Annotated[
        Path | None, typer.Option(help="Where to listen; LEARNSEAL_SIGNER, or DATA/signer.sock.")
    ] = None,
    key: Keys = None,
    most: Annotated[
        int | None, typer.Option(min=1, help="Signatures of one key before a restart.")
    ] = None,
    data: Data = None,
) -> None:
    """Sign for `serve` and `worker`, which then need neither keys nor passphrase.

    Start those with LEARNSEAL_SIGNER set to the same socket. Needs no network and no database.
    """
    settings = read_settings(data=data)
    logs.configure(settings)
    path = socket or settings.signer or settings.data / "signer.sock"
    keyring = Keyring(settings.keys, read_passphrase(settings), frozenset(key or ()), most)
    with listen(path, keyring) as server:
        console.note(f"signing at {path} with the keys of {settings.keys}")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever()
    path.unlink(missing_ok=True)
