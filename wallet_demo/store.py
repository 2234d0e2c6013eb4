"""What a wallet keeps: credentials as they came, each beside the key it is bound to.

Shape: one folder, for its owner only: ``credentials/<name>.json`` (a `Kept`) and
``keys/<name>.key`` (encrypted, `did.signers.file`). A name is twelve random hex digits.
"""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from did.public_key import Curve
from did.signer import Signer
from did.signers import file
from wallet_demo.errors import UnknownCredential

__all__ = ["Kept", "Store"]

CURVES = {"ES256": Curve.P256, "EdDSA": Curve.ED25519}
"""The keys we make, the most widely accepted first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One credential in the wallet."""

    name: str
    title: str
    issuer: str
    format: str
    credential: str | Mapping[str, Any]
    received_at: str
    report: Mapping[str, Any]
    """The last verification."""

    @property
    def data(self) -> bytes:
        """Return the credential as a verifier takes it."""
        if isinstance(self.credential, str):
            return self.credential.encode()
        return json.dumps(self.credential, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Store:
    """A folder that holds a wallet."""

    folder: Path
    key_cost: int = file.COST

    def new_key(self, name: str, algorithm: str, passphrase: str) -> Signer:
        """Make a key of its own for one credential: two issuers cannot see one person in it.

        Raises:
            KeyUnavailable: no passphrase, or it cannot be written.
        """
        keys = self._made("keys") / f"{name}.key"
        _, signer = file.make(keys, CURVES[algorithm], passphrase, cost=self.key_cost)
        return signer

    def forget_key(self, name: str) -> None:
        """Remove the key of a credential that never came."""
        (self.folder / "keys" / f"{name}.key").unlink(missing_ok=True)

    def keep(self, kept: Kept) -> None:
        """Write a credential whole or not at all."""
        place = self._made("credentials") / f"{kept.name}.json"
        draft = place.with_suffix(".new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(asdict(kept), stream, ensure_ascii=False, indent=1)
        draft.replace(place)

    def all(self) -> Iterator[Kept]:
        """Give every credential, the oldest first."""
        places = (self.folder / "credentials").glob("*.json")
        found = [Kept(**json.loads(place.read_text(encoding="utf-8"))) for place in places]
        yield from sorted(found, key=lambda kept: (kept.received_at, kept.name))

    def find(self, name: str) -> Kept:
        """Return the one credential whose name starts with `name`.

        Raises:
            UnknownCredential: there is none, or more than one.
        """
        found = [kept for kept in self.all() if kept.name.startswith(name)]
        if len(found) != 1:
            raise UnknownCredential(f"{len(found)} credentials are named {name[:40]!r}: see list")
        return found[0]

    def checked(self, kept: Kept, report: Mapping[str, Any]) -> Kept:
        """Keep the outcome of a new verification."""
        renewed = replace(kept, report=report)
        self.keep(renewed)
        return renewed

    def _made(self, room: str) -> Path:
        place = self.folder / room
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place


def new_name() -> str:
    """Return a name nobody has."""
    return secrets.token_hex(6)
