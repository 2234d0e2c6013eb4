"""A mail server on this machine, as small as one can be."""

import socket
import threading
from datetime import UTC, datetime

import pytest

from issuer.errors import MailRefused, MailUnavailable
from issuer.mail.letter import Letter, write_message
from issuer.mail.transport import Folder, Smtp
from issuer.settings import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MESSAGE = write_message(
    Letter("a@b.example", "subject", "text"), "no-reply@c.example", "<1.x@c.example>", NOW
)


class Server:
    """Answers one client; `answers` replaces what it would say to a command."""

    def __init__(self, answers):
        self.answers = answers
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        client, _ = self.listener.accept()
        with client, client.makefile("rwb") as line:
            self.say(line, self.answers.get("HELLO", "220 ready"))
            inside = False
            for raw in line:
                heard = raw.decode().rstrip()
                self.heard.append(heard)
                verb = "BODY" if inside and heard == "." else heard.partition(" ")[0].upper()
                if inside and verb != "BODY":
                    continue
                inside = verb == "DATA" and "DATA" not in self.answers
                usual = {"DATA": "354 go on", "QUIT": "221 bye", "EHLO": "250 SIZE 1000000"}
                self.say(line, self.answers.get(verb, usual.get(verb, "250 ok")))
                if verb == "QUIT":
                    return

    def say(self, line, text):
        line.write(text.encode() + b"\r\n")
        line.flush()

    def close(self):
        self.listener.close()
        self.thread.join(5)


@pytest.fixture
def server():
    made = []

    def start(**answers):
        made.append(Server(answers))
        return made[-1]

    yield start
    for each in made:
        each.close()


def smtp(port, **settings):
    return Smtp(Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", **settings))


def test_a_message_is_handed_over(server):
    there = server()
    smtp(there.port).send(MESSAGE)
    assert "rcpt TO:<a@b.example>" in there.heard
    assert "Message-ID: <1.x@c.example>" in there.heard


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "550 no such user"}, MailRefused),
        ({"RCPT": "451 later"}, MailUnavailable),
        ({"MAIL": "421 busy"}, MailUnavailable),
        ({"DATA": "451 later"}, MailUnavailable),
        ({"BODY": "452 full"}, MailUnavailable),
        ({"HELLO": "554 go away"}, MailUnavailable),
    ],
)
def test_a_refusal_is_for_now_or_for_good(server, answers, error):
    there = server(**answers)
    with pytest.raises(error):
        smtp(there.port).send(MESSAGE)


def test_no_server_is_for_now():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(MailUnavailable):
        smtp(port).send(MESSAGE)


def test_nothing_is_sent_in_the_clear_where_tls_is_asked_for(server):
    there = server()
    settings = Settings(smtp_host="127.0.0.1", smtp_port=there.port)
    with pytest.raises((MailUnavailable, MailRefused)):
        Smtp(settings).send(MESSAGE)
    assert not any(heard.upper().startswith(("MAIL", "RCPT", "AUTH")) for heard in there.heard)


def test_a_password_is_told_to_nobody():
    assert "open sesame" not in repr(Settings(smtp_password="open sesame"))


def test_a_folder_keeps_mails_for_its_owner_only(tmp_path):
    Folder(tmp_path / "mail").send(MESSAGE)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "1.xc.example.eml"
    assert file.stat().st_mode & 0o077 == 0
    assert b"subject" in file.read_bytes()
