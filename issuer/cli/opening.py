"""Open the service that the settings name, for one command or for a process that serves."""

import os
import secrets
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from issuer.db.migrations import require_current, upgrade
from issuer.db.session import engine
from issuer.errors import InvalidSettings
from issuer.instance import Fetch, Instance, wall_clock
from issuer.settings import Settings

__all__ = ["found", "open_existing", "read_passphrase", "read_settings"]

KEPT = "learnseal.env"
"""File in the data folder with settings that belong to the data."""


def read_settings(**given: object) -> Settings:
    """Return the settings: the command line wins over the environment, that over the data folder.

    Raises:
        InvalidSettings: a variable has a value that cannot be used.
    """
    said = {name: value for name, value in given.items() if value is not None}
    folder = Path(str(said.get("data") or os.environ.get("LEARNSEAL_DATA") or "data"))
    try:
        return Settings(_env_file=folder / KEPT, **said)  # type: ignore[call-arg, arg-type]  # pydantic checks them
    except ValidationError as error:
        first = error.errors()[0]
        name = "LEARNSEAL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidSettings(f"{name}: {first['msg']}") from error


def open_existing(settings: Settings) -> Instance:
    """Open a service that is there.

    Raises:
        InvalidSettings: its data folder or passphrase is not there.
        DatabaseOutdated: its database needs `learnseal migrate`.
    """
    if not settings.database_url and not settings.data.is_dir():
        raise InvalidSettings(
            f"no service in {settings.data}: run `learnseal migrate` there, "
            "or name its folder with LEARNSEAL_DATA"
        )
    instance = _instance(settings)
    require_current(instance.engine)
    return instance


def found(settings: Settings) -> Instance:
    """Make the data folder, a passphrase and the tables where they lack, and open the service.

    The address of the service is part of every DID and list it makes, so the folder remembers it.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = settings.data / KEPT
    if not kept.exists():
        kept.write_text(f"LEARNSEAL_BASE_URL={settings.base_url}\n")
    path = _passphrase_path(settings)
    if not path.exists():
        _write_secret(path, secrets.token_urlsafe(32))
    instance = _instance(settings)
    upgrade(instance.engine)
    return instance


def _instance(settings: Settings) -> Instance:
    return Instance(
        settings=settings,
        engine=engine(settings.database, pool_size=settings.database_pool),
        passphrase="" if settings.signer else read_passphrase(settings),
        fetch=_web(),
    )


def _web() -> Fetch:
    """Return the door to the web; what it needs is loaded when somebody goes through it."""

    @cache
    def door() -> Fetch:
        from did.fetch import web_fetch  # noqa: PLC0415 - most commands never go out

        return web_fetch(now=wall_clock)

    async def fetch(urls: Iterable[str]) -> Mapping[str, Any]:
        return await door()(urls)

    return fetch


def _passphrase_path(settings: Settings) -> Path:
    return settings.passphrase_file or settings.data / "passphrase"


def read_passphrase(settings: Settings) -> str:
    """Return the passphrase of the key files.

    Raises:
        InvalidSettings: it is not where the settings say.
    """
    path = _passphrase_path(settings)
    try:
        return path.read_text().strip()
    except FileNotFoundError as error:
        raise InvalidSettings(
            f"the passphrase of the signing keys is not in {path}: "
            "name its file with LEARNSEAL_PASSPHRASE_FILE"
        ) from error


def _write_secret(path: Path, secret: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret + "\n")
