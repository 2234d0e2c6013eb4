"""What the verifier is given: our own documents from our own doors, all others from the web.

Our own addresses are answered inside this process, by the same doors that answer the world, so
that checking one of our credentials needs no network and sees no cache.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from badges.verify import Policy
from did.fetch import Fetched
from issuer.instance import Instance

__all__ = ["OwnAndWeb"]


@dataclass(frozen=True, slots=True)
class OwnAndWeb:
    """The sources of a running service."""

    app: FastAPI
    instance: Instance

    async def documents(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return what can be had of `urls`."""
        wanted = frozenset(urls)
        own = frozenset(url for url in wanted if self.is_own(url))
        answers = await asyncio.gather(*(self.own(url) for url in own))
        return {answer.url: answer for answer in answers} | dict(
            await self.instance.fetch(wanted - own)
        )

    def policy(self) -> Policy:
        """Return how strict this service is, and whom it trusts."""
        return Policy()

    def is_own(self, url: str) -> bool:
        """Tell whether an address is one of ours; did:web always says https."""
        ours, theirs = urlsplit(self.instance.settings.origin), urlsplit(url)
        return theirs.scheme in {"https", ours.scheme} and theirs.netloc == ours.netloc

    async def own(self, url: str) -> Fetched:
        """Ask our own door."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        transport = ASGITransport(self.app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=self.instance.settings.origin) as door:
            answer = await door.get(path)
        return Fetched(
            url=url,
            status=answer.status_code,
            content_type=answer.headers.get("content-type", ""),
            headers=dict(answer.headers),
            body=answer.content,
            fetched_at=self.instance.now(),
        )
