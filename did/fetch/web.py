"""The web, asked carefully: what a stranger's document names must not lead into our own network.

Spec: the threats are server-side request forgery and DNS rebinding. A name is resolved once, every
address it has is checked, and the connection goes to the checked address, while TLS and the Host
header keep the name. Bodies are read as they come: none is decompressed.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from weakref import WeakKeyDictionary

import httpx

from did.errors import FetchRefused
from did.fetch.address import Address, parse_address
from did.fetch.cache import Cache
from did.fetch.fetched import Fetched
from did.fetch.policy import Policy

__all__ = ["Policy", "Resolve", "WebFetch", "system_resolve", "web_fetch"]

LOG = logging.getLogger(__name__)

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a name."""

MAX_TRIES = 3
"""Most addresses of one name we try, as one of them may be out of reach."""

HEADERS = {
    "accept": "application/did+json, application/did+ld+json, application/vc, application/vc+jwt,"
    " application/statuslist+jwt, application/ld+json, application/json, */*;q=0.5",
    "accept-encoding": "identity",
    "connection": "close",
    "user-agent": "learnseal",
}
"""What we tell everybody: nothing of who asks."""


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the operating system for the addresses of `host`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(slots=True)
class WebFetch:
    """The only door to the network (a `Fetch`)."""

    policy: Policy
    now: Callable[[], datetime]
    resolve: Resolve
    ssl_context: ssl.SSLContext
    cache: Cache
    _gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = field(
        default_factory=WeakKeyDictionary, repr=False
    )

    async def __call__(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return the answers by address; what cannot be had is left out, and logged."""
        wanted = sorted(set(urls))
        if len(wanted) > self.policy.max_urls:
            LOG.warning("%d addresses left out", len(wanted) - self.policy.max_urls)
        answers = await asyncio.gather(*map(self._try, wanted[: self.policy.max_urls]))
        return {answer.url: answer for answer in answers if answer is not None}

    async def get(self, url: str) -> Fetched:
        """Return the answer of one address.

        Raises:
            FetchRefused: it must not be asked, did not answer, or answered too much.
        """
        if (kept := self.cache.find(url, self.now())) is not None:
            return kept
        try:
            async with asyncio.timeout(self.policy.seconds), self._gate():
                answer = await self._walk(url)
        except TimeoutError as error:
            raise FetchRefused(f"{url[:200]} took over {self.policy.seconds} s") from error
        self.cache.keep(answer)
        return answer

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post `body` and return the status of the answer; a redirect is an answer like another.

        Raises:
            FetchRefused: it must not be asked, or did not answer.
        """
        try:
            async with asyncio.timeout(self.policy.seconds), self._gate():
                target = self.policy.check(url)
                where = await self._addresses(target)
                return (await self._ask(target, where, "POST", body, headers)).status_code
        except TimeoutError as error:
            raise FetchRefused(f"{url[:200]} took over {self.policy.seconds} s") from error

    async def _try(self, url: str) -> Fetched | None:
        try:
            return await self.get(url)
        except FetchRefused as error:
            LOG.info("not fetched: %s", error)
            return None

    def _gate(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        if loop not in self._gates:
            self._gates[loop] = asyncio.Semaphore(self.policy.concurrency)
        return self._gates[loop]

    async def _walk(self, start: str) -> Fetched:
        """Follow redirects, each hop checked as if it were the first."""
        target = start
        for _ in range(self.policy.max_redirects + 1):
            url = self.policy.check(target)
            answer = await self._ask(url, await self._addresses(url))
            step = self.policy.follow(url, answer.status_code, answer.headers)
            if step is None:
                return self._fetched(start, answer)
            target = step
        raise FetchRefused(f"{start[:200]} redirects too often")

    def _fetched(self, url: str, answer: httpx.Response) -> Fetched:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Fetched(
            url=url,
            status=answer.status_code,
            content_type=headers.get("content-type", ""),
            headers=headers,
            body=answer.content,
            fetched_at=self.now(),
        )

    async def _addresses(self, url: httpx.URL) -> Sequence[Address]:
        """Resolve the host once; one inside address among them spoils them all."""
        host = _name(url)
        try:
            found = await self.resolve(host, _port(url))
            addresses = [parse_address(text) for text in dict.fromkeys(found)]
        except (OSError, ValueError) as error:
            raise FetchRefused(f"{host[:200]} has no address") from error
        if not addresses:
            raise FetchRefused(f"{host[:200]} has no address")
        if not self.policy.trusts(url):
            for address in addresses:
                if not self.policy.is_allowed(address):
                    raise FetchRefused(f"{host[:200]} is at {address}, inside a network")
        return addresses[:MAX_TRIES]

    async def _ask(
        self,
        url: httpx.URL,
        addresses: Sequence[Address],
        method: str = "GET",
        body: bytes | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> httpx.Response:
        """Ask the checked addresses, one after the other, until one lets us in."""
        last: httpx.HTTPError | None = None
        for address in addresses:
            try:
                return await self._ask_one(url, address, method, body, more)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                last = error
            except (httpx.HTTPError, httpx.StreamError) as error:
                raise FetchRefused(f"{url} broke off: {type(error).__name__}") from error
        raise FetchRefused(f"{url} does not let us connect: {last}") from last

    async def _ask_one(
        self,
        url: httpx.URL,
        address: Address,
        method: str,
        content: bytes | None,
        more: Mapping[str, str],
    ) -> httpx.Response:
        pinned = url.copy_with(host=str(address))
        headers = HEADERS | dict(more) | {"host": url.netloc.decode("ascii")}
        name = {} if _name(url) == str(address) else {"sni_hostname": _name(url)}
        async with httpx.AsyncClient(
            verify=self.ssl_context, trust_env=False, timeout=self.policy.seconds
        ) as client:
            request = client.build_request(
                method, pinned, content=content, headers=headers, extensions=name
            )
            answer = await client.send(request, stream=True, follow_redirects=False)
            try:
                body = await _body(answer, self.policy.limit(url))
            finally:
                await answer.aclose()
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)


def web_fetch(
    policy: Policy | None = None,
    *,
    now: Callable[[], datetime],
    resolve: Resolve = system_resolve,
    ssl_context: ssl.SSLContext | None = None,
    cache: Cache | None = None,
) -> WebFetch:
    """Return the door to the web; make one for each process, as it holds the cache.

    Args:
        policy: its limits; the strict ones unless given.
        now: the clock.
        resolve: gives the addresses of a name; the operating system unless given.
        ssl_context: whom to trust; the public authorities unless given.
        cache: where answers are kept for a while.
    """
    context = ssl_context or httpx.create_ssl_context(trust_env=False)
    return WebFetch(policy or Policy(), now, resolve, context, cache or Cache())


def _name(url: httpx.URL) -> str:
    """Return the host as the name system and TLS write it, in ASCII and without a last dot."""
    return url.raw_host.decode("ascii").rstrip(".")


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


async def _body(answer: httpx.Response, limit: int) -> bytes:
    """Read the body as it came, up to `limit`: a compressed one could be a bomb."""
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise FetchRefused(f"{answer.url} is compressed, though we asked for plain")
    body = bytearray()
    async for chunk in answer.aiter_raw(65_536):
        body += chunk
        if len(body) > limit:
            raise FetchRefused(f"{answer.url} is longer than {limit} bytes")
    return bytes(body)
