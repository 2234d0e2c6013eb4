"""The door to the web: what may pass, and what never reaches a socket."""

import asyncio
import gzip
import itertools
import socket
import threading
from datetime import timedelta

import pytest

from did.errors import FetchRefused
from did.fetch import Policy, web_fetch
from did.fetch.cache import Cache

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "0.0.0.0",  # noqa: S104 - nothing is bound here
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "::",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]


@pytest.fixture
def door(server, names, trust, clock):
    """A door whose port rule lets the listener be reached: only the address rule stands."""

    def make(**limits):
        limits = {"ports": frozenset({server.port, 443})} | limits
        return web_fetch(Policy(**limits), now=clock, resolve=names, ssl_context=trust)

    return make


@pytest.fixture
def open_door(door, names):
    """A door for which loopback counts as the public Internet."""
    names.table["uni.example"] = [["127.0.0.1"]]
    return lambda **limits: door(is_allowed=lambda address: address.is_loopback, **limits)


@pytest.mark.parametrize("address", INSIDE)
def test_v9_a_name_with_an_inside_address_is_never_connected_to(address, door, server, names, run):
    names.table["evil.example"] = [[address]]
    with pytest.raises(FetchRefused, match="inside a network"):
        run(door().get(f"https://evil.example:{server.port}/did.json"))
    assert server.connections == 0


def test_v9_one_inside_address_among_public_ones_spoils_them(door, server, names, run):
    names.table["evil.example"] = [["93.184.216.34", "127.0.0.1"]]
    with pytest.raises(FetchRefused, match="inside a network"):
        run(door().get(f"https://evil.example:{server.port}/did.json"))
    assert server.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "localhost",
        "LOCALHOST.",
        "0",
        "0.0.0.0",  # noqa: S104 - nothing is bound here
        "[::]",
        "127。0。0。1",
        "169.254.169.254",
        "10.0.0.1",
        "[fd00:ec2::254]",
    ],
)
def test_v9_no_spelling_of_an_inside_address_is_connected_to(host, server, trust, clock, run):
    policy = Policy(ports=frozenset({server.port}))
    fetch = web_fetch(policy, now=clock, ssl_context=trust)
    assert run(fetch([f"https://{host}:{server.port}/did.json"])) == {}
    assert server.connections == 0


@pytest.mark.parametrize("host", ["[::1]", "[0:0:0:0:0:0:0:1]", "localhost", "[::ffff:127.0.0.1]"])
def test_v9_no_spelling_of_the_ipv6_loopback_is_connected_to(host, trust, clock, run):
    try:
        listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener:
        listener.settimeout(0.05)
        port = listener.getsockname()[1]
        fetch = web_fetch(Policy(ports=frozenset({port})), now=clock, ssl_context=trust)
        with pytest.raises(FetchRefused, match=r"inside a network|not on the public Internet"):
            run(fetch.get(f"https://{host}:{port}/did.json"))
        with pytest.raises(TimeoutError):
            listener.accept()


def test_v9_a_name_that_changes_its_address_is_resolved_once(door, server, names, run):
    names.table["evil.example"] = [["93.184.216.34"], ["127.0.0.1"]]
    assert run(door(seconds=2)([f"https://evil.example:{server.port}/did.json"])) == {}
    assert names.asked == ["evil.example"]
    assert server.connections == 0


def test_the_connection_goes_to_the_checked_address_not_to_the_name(door, server, names, run):
    names.table["localhost"] = [["93.184.216.34"]]  # the system itself would say 127.0.0.1
    assert run(door(seconds=2)([f"https://localhost:{server.port}/did.json"])) == {}
    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://uni.example/did.json",
        "https://uni.example:8443/did.json",
        "https://uni.example:80/did.json",
        "ftp://uni.example/did.json",
        "file:///etc/passwd",
        "data:application/json,{}",
        "gopher://uni.example/",
        "//uni.example/did.json",
        "/did.json",
        "",
        "https://",
        "https:///did.json",
        "https://user@uni.example/did.json",
        "https://user:secret@uni.example/did.json",
        "https://uni.example\n.evil.example/",
        "https://uni.example:99999/",
        "https://uni.example/" + "a" * 2048,
    ],
)
def test_v9_an_address_outside_the_rules_is_not_even_resolved(url, names, trust, clock, run):
    names.table["uni.example"] = [["127.0.0.1"]]
    fetch = web_fetch(now=clock, resolve=names, ssl_context=trust)
    assert run(fetch([url])) == {}
    assert names.asked == []


