from dataclasses import replace

import pytest

from badges.award.workload import hours_per_credit, is_usual_workload
from tests.badges.award.test_elements import COMPLETE


@pytest.mark.parametrize(
    ("hours", "usual"), [(74, False), (75, True), (81, True), (90, True), (91, False)]
)
def test_a_credit_is_25_to_30_hours(hours, usual):
    assert is_usual_workload(replace(COMPLETE, ects=3, workload_hours=hours)) is usual


def test_what_is_not_said_cannot_be_unusual():
    assert hours_per_credit(replace(COMPLETE, workload_hours=None)) is None
    assert is_usual_workload(replace(COMPLETE, ects=None, workload_hours=500))
