"""The wallet's way to the network: https only, to public addresses only, and never too much.

Spec: the threats are an offer that leads into the learner's own network, and DNS rebinding. A name
is resolved once, every address it has is checked, and the connection goes to the checked address.
Shape: `guarded_client` gives an httpx client; `ask` sends one request with it and reads a bounded
answer. Redirects are not followed: no endpoint of OpenID4VCI answers with one.
"""

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from typing_extensions import override

from badges import strict_json
from badges.errors import BadgeError
from did.errors import FetchRefused
from did.fetch import Policy
from did.fetch.address import Address, is_public, parse_address
from wallet_demo.errors import InvalidAnswer, Refused, Unreachable

__all__ = ["LOCAL", "Answer", "ask", "ask_json", "guarded_client"]

MAX_BODY = 4 * 2**20
"""Longest answer we read; a credential with pictures is below one MiB."""

SECONDS = 15.0

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a name."""

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def _is_public_or_loopback(address: Address) -> bool:
    return is_public(address) or address.is_loopback


LOCAL = Policy(is_allowed=_is_public_or_loopback, ports=frozenset(range(1, 65_536)))
"""For development: this machine as well, on any port."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the operating system for the addresses of `host`."""
    return [str(a[4][0]) for a in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(slots=True)
class _Guarded(httpx.BaseTransport):
    """Checks where each request goes and pins the connection to what was checked."""

    policy: Policy
    inner: httpx.BaseTransport
    resolve: Resolve

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if not (self.policy is LOCAL and url.scheme == "http" and url.host in _LOOPBACK):
            url = self.policy.check(str(url))
        address = self._address(url)
        name = url.raw_host.decode("ascii")
        if name != address:
            request.extensions = {**request.extensions, "sni_hostname": name}
        request.url = url.copy_with(host=address)
        return self.inner.handle_request(request)

    def _address(self, url: httpx.URL) -> str:
        """Return one address of the host; one inside address among them spoils them all."""
        try:
            found = self.resolve(url.host, url.port or 443)
            addresses = [parse_address(text) for text in found]
        except (OSError, ValueError) as error:
            raise FetchRefused(f"{url.host} has no address") from error
        for address in addresses:
            if not self.policy.is_allowed(address):
                raise FetchRefused(f"{url.host} is at {address}, inside a network")
        if not addresses:
            raise FetchRefused(f"{url.host} has no address")
        return str(min(addresses, key=lambda address: address.version))

    @override
    def close(self) -> None:
        self.inner.close()


def guarded_client(
    *, local: bool = False, ca: Path | None = None, resolve: Resolve = system_resolve
) -> httpx.Client:
    """Return a client for strangers' addresses.

    Args:
        local: allow this machine as well, with http too: development only.
        ca: certificates (PEM) to trust beside the public authorities.
        resolve: gives the addresses of a name; the operating system unless given.
    """
    context = httpx.create_ssl_context(trust_env=False)
    if ca is not None:
        try:
            context.load_verify_locations(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise Unreachable(f"{ca} holds no certificates that can be read") from error
    transport = _Guarded(LOCAL if local else Policy(), httpx.HTTPTransport(verify=context), resolve)
    return httpx.Client(transport=transport, timeout=SECONDS, trust_env=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: never longer than `MAX_BODY`, never a redirect."""

    status: int
    content_type: str
    body: bytes


def ask(http: httpx.Client, method: str, url: str, **message: Any) -> Answer:
    """Send one request.

    Raises:
        Unreachable: it may not be sent there, nobody answered, or the answer broke a limit.
    """
    headers = {"accept": "application/json", "accept-encoding": "identity"}
    headers |= message.pop("headers", {})
    try:
        request = http.build_request(method, url, headers=headers, **message)
        answer = http.send(request, stream=True, follow_redirects=False)
        try:
            body = _body(answer)
        finally:
            answer.close()
    except FetchRefused as error:
        raise Unreachable(str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise Unreachable(f"{url[:200]}: {type(error).__name__} {error}") from error
    return Answer(answer.status_code, answer.headers.get("content-type", ""), body)


def ask_json(http: httpx.Client, method: str, url: str, **message: Any) -> Mapping[str, Any]:
    """Send one request and return the JSON object that answers it; 200 and 202 are answers.

    Raises:
        Unreachable: as `ask`.
        Refused: the issuer said no; its error code is in the exception.
        InvalidAnswer: not a JSON object.
    """
    answer = ask(http, method, url, **message)
    said = _object(answer.body)
    if answer.status not in (200, 202):
        error = said.get("error", "") if said else ""
        why = said.get("error_description", "") if said else ""
        known = error if isinstance(error, str) else ""
        raise Refused(f"{url[:200]}: HTTP {answer.status} {known} {why}".rstrip(), known)
    if said is None or "json" not in answer.content_type:
        raise InvalidAnswer(f"{url[:200]} answers with {answer.content_type[:60]}, not with JSON")
    return said


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        value = strict_json.loads(body, max_bytes=MAX_BODY)
    except BadgeError:
        return None
    return value if isinstance(value, dict) else None


def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    if answer.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise FetchRefused(f"{answer.url} is compressed, though we asked for plain")
    for chunk in answer.iter_bytes(65_536):
        body += chunk
        if len(body) > MAX_BODY:
            raise FetchRefused(f"{answer.url} is longer than {MAX_BODY} bytes")
    return bytes(body)
