"""What may be fetched and how much of it: scheme, port, address, size, time, redirects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from did.errors import FetchRefused
from did.fetch.address import Address, is_public, parse_address
from did.fetch.fetched import MAX_REDIRECTS, REDIRECTS

__all__ = ["Policy"]

MAX_URL = 2048
"""Longest address we ask for."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of one door to the network; as it stands, right for what strangers name."""

    seconds: float = 5.0
    """For everything: waiting in line, name, connection, redirects, body."""

    max_did_bytes: int = 2**20
    """Longest DID document: a file called ``did.json``."""

    max_bytes: int = 4 * 2**20
    """Longest other document: a status list of millions."""

    max_redirects: int = MAX_REDIRECTS
    concurrency: int = 16
    max_urls: int = 32
    """Most addresses one call may name."""

    ports: frozenset[int] = frozenset({443})
    is_allowed: Callable[[Address], bool] = is_public

    trusted_origins: frozenset[str] = frozenset()
    """Origins the operator vouches for, e.g. ``http://localhost:8000``: any scheme, any address."""

    def check(self, text: str) -> httpx.URL:
        """Return the address, if it may be asked for at all; its host is not resolved yet.

        Raises:
            FetchRefused: not a URL, not https, another port, a user name, or an inside address.
        """
        url = self._parse(text)
        if self.trusts(url):
            return url
        if url.scheme != "https" or (url.port or 443) not in self.ports:
            raise FetchRefused(f"only https on its own port is fetched: {text[:200]}")
        try:
            literal = parse_address(url.raw_host.decode("ascii"))
        except ValueError:
            return url
        if not self.is_allowed(literal):
            raise FetchRefused(f"{literal} is not on the public Internet")
        return url

    def trusts(self, url: httpx.URL) -> bool:
        """Tell whether the operator vouches for the origin of `url`."""
        return f"{url.scheme}://{url.netloc.decode('ascii')}" in self.trusted_origins

    def limit(self, url: httpx.URL) -> int:
        """Return the most bytes we read from `url`."""
        return self.max_did_bytes if url.path.endswith("/did.json") else self.max_bytes

    def follow(self, url: httpx.URL, status: int, headers: Mapping[str, str]) -> str | None:
        """Return the address an answer sends us to, or nothing if it is the last.

        Raises:
            FetchRefused: a redirect that leads nowhere.
        """
        if status not in REDIRECTS:
            return None
        if not headers.get("location"):
            raise FetchRefused(f"{url} redirects to nowhere")
        try:
            return str(url.join(headers["location"]))
        except httpx.InvalidURL as error:
            raise FetchRefused(f"{url} redirects to what is not an address") from error

    def _parse(self, text: str) -> httpx.URL:
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, TypeError) as error:
            raise FetchRefused("not an address on the web") from error
        if len(text) > MAX_URL or not url.host or url.userinfo:
            raise FetchRefused(f"not an address we ask for: {text[:200]}")
        return url
