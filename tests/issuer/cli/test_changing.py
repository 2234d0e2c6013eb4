"""`revoke --from FILE`: many at a time, and again without harm."""

import json
from datetime import date

import pytest
import typer
from sqlalchemy import select

from badges.award import Learner
from issuer.awarding.issuing import issue_batch
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.awarding.standing import Change
from issuer.cli.changing import change_listed
from issuer.cli.program import run
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import issuance, status_entry, status_list
from issuer.errors import InvalidUpload
from issuer.status.model import Reason
from issuer.status.service import Act


@pytest.fixture
def credentials(instance, alliance, achievements):
    """The ids of three credentials that are out."""
    version = achievements["energy-positive-neighbourhoods"]
    recording = Recording(version, alliance[1], Order(), "cli")
    decisions = [
        Decision(Learner(email=f"{n}@student.example"), date(2026, 6, 12)) for n in range(3)
    ]
    with unit_of_work(instance.engine) as connection:
        numbers = record(instance, connection, recording, decisions)
    issue_batch(instance, numbers)
    with reading(instance.engine) as connection:
        query = select(issuance.c.credential_id).order_by(issuance.c.id)
        return list(connection.scalars(query))


def listed(folder, ids):
    path = folder / "list.csv"
    path.write_text("\n".join(["Credential", *ids]))
    return path


def change(instance, path, capsys, what=Change.REVOKE):
    """Return exit code and report."""
    act = Act("cli", instance.now(), Reason.SUPERSEDED)
    with pytest.raises(typer.Exit) as left:
        change_listed(instance, path, what, act, as_json=True)
    return left.value.exit_code, json.loads(capsys.readouterr().out)


def revoked(instance):
    with reading(instance.engine) as connection:
        query = select(status_entry.c.issuance_id).where(status_entry.c.set_at.is_not(None))
        return len(list(connection.scalars(query)))


def versions(instance):
    with reading(instance.engine) as connection:
        return sum(connection.scalars(select(status_list.c.version)))


def test_a_file_of_credentials_is_revoked_in_one_version_of_the_list(
    instance, credentials, tmp_path, clock, capsys
):
    before = versions(instance)
    clock.forward(minutes=1)
    code, told = change(instance, listed(tmp_path, credentials), capsys)
    assert (code, told) == (0, {"rows": 3, "changed": 3, "before": 0, "problems": []})
    assert revoked(instance) == 3
    assert versions(instance) == before + 1


def test_the_same_file_again_changes_and_publishes_nothing(
    instance, credentials, tmp_path, clock, capsys
):
    path = listed(tmp_path, credentials[:2])
    clock.forward(minutes=1)
    change(instance, path, capsys)
    before = versions(instance)
    clock.forward(minutes=1)
    code, told = change(instance, path, capsys)
    assert (code, told) == (0, {"rows": 2, "changed": 0, "before": 2, "problems": []})
    assert (revoked(instance), versions(instance)) == (2, before)


def test_a_row_that_names_nothing_is_told_and_the_others_are_revoked(
    instance, credentials, tmp_path, clock, capsys
):
    clock.forward(minutes=1)
    ids = [credentials[0], "urn:uuid:of-somebody-else", credentials[0]]
    code, told = change(instance, listed(tmp_path, ids), capsys)
    assert (code, told["changed"], told["before"]) == (64, 1, 1)
    (problem,) = told["problems"]
    assert (problem["row"], problem["value"]) == (3, "urn:uuid:of-somebody-else")


def test_what_cannot_be_suspended_is_to_mend(instance, credentials, tmp_path, clock, capsys):
    clock.forward(minutes=1)
    code, told = change(instance, listed(tmp_path, credentials[:1]), capsys, Change.SUSPEND)
    assert (code, told["changed"], told["problems"][0]["reason"]) == (
        64,
        0,
        "cannot be changed so",
    )


def test_a_file_without_the_column_is_refused_whole(instance, credentials, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name\nAda\n")
    act = Act("cli", instance.now())
    with pytest.raises(InvalidUpload, match="column 'Credential'"):
        change_listed(instance, path, Change.REVOKE, act, as_json=True)
    assert revoked(instance) == 0


@pytest.mark.parametrize("call", [["revoke"], ["revoke", "urn:uuid:1", "--from", "list.csv"]])
def test_ids_or_a_file_but_not_both(call, capsys):
    assert run(call) == 64
    assert "with --from" in capsys.readouterr().err
