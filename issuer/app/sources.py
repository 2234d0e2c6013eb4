"""What the verifier is given: our own documents from the store, all others from the web."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from badges.verify import Policy
from badges.verify.key_history import Seen
from did.fetch import Fetched
from issuer.db.session import passing_work, reading
from issuer.instance import Instance
from issuer.register.key_history import known_keys, remember
from issuer.register.service import own_policy
from issuer.status.own_documents import own_documents

__all__ = ["OwnAndWeb"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnAndWeb:
    """The sources of a running service."""

    instance: Instance

    async def documents(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return what can be had of `urls`."""
        wanted = frozenset(urls)
        own = await asyncio.to_thread(own_documents, self.instance, wanted)
        return {**await self.instance.fetch(wanted - own.keys()), **own}

    async def known_keys(self, issuers: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the keys these issuers had when we saw them before."""
        return await asyncio.to_thread(self._known_keys, tuple(issuers))

    async def remember(self, seen: Mapping[str, Seen]) -> None:
        """Keep the keys that issuers have now; an answer never waits or fails for that."""
        try:
            await asyncio.to_thread(self._remember, seen)
        except SQLAlchemyError as error:
            log.warning("keys of issuers were not kept: %s", type(error).__name__)

    def _known_keys(self, issuers: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
        with reading(self.instance.engine) as connection:
            return known_keys(connection, issuers, self.instance.now())

    def _remember(self, seen: Mapping[str, Seen]) -> None:
        with passing_work(self.instance.engine) as connection:
            remember(connection, seen, self.instance.now())

    def policy(self) -> Policy:
        """Return how strict this service is, and whom it trusts."""
        with reading(self.instance.engine) as connection:
            return own_policy(self.instance, connection)
