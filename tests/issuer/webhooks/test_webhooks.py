import asyncio
import threading
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import orjson
import pytest
from sqlalchemy import insert, select, update
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from badges.award import Learner
from issuer.app.calls import keep_calling
from issuer.awarding.artefacts import issue_again
from issuer.awarding.model import Decision, Order
from issuer.awarding.service import Wish, award_one
from issuer.awarding.standing import Change, change_awards
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import batch, issuance
from issuer.db.webhook_tables import webhook_delivery
from issuer.errors import InvalidAccount, NotFound
from issuer.instance import wall_clock
from issuer.settings import Settings
from issuer.status.service import Act
from issuer.webhooks import events, service, store
from issuer.webhooks.delivering import PAUSES, Courier
from issuer.webhooks.door import send_of
from issuer.webhooks.model import OF_ONE, Kind, State

KEY = "energy-positive-neighbourhoods"
HOLDER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
PUBLIC = "https://campus.example/hook"


class Receiver(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.calls = [], []
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.calls.append((dict(self.headers), body, self.path))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def owner(alliance, achievements):
    number = achievements[KEY].organisation_id
    return next(found for found in alliance if found.id == number)


@pytest.fixture
def courier(instance):
    demo = Settings(data=instance.settings.data, base_url="http://localhost:8000")
    return Courier(instance, send_of(demo))


@pytest.fixture
def strict(instance):
    return Courier(instance, send_of(instance.settings))


@pytest.fixture
def hook(instance, owner, receiver):
    """A webhook that listens on loopback, as in a demo."""
    made = service.make(instance, owner.id, PUBLIC, frozenset(Kind), "cli")
    with unit_of_work(instance.engine) as connection:
        store.change(connection, store.listed(connection, owner.id)[0].id, url=receiver.url)
    return made


@pytest.fixture
def given(instance, hook):
    person = Learner(given_name="Zebedee", family_name="Quux", email="zebedee@quux.example")
    return award_one(instance, Wish(KEY, Decision(person, date(2026, 6, 12)))).issuance


def sent(instance, owner):
    with reading(instance.engine) as connection:
        return store.recent(connection, owner.id, 20)


def test_an_issued_credential_is_told_once_with_a_signature_the_library_accepts(
    courier, owner, given, hook, receiver
):
    instance = courier.instance
    live = replace(instance, now=wall_clock)
    with unit_of_work(instance.engine) as connection:
        store.note(connection, sent(instance, owner)[0].id, due_at=wall_clock())
    assert Courier(live, courier.send).round() == 1
    assert Courier(live, courier.send).round() == 0
    [(headers, body, _)] = receiver.calls
    told = Webhook(hook.secret).verify(body, headers)
    assert told["type"] == "credential.issued"
    assert told["data"] == {
        "credential_id": given.credential_id,
        "award": given.award_id,
        "achievement": KEY,
        "organisation": owner.slug,
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.secret).verify(body + b" ", headers)


def test_no_call_holds_anything_about_a_person(courier, given, receiver):
    courier.round()
    for headers, body, path in receiver.calls:
        said = f"{headers} {body} {path}".lower()
        assert "zebedee" not in said
        assert "quux" not in said
    assert receiver.calls


def test_every_change_of_standing_is_told(instance, owner, given, clock):
    change_awards(instance, [given.award_id], Change.REVOKE, Act("cli", clock()))
    assert [each.kind for each in sent(instance, owner)] == [Kind.REVOKED, Kind.ISSUED]


def test_a_credential_in_a_wallet_is_told_once_for_each_copy_in_the_commit_that_hands_it_out(
    instance, owner, given
):
    order = Order(format="jwt_vc_json", holder=HOLDER)
    copy = issue_again(instance, given.award_id, order).issuance
    assert issue_again(instance, given.award_id, order).issuance == copy
    claimed = [each for each in sent(instance, owner) if each.kind == Kind.CLAIMED]
    assert [orjson.loads(each.body)["data"] for each in claimed] == [
        {
            "credential_id": copy.credential_id,
            "award": given.award_id,
            "achievement": KEY,
            "organisation": owner.slug,
        }
    ]
    assert HOLDER not in claimed[0].body


def test_a_file_is_no_claim_of_a_wallet(instance, owner, given):
    issue_again(instance, given.award_id, Order(format="jwt_vc_json"))
    assert {each.kind for each in sent(instance, owner)} == {Kind.ISSUED}


def test_who_signs_in_anothers_stead_is_told_too_and_who_awards_is_named(
    instance, alliance, owner, given, clock
):
    signs = alliance[0]
    service.make(instance, signs.id, PUBLIC, frozenset({Kind.REVOKED}), "cli")
    with unit_of_work(instance.engine) as connection:
        connection.execute(update(issuance).values(organisation_id=signs.id))
        events.changed(connection, [given.award_id], Kind.REVOKED, clock())
    for told in (sent(instance, owner)[0], sent(instance, signs)[0]):
        assert told.kind == Kind.REVOKED
        assert orjson.loads(told.body)["data"]["organisation"] == owner.slug


def test_a_finished_list_is_told(instance, owner, achievements, hook, clock):
    row = {
        "organisation_id": owner.id,
        "achievement_id": achievements[KEY].id,
        "actor": "cli",
        "source_name": "zebedee.csv",
        "source_digest": "0" * 64,
        "created_at": clock(),
    }
    with unit_of_work(instance.engine) as connection:
        number = connection.execute(insert(batch).values(row).returning(batch.c.id)).scalar_one()
        events.batch_finished(connection, number, clock())
    [found] = sent(instance, owner)
    assert found.kind == Kind.FINISHED
    data = {"batch": number, "achievement": KEY, "organisation": owner.slug}
    assert orjson.loads(found.body)["data"] == data


def test_after_a_failure_it_is_sent_again_later_and_later_and_then_given_up(
    courier, owner, given, receiver, clock
):
    instance = courier.instance
    receiver.answers = [500] * (len(PAUSES) + 1)
    for pause in PAUSES:
        assert courier.round() == 0
        assert courier.round() == 0
        clock.forward(seconds=pause.total_seconds())
    courier.round()
    [found] = sent(instance, owner)
    assert (found.state, found.tries, found.last_code) == (State.DEAD, len(PAUSES) + 1, 500)
    assert len({headers["webhook-id"] for headers, _, _ in receiver.calls}) == 1
    service.replay(instance, owner.id, found.id, "cli")
    assert courier.round() == 1
    assert sent(instance, owner)[0].state is State.DELIVERED


def test_a_redirect_is_a_failure_and_is_never_followed(courier, instance, owner, given, receiver):
    receiver.answers = [307]
    assert courier.round() == 0
    assert [path for _, _, path in receiver.calls] == ["/hook"]
    assert sent(instance, owner)[0].state is State.WAITING


def test_a_public_service_never_calls_an_inside_address(strict, instance, owner, given, receiver):
    assert strict.round() == 0
    assert receiver.calls == []
    assert "https" in sent(instance, owner)[0].last_error


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "url",
    [
        "http://campus.example/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://campus.example:8443/",
        "https://me:word@campus.example/",
        "https://[",
        "",
    ],
)
def test_addresses_we_would_never_call_are_refused_by_name(instance, owner, url):
    with pytest.raises(InvalidAccount) as refused:
        service.make(instance, owner.id, url, frozenset(Kind), "cli")
    assert "https://" in refused.value.by_field["url"]
    with reading(instance.engine) as connection:
        assert store.listed(connection, owner.id) == []


