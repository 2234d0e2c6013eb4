import contextlib
import socket
import threading

import pytest
import uvicorn
from fastapi import FastAPI, Request

from issuer.web.http_protocol import MAX_HEAD, BoundedProtocol

app = FastAPI()


@app.api_route("/echo", methods=["GET", "POST"])
async def echo(request: Request):
    body = await request.body()
    return {"read": len(body), "headers": dict(request.headers)}


@pytest.fixture(scope="module")
def port():
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, http=BoundedProtocol, ws="none", log_level="critical"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def answers(port, *parts):
    """Send the parts, and return all that came until the service hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        with contextlib.suppress(ConnectionError):  # refused before all was sent
            for part in parts:
                wire.sendall(part)
        came = b""
        with contextlib.suppress(ConnectionError):
            while more := wire.recv(2**16):
                came += more
    return came.decode()


HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
OPEN = b"GET /echo HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        ([HEAD + b"Content-Length: 3\r\n\r\nabc"], 3),
        ([HEAD + b"Content-Length: 3\r\n\r", b"\n", b"ab", b"c"], 3),
        ([CHUNKED, b"2\r\nab\r\n", b"1\r\nc\r\n0\r\n\r\n"], 3),
        ([HEAD + b"Content-Length: 300000\r\n\r\n", b"x" * 300_000], 300_000),
        ([HEAD + b"X-Long: " + b"x" * (MAX_HEAD - 200) + b"\r\n\r\n"], 0),
        ([b"GET /echo HTTP/1.0\r\n\r\n"], 0),
    ],
    ids=["whole", "in pieces", "chunked", "large body", "large head", "HTTP/1.0 without Host"],
)
def test_a_request_is_read_however_it_comes(port, parts, read):
    came = answers(port, *parts)
    assert came.startswith("HTTP/1.1 200 OK")
    assert f'"read":{read},' in came


def test_one_connection_carries_request_after_request(port):
    came = answers(port, OPEN + b"\r\n" + OPEN + b"\r\n", HEAD + b"Content-Length: 0\r\n\r\n")
    assert came.count("HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    "parts",
    [
        [b"GET /echo HTTP/1.1\r\n\r\n"],
        [OPEN + b"Host: y\r\n\r\n"],
        [OPEN + b"X-Long: " + b"x" * MAX_HEAD + b"\r\n\r\n"],
        [OPEN + b"X-Long: ", *[b"x" * 8192] * 12],
        [OPEN, *[b"X-Next: y\r\n" * 1000] * 8],
        [b"GET /" + b"x" * 8192, *[b"x" * 8192] * 12],
        [OPEN + b"X: \x01\r\n\r\n"],
        [OPEN + b"X : y\r\n\r\n"],
        [b"not HTTP\r\n\r\n"],
        [HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"],
        [HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"],
        [HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"],
        [CHUNKED, b"zz\r\n"],
    ],
    ids=[
        "no Host",
        "two Hosts",
        "a head that is too large",
        "a header without end",
        "headers without end",
        "an address without end",
        "a control character",
        "a space before the colon",
        "no HTTP",
        "two lengths: header and chunks",
        "two lengths: two headers",
        "another coding after the chunks",
        "a chunk without a size",
    ],
)
def test_what_others_might_read_otherwise_or_never_ends_is_refused(port, parts):
    came = answers(port, *parts)
    assert came.startswith("HTTP/1.1 400 Bad Request")
    assert "200 OK" not in came


@pytest.mark.parametrize(
    "endless",
    [[b"0\r\nX-Trailer: ", *[b"x" * 8192] * 12], [b"1;" + b"x" * 8192, *[b"x" * 8192] * 12]],
    ids=["a trailer without end", "a chunk's extension without end"],
)
def test_what_goes_on_beside_a_body_is_cut_off(port, endless):
    assert "200 OK" not in answers(port, CHUNKED, *endless)


def test_a_trailer_is_no_header(port):
    came = answers(port, CHUNKED, b"1\r\na\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n")
    assert "200 OK" in came
    assert "6.6.6.6" not in came


def test_nobody_is_upgraded_to_another_protocol(port):
    upgrade = b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    assert "101" not in answers(port, OPEN + upgrade).partition("\r\n")[0]
