from datetime import timedelta

import pytest

from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidLetter, MailRefused, MailUnavailable
from issuer.mail import store
from issuer.mail.letter import Letter
from issuer.mail.service import BACKOFF, Postman, postman_of
from issuer.mail.transport import Folder, Smtp, transport_of


class Server:
    """A mail server that answers as told."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []
        self.tried = []

    def send(self, message):
        self.tried.append(message["Message-ID"])
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.sent.append(message)


def write(instance, number):
    return Letter(f"learner{number}@b.example", "subject", "text")


@pytest.fixture
def queue(instance):
    def add(*numbers, kind="claim"):
        with unit_of_work(instance.engine) as connection:
            return store.add(connection, kind, numbers, instance.now())

    return add


@pytest.fixture
def states(instance):
    def read():
        with reading(instance.engine) as connection:
            return store.states(connection)

    return read


def test_each_mail_goes_out_once(instance, queue, states):
    server = Server()
    postman = Postman(instance, server, {"claim": write})
    assert queue(1, 2, 2) == 2
    assert queue(2, 3) == 1
    assert postman.round() == 3
    assert postman.round() == 0
    assert [message["To"] for message in server.sent] == [
        f"learner{number}@b.example" for number in (1, 2, 3)
    ]
    assert states() == {"waiting": 0, "sent": 3, "given up": 0}


def test_a_failed_mail_is_tried_again_later_with_the_same_id(instance, queue, states, clock):
    server = Server(MailUnavailable("answer 451"), MailUnavailable("TimeoutError"))
    postman = Postman(instance, server, {"claim": write})
    queue(1)
    assert postman.round() == 0
    assert postman.round() == 0
    assert len(server.tried) == 1
    clock.forward(minutes=1)
    assert postman.round() == 0
    clock.forward(minutes=1)
    assert len(server.tried) == 2
    clock.forward(minutes=5)
    assert postman.round() == 1
    assert len(server.tried) == 3
    assert len(set(server.tried)) == 1
    assert states()["sent"] == 1


def test_we_give_up_in_the_end(instance, queue, states, clock):
    server = Server(*[MailUnavailable("answer 451")] * 100)
    postman = Postman(instance, server, {"claim": write})
    queue(1)
    for _ in range(30):
        postman.round()
        clock.forward(days=1)
    assert len(server.tried) == len(BACKOFF)
    assert states() == {"waiting": 0, "sent": 0, "given up": 1}


def test_what_is_refused_for_good_is_not_tried_again(instance, queue, states, clock):
    server = Server(MailRefused("answer 550"))
    postman = Postman(instance, server, {"claim": write})
    queue(1, 2)
    assert postman.round() == 1
    clock.forward(days=9)
    assert postman.round() == 0
    assert states() == {"waiting": 0, "sent": 1, "given up": 1}


def test_a_letter_that_cannot_be_written_harms_no_other(instance, queue, states):
    def odd(instance, number):
        if number == 1:
            raise InvalidLetter("no address")
        return None if number == 2 else write(instance, number)

    postman = Postman(instance, Server(), {"claim": odd})
    queue(1, 2, 3)
    queue(4, kind="unheard of")
    assert postman.round() == 1
    assert states() == {"waiting": 0, "sent": 1, "given up": 3}


def test_two_workers_never_send_the_same_mail(instance, queue):
    slow, fast = Server(), Server()
    other = Postman(instance, fast, {"claim": write})

    def interrupted(instance, number):
        assert other.round() == 0
        return write(instance, number)

    queue(1)
    assert Postman(instance, slow, {"claim": interrupted}).round() == 1
    assert fast.tried == []


def test_what_a_crash_left_is_sent_again(instance, queue, clock):
    class Crash(Exception):
        pass

    def crash(instance, number):
        raise Crash

    queue(1)
    with pytest.raises(Crash):
        Postman(instance, Server(), {"claim": crash}).round()
    clock.forward(minutes=1)
    assert Postman(instance, Server(), {"claim": write}).round() == 1


def test_no_address_and_no_text_is_in_the_store(instance, queue):
    queue(1)
    Postman(instance, Server(MailUnavailable("answer 451")), {"claim": write}).round()
    with reading(instance.engine) as connection:
        rows = connection.exec_driver_sql("SELECT * FROM mail").all()
    assert "learner1" not in str(rows)


def test_mail_goes_where_the_settings_say(instance, tmp_path):
    def having(**settings):
        return instance.settings.model_copy(update=settings)

    assert transport_of(having()) is None
    assert postman_of(instance, {}) is None
    assert isinstance(transport_of(having(smtp_host="mail.example")), Smtp)
    local = {"mail_folder": tmp_path, "base_url": "http://localhost:8000"}
    assert isinstance(transport_of(having(**local)), Folder)
    public = having(mail_folder=tmp_path, base_url="https://badges.example")
    assert transport_of(public) is None
    assert all(pause >= timedelta(minutes=1) for pause in BACKOFF)
