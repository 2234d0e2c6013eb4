"""What the verifier is given: our own documents from the store, all others from the web."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from badges.verify import Policy
from did.fetch import Fetched
from issuer.db.session import reading
from issuer.instance import Instance
from issuer.register.service import own_policy
from issuer.status.own_documents import own_documents

__all__ = ["OwnAndWeb"]


@dataclass(frozen=True, slots=True)
class OwnAndWeb:
    """The sources of a running service."""

    instance: Instance

    async def documents(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return what can be had of `urls`."""
        wanted = frozenset(urls)
        own = await asyncio.to_thread(own_documents, self.instance, wanted)
        return {**await self.instance.fetch(wanted - own.keys()), **own}

    def policy(self) -> Policy:
        """Return how strict this service is, and whom it trusts."""
        with reading(self.instance.engine) as connection:
            return own_policy(self.instance, connection)
