"""I17: all data of one learner as a file, erasure, retention, versioned texts, and no leak."""

import io
import logging
import re
import zipfile
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import orjson
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from badges.award import Learner
from badges.verify import Verdict
from issuer.app import create_app
from issuer.app.post import WRITERS, post
from issuer.audit.service import verify
from issuer.awarding.artefacts import issue_again
from issuer.awarding.bulk import Upload, award_list
from issuer.awarding.model import Decision, Order
from issuer.awarding.service import Wish, award_one
from issuer.claiming.erasing import erase, erase_due
from issuer.claiming.service import create_claim
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import award, claim, issuance, issuance_draft, metadata, status_entry
from issuer.errors import NotIssued
from issuer.mail.service import postman_of
from issuer.organisations import aftercare
from issuer.organisations.aftercare import Aftercare
from issuer.organisations.roles import Role
from issuer.status.service import Act
from issuer.web.i18n import speak
from tests.issuer.awarding.test_service import report_on

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

KEY = "energy-positive-neighbourhoods"
NAME, EMAIL = "Zebulonia", "zebulonia@seeded.example"
HOLDER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
ERASED = {"award", "issuance", "issuance_draft", "issuance_proof"}
"""Where a learner's data may be, and nowhere else."""


@pytest.fixture
def owner(alliance, achievements):
    number = achievements[KEY].organisation_id
    return next(found for found in alliance if found.id == number)


@pytest.fixture
def zoe(instance, achievements):
    """One learner with an award in two forms, one of them in a wallet, and a link."""
    learner = Learner(given_name=NAME, email=EMAIL)
    made = award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12))))
    number = made.issuance.award_id
    issue_again(instance, number, Order(holder=HOLDER))
    with unit_of_work(instance.engine) as connection:
        link = create_claim(instance, connection, number)
    return SimpleNamespace(award_id=number, document=made.document, link=link)


@pytest.fixture
def administrator(sign_in_as, owner):
    return sign_in_as(Role.MEMBER_ADMIN, owner.slug)


@pytest.fixture
def page(owner, zoe):
    return f"/staff/o/{owner.slug}/awards/{zoe.award_id}/learner"


def everything(instance):
    """Return every cell of every table as text, by table."""
    found = {}
    with reading(instance.engine) as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(table.select()).all()
            cells = (str(cell) for row in rows for cell in row if cell is not None)
            found[table.name] = "\n".join(cells)
    return found


def mentions(text):
    return NAME.lower() in text.lower() or EMAIL.lower() in text.lower()