@pytest.mark.parametrize("host", ["\u00fcni.example", "xn--ni-wka.example", "XN--NI-WKA.example."])
def test_a_name_with_accents_is_asked_for_in_ascii(host, names, trust, clock, run):
    fetch = web_fetch(now=clock, resolve=names, ssl_context=trust)
    assert run(fetch([f"https://{host}/did.json"])) == {}
    assert names.asked == ["xn--ni-wka.example"]


def test_a_public_document_comes_back_as_it_is(open_door, server, names, run, clock):
    server.pages["/did.json"] = (200, {"Content-Type": "application/did+json"}, [b'{"a":', b"1}"])
    url = f"https://uni.example:{server.port}/did.json"

    answers = run(open_door()([url]))

    answer = answers[url]
    assert (answer.url, answer.status, answer.body) == (url, 200, b'{"a":1}')
    assert answer.content_type == "application/did+json"
    assert answer.fetched_at == clock()


def test_the_name_stays_in_tls_and_in_the_host_header(open_door, server, run):
    server.pages["/x"] = (200, {}, [b"{}"])
    run(open_door().get(f"https://uni.example:{server.port}/x"))

    [(_, headers)] = server.seen
    assert headers["host"] == f"uni.example:{server.port}"
    assert server.names == ["uni.example"]
    assert "cookie" not in headers
    assert "authorization" not in headers


def test_a_certificate_for_another_name_is_refused(open_door, server, names, run):
    names.table["other.example"] = [["127.0.0.1"]]
    with pytest.raises(FetchRefused, match="does not let us connect"):
        run(open_door().get(f"https://other.example:{server.port}/x"))
    assert server.seen == []


def test_a_certificate_of_an_unknown_authority_is_refused(server, names, clock, run):
    names.table["uni.example"] = [["127.0.0.1"]]
    policy = Policy(ports=frozenset({server.port}), is_allowed=lambda _: True)
    fetch = web_fetch(policy, now=clock, resolve=names)
    with pytest.raises(FetchRefused):
        run(fetch.get(f"https://uni.example:{server.port}/x"))
    assert server.seen == []


def test_a_missing_document_is_an_answer_too(open_door, server, run):
    assert run(open_door().get(f"https://uni.example:{server.port}/none")).status == 404


def redirect(server, path, target, status=302):
    server.pages[path] = (status, {"Location": target}, [b""])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_answer_keeps_the_first_address(
    status, open_door, server, run
):
    redirect(server, "/a", "/b", status)
    server.pages["/b"] = (200, {}, [b"here"])
    url = f"https://uni.example:{server.port}/a"
    answer = run(open_door().get(url))
    assert (answer.url, answer.body) == (url, b"here")


@pytest.mark.parametrize(
    "target",
    [
        "https://inside.example:{port}/b",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]:{port}/b",
        "http://uni.example:{port}/b",
        "https://uni.example:22/b",
        "https://user@uni.example:{port}/b",
        "file:///etc/passwd",
        "",
        "https://[",
    ],
)
def test_v9_a_redirect_to_a_forbidden_place_is_refused(target, door, server, names, run):
    def only_the_first(address):
        return str(address) == "127.0.0.1"

    names.table |= {"uni.example": [["127.0.0.1"]], "inside.example": [["127.0.0.2"]]}
    redirect(server, "/a", target.format(port=server.port))
    server.pages["/b"] = (200, {}, [b"secret"])

    answers = run(door(is_allowed=only_the_first)([f"https://uni.example:{server.port}/a"]))

    assert answers == {}
    assert [path for path, _ in server.seen] == ["/a"]


def test_a_third_redirect_is_refused(open_door, server, run):
    for a, b in itertools.pairwise("abcd"):
        redirect(server, f"/{a}", f"/{b}")
    server.pages["/d"] = (200, {}, [b"here"])
    with pytest.raises(FetchRefused, match="too often"):
        run(open_door().get(f"https://uni.example:{server.port}/a"))
    assert run(open_door().get(f"https://uni.example:{server.port}/b")).body == b"here"


def test_redirects_can_be_switched_off(open_door, server, run):
    redirect(server, "/a", "/b")
    with pytest.raises(FetchRefused, match="too often"):
        run(open_door(max_redirects=0).get(f"https://uni.example:{server.port}/a"))
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("path", "limit"), [("/did.json", 2**20), ("/o/uni/did.json", 2**20), ("/status/1", 2**22)]
)
def test_a_body_has_its_limit(path, limit, open_door, server, run):
    url = f"https://uni.example:{server.port}{path}"
    server.pages[path] = (200, {}, [bytes(limit + 1)])
    assert run(open_door()([url])) == {}
    server.pages[path] = (200, {}, [bytes(limit)])
    assert len(run(open_door()([url]))[url].body) == limit


