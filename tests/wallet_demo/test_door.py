"""Where the wallet goes, and where no offer can lead it."""

import httpx
import pytest

from wallet_demo.door import ask, guarded_client
from wallet_demo.errors import Unreachable


def resolving(*addresses):
    return lambda host, port: addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/offer",
        "https://issuer.example:8443/offer",
        "https://user@issuer.example/",
        "https://127.0.0.1/",
        "http://localhost:8000/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "issuer.example",
        "",
    ],
)
def test_strangers_addresses_are_checked(url):
    with guarded_client(resolve=resolving("203.0.113.1")) as http, pytest.raises(Unreachable):
        ask(http, "GET", url)


@pytest.mark.parametrize("inside", ["10.0.0.1", "127.0.0.1", "::1", "192.168.1.1", "169.254.1.1"])
def test_a_name_that_leads_inside_is_refused(inside):
    with (
        guarded_client(resolve=resolving("93.184.215.14", inside)) as http,
        pytest.raises(Unreachable, match="inside"),
    ):
        ask(http, "POST", "https://issuer.example/token")


@pytest.mark.parametrize("inside", ["10.0.0.1", "192.168.1.1"])
def test_development_means_this_machine_and_not_its_network(inside):
    with guarded_client(local=True) as http, pytest.raises(Unreachable):
        ask(http, "GET", f"https://{inside}:8000/")
    with guarded_client(local=True) as http, pytest.raises(Unreachable):
        ask(http, "GET", f"http://{inside}:8000/")


def test_plain_http_is_for_this_machine_only():
    with (
        guarded_client(local=True, resolve=resolving("93.184.215.14")) as http,
        pytest.raises(Unreachable),
    ):
        ask(http, "GET", "http://issuer.example/")


def test_what_was_compressed_or_is_too_long_is_refused():
    def squeeze(request):
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Endless())

    def pour(request):
        return httpx.Response(200, stream=Endless())

    for answer in (squeeze, pour):
        with (
            httpx.Client(transport=httpx.MockTransport(answer)) as http,
            pytest.raises(Unreachable),
        ):
            ask(http, "GET", "https://issuer.example/")


class Endless(httpx.SyncByteStream):
    def __iter__(self):
        while True:
            yield b"\x1f\x8b" * 100_000
