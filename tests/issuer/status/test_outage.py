"""A day without issuer and database: lists are served all the same, and verifiers believe them."""

from dataclasses import replace
from datetime import datetime, timedelta

import orjson
import pytest
from fastapi.testclient import TestClient

from badges.verify import Case, Verdict, check, needs, read
from issuer.app import create_app
from issuer.awarding.service import award_one, revoke
from issuer.db import session
from issuer.db.session import reading
from issuer.register.service import own_policy
from issuer.status import files
from issuer.status.own_documents import own_documents
from issuer.status.service import Act
from tests.issuer.awarding.test_service import wish

DAY = timedelta(hours=24)


@pytest.fixture
def before(instance, achievements, clock):
    """Two credentials, one of them revoked; what a verifier knew: keys and policy."""
    kept, gone = (
        award_one(instance, wish()),
        award_one(instance, wish(repeat=None, decision=other())),
    )
    clock.forward(minutes=1)
    revoke(instance, [gone.issuance.credential_id], Act("cli", clock()))
    known = {}
    for _ in range(3):
        known |= own_documents(instance, needs(read(kept.document), known))
    with reading(instance.engine) as connection:
        return kept, gone, known, own_policy(instance, connection)


def other():
    return replace(wish().decision, learner=replace(wish().decision.learner, email="o@x.example"))


@pytest.fixture
def cut_off(instance, tmp_path):
    """The same service, on a machine whose database is away and where nobody signs."""
    down = session.engine(f"sqlite:///{tmp_path}/absent/nowhere.sqlite")
    return replace(instance, engine=down, kept={})


def list_of(credential):
    return orjson.loads(credential.document)["credentialStatus"]["statusListCredential"]


def test_g7_a_list_is_served_for_a_day_without_issuer_and_database(before, cut_off, clock):
    path = list_of(before[0]).removeprefix("https://badges.example")
    client = TestClient(create_app(cut_off))
    etags = set()
    for _ in range(25):
        answer = client.get(path)
        assert answer.status_code == 200
        etags.add(answer.headers["etag"])
        again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        ends = datetime.fromisoformat(answer.json()["validUntil"])
        assert ends - clock() >= DAY
        clock.forward(hours=1)
    assert len(etags) == 1


def test_g7_caches_are_told_to_hold_out_for_a_day(before, cut_off):
    path = list_of(before[0]).removeprefix("https://badges.example")
    answer = TestClient(create_app(cut_off)).get(path)
    assert answer.headers["cache-control"] == "public, max-age=300, stale-if-error=86400"
    assert answer.json()["credentialSubject"]["ttl"] == 300_000


@pytest.mark.parametrize("hours", [0, 24])
def test_g7_verifiers_tell_valid_from_revoked_by_the_list_of_before(before, cut_off, clock, hours):
    kept, gone, known, policy = before
    clock.forward(hours=hours)
    url = list_of(kept)
    answer = TestClient(create_app(cut_off)).get(url.removeprefix("https://badges.example"))
    evidence = {**known, url: replace(known[url], body=answer.content)}
    verdicts = [
        check(Case(read(one.document), evidence, policy, clock())).verdict for one in (kept, gone)
    ]
    assert verdicts == [Verdict.VALID, Verdict.NOT_VALID]


def test_g7_after_its_week_a_list_says_nothing_any_more(before, clock):
    kept, _, known, policy = before
    clock.forward(days=8)
    report = check(Case(read(kept.document), known, policy, clock()))
    assert report.verdict is Verdict.COULD_NOT_CHECK


def test_g7_the_file_beside_the_database_is_what_is_served(before, cut_off):
    """So a plain web server can serve the folder when no process of ours runs."""
    url = list_of(before[0])
    name = url.rsplit("/", 1)[-1]
    answer = TestClient(create_app(cut_off)).get(f"/status/{name}")
    assert files.path_of(cut_off.settings.published, name).read_bytes() == answer.content