@sqlite
def test_i17_everything_about_a_learner_is_one_file(administrator, page, zoe):
    answer = administrator.submit(page, f"{page}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert not mentions(answer.headers["content-disposition"])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = set(archive.namelist())
        decided = orjson.loads(archive.read("awards.json"))
        credentials = [archive.read(n) for n in names if n.startswith("credentials/")]
        links = orjson.loads(archive.read("links.json"))
        audit = archive.read("audit.jsonl").splitlines()
    assert {"about.json", "awards.json", "links.json", "mails.json", "wallets.json"} <= names
    assert decided[0]["decision"]["learner"]["email"] == EMAIL
    assert len(credentials) == 2
    assert zoe.document in credentials
    assert len(links) == 1
    assert "code_hash" not in links[0]
    acts = {orjson.loads(line)["action"] for line in audit}
    assert {"issuance.intended", "learner.exported"} <= acts


@sqlite
def test_i17_another_learners_data_is_not_in_the_file(instance, administrator, page, achievements):
    other = Learner(given_name="Otherwise", email="other@x.example")
    award_one(instance, Wish(KEY, Decision(other, date(2026, 6, 12))))
    answer = administrator.submit(page, f"{page}/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert not any(b"Otherwise" in archive.read(name) for name in archive.namelist())


def test_i17_an_erased_learner_is_nowhere_and_the_rest_holds(instance, zoe, clock):
    with reading(instance.engine) as connection:
        places = connection.execute(select(status_entry.c.list_id, status_entry.c.index)).all()
    before = verify(instance.engine).lines
    assert erase(instance, [zoe.award_id], Act("account:1", clock()), revoke=False) == 1
    assert not [name for name, text in everything(instance).items() if mentions(text)]
    assert HOLDER not in everything(instance)["issuance"]
    with reading(instance.engine) as connection:
        kept = connection.execute(select(status_entry.c.list_id, status_entry.c.index)).all()
        assert connection.scalars(select(issuance.c.salt)).all() == [None, None]
        assert connection.execute(select(issuance_draft)).all() == []
    assert kept == places
    assert verify(instance.engine).lines == before + 1
    assert report_on(instance, zoe.document).verdict is Verdict.VALID


def test_i17_erasure_revokes_if_asked(instance, zoe, clock):
    clock.forward(minutes=1)
    erase(instance, [zoe.award_id], Act("account:1", clock()), revoke=True)
    assert report_on(instance, zoe.document).verdict is Verdict.NOT_VALID
    assert verify(instance.engine).lines > 0


@sqlite
def test_i17_nothing_new_is_issued_of_an_erased_award(instance, zoe, clock, visitor):
    erase(instance, [zoe.award_id], Act("account:1", clock()), revoke=False)
    with pytest.raises(NotIssued):
        issue_again(instance, zoe.award_id, Order(format="dc+sd-jwt"))
    assert visitor().open(f"/claim/{zoe.link.code}").status_code == 410
    assert erase(instance, [zoe.award_id], Act("account:1", clock()), revoke=False) == 0


@sqlite
def test_i17_the_desk_erases_only_who_is_sure(instance, administrator, page, owner, zoe):
    answer = administrator.submit(page, f"{page}/erase")
    assert answer.headers["location"].endswith("/learner#sure")
    assert mentions(everything(instance)["award"])
    answer = administrator.submit(page, f"{page}/erase", sure="true")
    shown = administrator.open(answer.headers["location"]).text
    assert "The learner of 1 award was erased" in shown
    assert "(erased)" in shown
    assert not mentions(everything(instance)["award"])
    assert administrator.open(page).status_code == 404
    award_page = f"/staff/o/{owner.slug}/awards/{zoe.award_id}"
    assert administrator.open(award_page).status_code == 200


@sqlite
def test_i17_erasing_asks_who_it_is_again(instance, administrator, page, clock):
    clock.forward(minutes=16)
    answer = administrator.submit(page, f"{page}/erase", sure="true")
    assert "/staff/confirm" in answer.headers["location"]
    assert mentions(everything(instance)["award"])


def test_i17_what_is_kept_no_longer_is_erased_and_nothing_else(
    instance, zoe, achievements, owner, clock
):
    recent = Learner(given_name="Recent", email="recent@x.example")
    award_one(instance, Wish(KEY, Decision(recent, date(2026, 11, 1))))
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, owner.id, Aftercare(retention_years=2))
    assert erase_due(instance) == 0
    clock.now = clock.now.replace(year=2028, month=6, day=12)
    assert erase_due(instance) == 0
    clock.forward(days=1)
    assert (erase_due(instance), erase_due(instance)) == (1, 0)
    with reading(instance.engine) as connection:
        left = connection.scalars(select(award.c.content).order_by(award.c.id)).all()
    assert left[0] == "{}"
    assert "Recent" in left[1]


@sqlite
def test_i17_the_text_about_data_has_versions_and_which_one_was_shown_is_kept(
    instance, administrator, owner, visitor, zoe
):
    settings = f"/staff/o/{owner.slug}/aftercare"
    for text in ("We keep <b>it</b> ten years.", "We keep it ten years.", "We keep it ten years."):
        assert administrator.submit(settings, consent=text).status_code == 303
    shown = visitor().open(f"/claim/{zoe.link.code}").text
    assert "We keep it ten years." in shown
    assert "Version 2 of" in shown
    administrator.submit(settings, consent="A third text.")
    assert "A third text." in visitor().open(f"/claim/{zoe.link.code}").text
    with reading(instance.engine) as connection:
        assert connection.scalars(select(claim.c.consent_id)).all() == [2]


@pytest.fixture
def whole_life(instance, tmp_path, owner, sign_in_as, caplog):
    """A learner goes through everything; return the log, the addresses asked for, the service."""
    caplog.set_level(logging.DEBUG)
    update = {"base_url": "http://localhost:8000", "mail_folder": tmp_path / "mail"}
    local = replace(instance, settings=instance.settings.model_copy(update=update))
    people = tmp_path / "people.csv"
    people.write_text(f"Given name,E-mail,Awarded on\n{NAME},{EMAIL},2026-06-12\n")
    report = award_list(instance, Upload(people, KEY, actor="account:1", name="list"))
    assert report.good == 1
    post(postman_of(local, WRITERS))
    speak("en")
    (text,) = (path.read_text() for path in (tmp_path / "mail").glob("*.eml"))
    addresses = []
    browser = TestClient(create_app(local), base_url=local.settings.origin)
    browser.event_hooks["request"].append(lambda request: addresses.append(str(request.url)))
    link = re.search(r"http://localhost:8000/claim/\S+", text)[0]
    for path in (link, f"{link}/credential.json", f"{link}/wallet"):
        assert browser.get(path, headers={"Accept": "text/html"}).status_code == 200
    desk = sign_in_as(Role.MEMBER_ADMIN, owner.slug)
    desk.event_hooks["request"].append(lambda request: addresses.append(str(request.url)))
    here = f"/staff/o/{owner.slug}"
    with reading(instance.engine) as connection:
        number = connection.scalars(select(award.c.id)).one()
    page = f"{here}/awards/{number}"
    found = desk.submit(f"{here}/awards", q=EMAIL)
    assert f'href="{page}"' in found.text
    desk.submit(f"{page}/learner", f"{page}/learner/export")
    corrected = desk.submit(
        f"{page}/correct", given_name=f"{NAME}s", email=EMAIL, awarded_on="2026-06-12"
    )
    assert corrected.status_code == 303
    addresses.append(corrected.headers["location"])
    desk.submit(
        f"{here}/awards/change?act=revoke&award={number + 1}",
        f"{here}/awards/change",
        act="revoke",
        award=number + 1,
        reason="issued-in-error",
    )
    post(postman_of(local, WRITERS))
    return SimpleNamespace(log=caplog.text, addresses=addresses, instance=instance)


@sqlite
def test_i17_a_learners_name_and_address_are_in_no_log_no_url_no_list_and_no_job(whole_life):
    """All tables but those that are erased, every status list, every address, every log line."""
    tables = everything(whole_life.instance)
    assert {name for name, text in tables.items() if mentions(text)} <= ERASED
    assert mentions(tables["award"])
    lists = list(whole_life.instance.settings.published.iterdir())
    assert lists
    assert not [path for path in lists if mentions(path.read_text("latin-1"))]
    assert not [address for address in whole_life.addresses if mentions(address)]
    assert len(whole_life.addresses) > 5
    assert not mentions(whole_life.log)
