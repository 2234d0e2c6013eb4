"""EDC of batches without an engine: what their rows say, and what doing a chunk twice does."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.proofs import jades
from issuer.audit.store import rows as audit_rows
from issuer.awarding import batches as awarding
from issuer.awarding.bulk import Upload
from issuer.db.edc_tables import edc_file, edc_refusal
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import award
from issuer.edc import batches, exporting, store
from issuer.edc import job_store as jobs
from issuer.errors import SealKeyUnusable
from issuer.signing.sealer import sealer_of

ENERGY = "energy-positive-neighbourhoods"


@pytest.fixture
def sealing(instance, achievements):
    """This service has a seal."""
    return exporting.demo_sealer(instance)


@pytest.fixture
def awarded(instance, achievements, tmp_path):
    """A batch that is awarded, and whose EDC nobody has begun."""

    def make(people=3, start=0):
        lines = ["Given name,Family name,E-mail,Awarded on"]
        lines += [
            f"Given {n},Family,{n}@student.example,2026-06-12" for n in range(start, start + people)
        ]
        path = tmp_path / "list.csv"
        path.write_text("\n".join(lines))
        number = awarding.submit(instance, Upload(path, ENERGY, actor="staff:7"))
        for first, last in awarding.plan(instance, number):
            awarding.do_chunk(instance, number, first, last)
        return number

    return make


def seal(instance, number):
    for first, last in batches.plan(instance, number):
        batches.do_chunk(instance, number, first, last)
    return batches.progress_of(instance, number)


def told(instance, action):
    with reading(instance.engine) as connection:
        lines = [json.loads(row.line) for row in audit_rows(connection)]
    return [line for line in lines if line["action"] == action]


def files(instance):
    with reading(instance.engine) as connection:
        return connection.execute(select(edc_file)).all()


def test_every_award_of_a_batch_is_sealed_once_and_told(instance, sealing, awarded):
    number = awarded(3)
    assert batches.progress_of(instance, number) == jobs.Progress(3, 0, 0, is_done=False)
    assert seal(instance, number) == jobs.Progress(3, 3, 0, is_done=True)
    names = {line["subject"] for line in told(instance, "edc.sealed")}
    assert len(names) == 3
    assert names == {line["subject"] for line in told(instance, "edc.intended")}
    assert {line["actor"] for line in told(instance, "edc.sealed")} == {"staff:7"}
    assert [line["subject"] for line in told(instance, "batch.sealed")] == [f"batch:{number}"]


def test_what_is_sealed_is_whole_and_passes_every_rule(instance, sealing, awarded):
    seal(instance, awarded(2))
    for row in files(instance):
        report = jades.verify(bytes(row.sealed), jades.NO_LIST, instance.now())
        document = json.loads(report.payload)
        assert (report.is_intact, report.level) == (True, jades.Level.T)
        assert errors(check_edc(document, seal=sealing.identity)) == []


def test_doing_a_chunk_twice_seals_nobody_twice(instance, sealing, awarded):
    number = awarded(2)
    (chunk,) = batches.plan(instance, number)
    batches.do_chunk(instance, number, *chunk)
    first = [bytes(row.sealed) for row in files(instance)]
    batches.do_chunk(instance, number, *chunk)
    assert [bytes(row.sealed) for row in files(instance)] == first
    assert len(told(instance, "edc.sealed")) == 2


def test_the_database_refuses_a_second_edc_of_one_award(instance, sealing, awarded):
    seal(instance, awarded(2))
    change = update(edc_file).values(award_id=files(instance)[0].award_id)
    with pytest.raises(IntegrityError), unit_of_work(instance.engine) as connection:
        connection.execute(change)


def test_a_service_without_a_seal_makes_no_edc(instance, awarded):
    number = awarded(1)
    assert batches.progress_of(instance, number) is None
    with reading(instance.engine) as connection:
        assert jobs.unfinished(connection) == []


def test_the_badges_go_out_first(instance, sealing, achievements, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Given name,Family name,E-mail,Awarded on\nA,B,a@student.example,2026-06-12")
    awarding.submit(instance, Upload(path, ENERGY))
    with reading(instance.engine) as connection:
        assert jobs.unfinished(connection) == []


def test_a_stop_between_text_and_seal_is_gone_on_with(instance, sealing, awarded):
    number = awarded(2)

    def dies(query):
        raise SystemExit

    (chunk,) = batches.plan(instance, number)
    with reading(instance.engine) as connection:
        wanted = jobs.left(connection, number, *chunk)
    with pytest.raises(SystemExit):
        exporting.seal_some(instance, wanted, replace(sealing, timestamps=dies))
    before = [bytes(row.payload) for row in files(instance)]
    assert seal(instance, number).is_done
    assert [bytes(row.payload) for row in files(instance)] == before
    assert [json.loads(row.sealed)["payload"].encode() for row in files(instance)] == before


def test_a_text_that_no_longer_fits_the_certificate_is_written_anew(instance, sealing, awarded):
    number = awarded(1)
    (chunk,) = batches.plan(instance, number)
    with unit_of_work(instance.engine) as connection:
        (wanted,) = jobs.left(connection, number, *chunk)
        award_id = connection.scalar(select(award.c.id))
        old = store.Draft(wanted, award_id, "urn:credential:old", b'{"id":"urn:credential:old"}')
        store.keep_payload(connection, old, None, instance.now())
    assert seal(instance, number).sealed == 1
    (row,) = files(instance)
    assert errors(check_edc(json.loads(bytes(row.payload)), seal=sealing.identity)) == []


def test_what_one_award_lacks_is_told_and_the_others_are_sealed(instance, sealing, awarded):
    number = awarded(3)
    (chunk,) = batches.plan(instance, number)
    with unit_of_work(instance.engine) as connection:
        numbers = jobs.left(connection, number, *chunk)
        award_id = connection.scalar(select(award.c.id).limit(1))
        bad = store.Draft(numbers[0], award_id, "urn:x", b"{}")
        store.keep_payload(connection, bad, None, instance.now())
        connection.execute(update(edc_file).values(payload=b'{"changed": 1}'))
    assert seal(instance, number) == jobs.Progress(3, 2, 1, is_done=True)
    (problem,) = batches.problems_of(instance, number)
    assert problem.row == 2
    assert "stored" in problem.reason
    assert len(told(instance, "edc.refused")) == 1


def test_resuming_a_list_tries_the_refused_again(instance, sealing, awarded):
    number = awarded(1)
    (chunk,) = batches.plan(instance, number)
    with unit_of_work(instance.engine) as connection:
        jobs.keep_refusals(connection, {chunk[0]: "not-exportable: no country"}, instance.now())
    assert seal(instance, number) == jobs.Progress(1, 0, 1, is_done=True)
    awarding.resume(instance, number, "cli")
    assert seal(instance, number) == jobs.Progress(1, 1, 0, is_done=True)
    with reading(instance.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(edc_refusal)) == 0


def test_a_missing_key_refuses_nobody_and_waits(instance, sealing, awarded):
    number = awarded(1)
    instance.kept.pop("e-seal", None)
    (instance.settings.seal / "seal.p12").write_bytes(b"broken")
    (chunk,) = batches.plan(instance, number)
    with pytest.raises(SealKeyUnusable):
        batches.do_chunk(instance, number, *chunk)
    assert batches.progress_of(instance, number) == jobs.Progress(1, 0, 0, is_done=False)
    assert files(instance) == []


def test_a_cancelled_list_is_sealed_no_further(instance, sealing, awarded):
    number = awarded(1)
    chunks = batches.plan(instance, number)
    awarding.cancel(instance, number, "cli")
    batches.do_chunk(instance, number, *chunks[0])
    assert batches.plan(instance, number) == []
    assert files(instance) == []


def test_the_seal_key_is_opened_once_for_all(instance, sealing, awarded):
    seal(instance, awarded(2))
    assert sealer_of(instance) is sealing