def test_an_endless_body_is_cut_off(open_door, server, run):
    sent = []

    def forever():
        while len(sent) < 10_000:
            sent.append(65_536)
            yield bytes(65_536)

    server.pages["/status/1"] = (200, {}, forever())
    assert run(open_door()([f"https://uni.example:{server.port}/status/1"])) == {}
    assert sum(sent) < 64 * 2**20


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_a_compressed_body_is_refused_unread(encoding, open_door, server, run):
    server.pages["/x"] = (200, {"Content-Encoding": encoding}, [gzip.compress(bytes(2**24))])
    with pytest.raises(FetchRefused, match="compressed"):
        run(open_door().get(f"https://uni.example:{server.port}/x"))


def test_a_slow_server_is_given_up(open_door, server, run):
    def trickle():
        for _ in range(100):
            yield b"x"
            stop.wait(0.05)

    stop = threading.Event()
    server.pages["/x"] = (200, {}, trickle())
    with pytest.raises(FetchRefused, match="took over"):
        run(open_door(seconds=0.4).get(f"https://uni.example:{server.port}/x"))
    stop.set()


def test_a_slow_resolver_is_given_up(door, names, trust, clock, run):
    async def never(host, port):
        await asyncio.Event().wait()

    fetch = web_fetch(Policy(seconds=0.05), now=clock, resolve=never, ssl_context=trust)
    with pytest.raises(FetchRefused, match="took over"):
        run(fetch.get("https://uni.example/x"))


def test_what_cannot_be_had_does_not_spoil_the_rest(open_door, server, run):
    server.pages["/x"] = (200, {}, [b"here"])
    good = f"https://uni.example:{server.port}/x"
    answers = run(open_door()([good, "http://uni.example/", "https://nobody.example/"]))
    assert list(answers) == [good]


def test_one_call_names_only_so_many_addresses(open_door, server, run):
    urls = [f"https://uni.example:{server.port}/{number}" for number in range(5)]
    assert len(run(open_door(max_urls=3)(urls))) == 3
    assert len(server.seen) == 3


def test_only_so_many_are_asked_at_once(door, clock, trust, run):
    busy, most = 0, 0

    async def slow(host, port):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.01)
        busy -= 1
        return []

    fetch = web_fetch(Policy(concurrency=2), now=clock, resolve=slow, ssl_context=trust)
    run(fetch([f"https://{letter}.example/" for letter in "abcdefgh"]))
    assert most == 2


def test_an_answer_is_asked_for_once(open_door, server, run):
    server.pages["/x"] = (200, {}, [b"here"])
    fetch = open_door()
    url = f"https://uni.example:{server.port}/x"
    assert run(fetch([url, url])) == run(fetch([url]))
    assert len(server.seen) == 1


def test_an_old_answer_is_asked_for_again(server, names, trust, clock, run):
    names.table["uni.example"] = [["127.0.0.1"]]
    server.pages["/x"] = (200, {}, [b"here"])
    times = [clock()]
    policy = Policy(ports=frozenset({server.port}), is_allowed=lambda _: True)
    fetch = web_fetch(policy, now=lambda: times[0], resolve=names, ssl_context=trust, cache=Cache())
    url = f"https://uni.example:{server.port}/x"
    run(fetch.get(url))
    times[0] += timedelta(minutes=5)
    run(fetch.get(url))
    assert len(server.seen) == 2


def test_an_origin_the_operator_trusts_may_be_inside(door, server, names, run):
    names.table["localhost"] = [["127.0.0.1"]]
    server.pages["/x"] = (200, {}, [b"here"])
    origin = f"https://localhost:{server.port}"
    fetch = door(trusted_origins=frozenset({origin}))
    assert run(fetch.get(f"{origin}/x")).body == b"here"
    assert run(fetch([f"https://127.0.0.1:{server.port}/x"])) == {}


def test_the_next_address_is_tried_when_one_is_out_of_reach(open_door, server, names, run):
    names.table["uni.example"] = [["127.0.0.9", "127.0.0.1"]]
    server.pages["/x"] = (200, {}, [b"here"])
    assert run(open_door().get(f"https://uni.example:{server.port}/x")).body == b"here"
