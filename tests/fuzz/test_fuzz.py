"""Each parser for a moment; `make fuzz SECONDS=60` does it for longer."""

import pytest

from tests.examples import examples
from tests.fuzz.driver import Target, run
from tests.fuzz.targets import TARGETS


def test_there_is_a_target_for_each_parser():
    assert len(TARGETS) >= 16


@pytest.mark.many
@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_raises_nothing_but_its_own_errors(name):
    outcome = run(TARGETS[name], seconds=examples(0.2, 3))
    assert outcome.inputs > examples(0, len(TARGETS[name].seeds))


def test_the_driver_finds_an_error_that_is_not_the_parsers_own():
    def careless(data):
        return data.decode("ascii")

    target = Target("careless", careless, (ValueError,), (b"text",))
    assert run(target, seconds=0.1).refused
    with pytest.raises(AssertionError, match="UnicodeDecodeError"):
        run(Target("careless", careless, (KeyError,), (b"text",)), seconds=1)