def test_two_couriers_never_take_the_same_call(instance, owner, given, clock):
    lease, hook = timedelta(minutes=2), sent(instance, owner)[0].hook.id
    with unit_of_work(instance.engine) as connection:
        assert store.due(connection, clock()) == [hook]
        assert len(store.claim(connection, hook, clock(), 50, lease)) == 1
    with unit_of_work(instance.engine) as connection:
        assert store.due(connection, clock()) == []
        assert store.claim(connection, hook, clock(), 50, lease) == []
    clock.forward(minutes=3)
    with unit_of_work(instance.engine) as connection:
        assert len(store.claim(connection, hook, clock(), 50, lease)) == 1


class Sender:
    """A network whose every address behaves as told: a status, an exception, or waiting."""

    def __init__(self, **behaviour):
        self.behaviour, self.sent, self.now, self.most = behaviour, [], 0, 0

    async def __call__(self, url, body, headers):
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(0.001)
            does = self.behaviour[urlsplit(url).hostname.partition(".")[0]]
            if isinstance(does, asyncio.Event):
                await does.wait()
            elif isinstance(does, Exception):
                raise does
            self.sent.append((url, headers["webhook-id"]))
            return 204
        finally:
            self.now -= 1


@pytest.fixture
def queue(instance, owner):
    """Queue some calls for a receiver of that name; return its number."""

    def queue_some(name, count):
        service.make(instance, owner.id, f"https://{name}.example/", frozenset(Kind), "cli")
        told = {"type": Kind.ISSUED, "body": "{}", "state": State.WAITING}
        told |= {"due_at": instance.now(), "created_at": instance.now()}
        with unit_of_work(instance.engine) as connection:
            hook = store.listed(connection, owner.id)[0].id
            rows = [told | {"webhook_id": hook, "event_id": f"evt_{name}{n}"} for n in range(count)]
            store.queue(connection, rows)
        return hook

    return queue_some


