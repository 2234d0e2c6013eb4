import subprocess
import sys

import pytest

from issuer.errors import NoWorkerName
from issuer.jobs.slots import FileSlots, PostgresSlots, held, take_any


@pytest.fixture
def slots(engine, tmp_path):
    """Slots of each kind of database."""
    return (
        PostgresSlots(engine)
        if engine.dialect.name == "postgresql"
        else FileSlots(tmp_path / "jobs")
    )


def test_a_name_is_held_by_one(slots):
    first = slots.take("ada")
    assert first.is_held()
    assert slots.take("ada") is None
    first.free()


def test_a_name_given_back_can_be_taken(slots):
    slots.take("ada").free()
    again = slots.take("ada")
    assert again.name == "ada"
    again.free()


def test_names_of_a_machine_count_up(slots):
    first, second = take_any(slots, lambda: "node"), take_any(slots, lambda: "node")
    assert (first.name, second.name) == ("node-1", "node-2")
    first.free()
    third = take_any(slots, lambda: "node")
    assert third.name == "node-1"
    second.free()
    third.free()


def test_a_strange_machine_name_is_made_usable(slots):
    slot = take_any(slots, lambda: "büro rechner/1")
    assert slot.name == "b-ro-rechner-1-1"
    slot.free()


@pytest.mark.parametrize("name", ["", "../../etc", "a b", "x" * 81, "name;drop"])
def test_refuses_what_is_no_name(slots, name):
    with pytest.raises(NoWorkerName):
        slots.take(name)


def test_a_slot_that_was_given_back_is_not_held(slots):
    slot = slots.take("ada")
    slot.free()
    assert not slot.is_held()


def test_holding_for_a_moment_tells_whether_it_worked(slots):
    with held(slots, "ada") as mine:
        assert mine
        with held(slots, "ada") as again:
            assert not again


def test_the_name_of_a_killed_process_is_free(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from issuer.jobs.slots import FileSlots\n"
        f"slot = FileSlots(Path({str(tmp_path)!r})).take('ada'); print('held', flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        slots = FileSlots(tmp_path)
        assert slots.take("ada") is None
        other.kill()
        other.wait()
    slot = slots.take("ada")
    assert slot is not None
    slot.free()
