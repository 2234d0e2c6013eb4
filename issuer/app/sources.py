"""What the verifier is given: our own documents from the store, all others from the web."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from badges.verify import Policy, Register
from did.fetch import Fetched
from issuer.instance import Instance

__all__ = ["OwnAndWeb"]


@dataclass(frozen=True, slots=True)
class OwnAndWeb:
    """The sources of a running service."""

    instance: Instance

    async def documents(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return what can be had of `urls`."""
        return await self.instance.fetch(urls)

    def policy(self) -> Policy:
        """Return how strict this service is, and whom it trusts."""
        return Policy(register=Register("", {}))
