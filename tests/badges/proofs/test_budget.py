import pytest

from badges.errors import BudgetExceeded, MalformedValue
from badges.proofs.budget import Budget, Work, measure

SMALL = Budget(characters=50, depth=5, values=20, objects=4)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"a": "x" * 60}, "characters"),
        ({"x" * 60: 1}, "characters"),
        ({"a": {"b": {"c": {"d": {}}}}}, "objects"),
        ({"a": [[[[[]]]]]}, "levels"),
        ({"a": [1] * 30}, "values"),
        ({"a": [[1] * 9, [1] * 9]}, "values"),
        ([{}, {}, {}, {}, {}], "objects"),
    ],
)
def test_refuses_what_passes_a_bound(document, why):
    with pytest.raises(BudgetExceeded, match=why):
        measure(document, SMALL)


@pytest.mark.parametrize("odd", [b"bytes", {1, 2}, object(), (1, 2)])
def test_refuses_what_is_no_json(odd):
    with pytest.raises(MalformedValue, match="JSON type"):
        measure({"a": odd}, SMALL)


def test_lets_a_small_document_pass():
    assert measure({"a": ["x", 1, 2.5, None, True]}, SMALL) is None


def test_refuses_a_nest_too_deep_for_recursion():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BudgetExceeded, match="levels"):
        measure(deep, SMALL)


def test_an_empty_purse_is_an_error():
    work = Work(2)
    work.spend(2)
    with pytest.raises(BudgetExceeded, match="entangled"):
        work.spend()
