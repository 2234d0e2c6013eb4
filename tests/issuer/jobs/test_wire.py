import pickle
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from dbos import _serialization
from hypothesis import given
from hypothesis import strategies as st

from issuer.errors import AlreadyAwarded, JobFailed, PickledJob
from issuer.jobs.wire import JsonWire, forbid_pickle

WIRE = JsonWire()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcde"), inner),
    max_leaves=10,
)


@given(VALUES)
def test_what_goes_in_comes_out(value):
    assert WIRE.deserialize(WIRE.serialize(value)) == value


def test_a_moment_comes_out_as_one():
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert WIRE.deserialize(WIRE.serialize({"at": moment})) == {"at": moment}


def test_an_error_keeps_its_kind_and_code_but_no_words_of_people():
    written = WIRE.serialize(AlreadyAwarded("Ana Nováková has it"))
    assert "Nov" not in written
    read = WIRE.deserialize(written)
    assert isinstance(read, JobFailed)
    assert str(read) == "AlreadyAwarded already-awarded"


@pytest.mark.parametrize("value", [b"bytes", object(), {1, 2}, lambda: None])
def test_refuses_to_carry_anything_else(value):
    with pytest.raises(TypeError, match="may not carry"):
        WIRE.serialize(value)


def test_a_row_that_says_it_is_pickled_is_not_unpickled():
    forbid_pickle()
    evil = b64encode(pickle.dumps(print)).decode()
    with pytest.raises(PickledJob):
        _serialization.deserialize_value(evil, "py_pickle", WIRE)
    with pytest.raises(PickledJob):
        _serialization.deserialize_args(evil, "py_pickle", WIRE)
    with pytest.raises(PickledJob):
        _serialization.deserialize_exception(evil, "py_pickle", WIRE)


def test_a_row_of_an_unknown_writer_is_refused():
    with pytest.raises(TypeError, match="not available"):
        _serialization.deserialize_value("{}", "somebody-else", WIRE)
