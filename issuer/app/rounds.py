"""Rounds: what a running service does now and then beside its answers, until it ends."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from badges.errors import BadgeError
from did.errors import DidError
from issuer.errors import IssuerError

__all__ = ["Round", "go_round"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """One kind of round."""

    name: str
    """For the log."""

    do: Callable[[], object]
    """Doing it twice changes nothing."""

    every: float
    """Seconds between two."""


async def go_round(what: Round) -> None:
    """Do rounds until cancelled; one that fails is told and tried again."""
    while True:
        try:
            await asyncio.to_thread(what.do)
        except (IssuerError, BadgeError, DidError, OSError) as error:
            log.error("a round of %s failed: %s", what.name, error)  # noqa: TRY400 - no traceback of data
        except Exception:
            log.exception("a round of %s failed", what.name)
        await asyncio.sleep(what.every)