def states(instance, hook):
    column = webhook_delivery.c.state
    with reading(instance.engine) as connection:
        found = connection.scalars(select(column).where(webhook_delivery.c.webhook_id == hook))
        return Counter(found)


def test_a_round_goes_on_while_something_is_due_and_never_does_more_than_some_at_a_time(
    instance, queue
):
    many, few = queue("many", 61), queue("few", 3)
    sender = Sender(many=204, few=204)
    assert Courier(instance, sender).round() == 64
    assert len({event for _, event in sender.sent}) == 64
    assert states(instance, many) == {State.DELIVERED: 61}
    assert states(instance, few) == {State.DELIVERED: 3}
    assert OF_ONE <= sender.most <= 2 * OF_ONE


def test_what_nobody_expected_of_one_call_is_a_failed_try_and_ends_nothing(
    instance, queue, clock, caplog
):
    broken, well = queue("broken", 2), queue("well", 2)
    sender = Sender(broken=RuntimeError("the secret of zebedee"), well=204)
    assert Courier(instance, sender).round() == 2
    assert states(instance, well) == {State.DELIVERED: 2}
    assert states(instance, broken) == {State.WAITING: 2}
    assert "RuntimeError" in caplog.text
    assert "zebedee" not in caplog.text
    clock.forward(seconds=PAUSES[0].total_seconds())
    sender.behaviour["broken"] = 204
    assert Courier(instance, sender).round() == 2
    assert states(instance, broken) == {State.DELIVERED: 2}


async def until(is_so):
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - the store tells nobody when it changes
            await asyncio.sleep(0.005)


async def stop(task):
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_running_service_calls_by_itself_until_it_is_told_to_stop(courier, given, receiver):
    demo = Settings(data=courier.instance.settings.data, base_url="http://localhost:8000")
    calling = keep_calling(replace(courier.instance, settings=demo), 0.01)

    async def go():
        task = asyncio.create_task(calling)
        await until(lambda: receiver.calls)
        await stop(task)

    asyncio.run(go())
    assert [path for _, _, path in receiver.calls] == ["/hook"]


def test_a_slow_receiver_holds_up_only_itself(instance, queue):
    async def go():
        release = asyncio.Event()
        slow, sender = queue("slow", OF_ONE + 1), Sender(slow=release, quick=204)
        going = asyncio.create_task(Courier(instance, sender).go_on(0.01))
        await until(lambda: sender.now == OF_ONE)
        quick = queue("quick", 2 * OF_ONE)
        await until(lambda: states(instance, quick) == {State.DELIVERED: 2 * OF_ONE})
        assert states(instance, slow) == {State.WAITING: OF_ONE + 1}
        release.set()
        await until(lambda: states(instance, slow) == {State.DELIVERED: OF_ONE + 1})
        await stop(going)

    asyncio.run(go())


def test_calls_that_are_over_are_forgotten_after_a_month_and_those_to_be_made_are_not(
    instance, owner, queue, clock
):
    arrived, waiting, closed = queue("arrived", 2), queue("waiting", 1), queue("closed", 1)
    assert Courier(instance, Sender(arrived=204, waiting=OSError(), closed=OSError())).round() == 2
    with reading(instance.engine) as connection:
        [name] = [h.name for h in store.listed(connection, owner.id) if h.id == closed]
    service.close(instance, owner.id, name, "cli")
    clock.forward(days=service.KEPT.days)
    assert service.forget_calls(instance) == 0
    clock.forward(days=1)
    assert service.forget_calls(instance) == 3
    assert states(instance, arrived) == states(instance, closed) == {}
    assert states(instance, waiting) == {State.WAITING: 1}


def test_a_closed_webhook_is_told_nothing_and_another_secret_signs_from_then_on(
    courier, owner, given, hook, receiver
):
    instance = courier.instance
    with reading(instance.engine) as connection:
        name = store.listed(connection, owner.id)[0].name
    assert service.rotate(instance, owner.id, name, "cli").secret != hook.secret
    service.close(instance, owner.id, name, "cli")
    assert courier.round() == 0
    assert receiver.calls == []
    with pytest.raises(NotFound):
        service.rotate(instance, owner.id, name, "cli")


def test_what_is_anothers_is_not_there(instance, alliance, owner, given):
    other = next(each for each in alliance if each.id != owner.id)
    [found] = sent(instance, owner)
    for act in (service.rotate, service.close):
        with pytest.raises(NotFound):
            act(instance, other.id, found.hook.name, "cli")
    with unit_of_work(instance.engine) as connection:
        store.note(connection, found.id, state=State.DEAD)
    with pytest.raises(NotFound):
        service.replay(instance, other.id, found.id, "cli")
    assert sent(instance, owner)[0].state is State.DEAD
