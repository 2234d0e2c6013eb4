import pytest

from badges.errors import MalformedValue
from badges.proofs.disclosure import MAX_POINTERS, select

DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential"],
    "a/b": {"id": "urn:x", "type": "X", "c": 1, "d": 2},
    "list": [{"n": 0, "type": "N"}, {"n": 1}, {"n": 2}],
    "tilde~": "t",
}
HEAD = {name: DOCUMENT[name] for name in ("@context", "id", "type")}


@pytest.mark.parametrize(
    ("pointers", "part"),
    [
        (["/id"], {}),
        (["/a~1b"], {"a/b": DOCUMENT["a/b"]}),
        (["/a~1b/c"], {"a/b": {"id": "urn:x", "type": "X", "c": 1}}),
        (["/a~1b/c", "/a~1b"], {"a/b": DOCUMENT["a/b"]}),
        (["/a~1b", "/a~1b/c"], {"a/b": DOCUMENT["a/b"]}),
        (["/list/2", "/list/0"], {"list": [{"n": 0, "type": "N"}, {"n": 2}]}),
        (["/list/0/type"], {"list": [{"type": "N"}]}),
        (["/tilde~0"], {"tilde~": "t"}),
        ([""], {k: v for k, v in DOCUMENT.items() if k not in HEAD}),
    ],
    ids=str,
)
def test_a_pointer_selects_a_value_and_who_holds_it(pointers, part):
    assert select(DOCUMENT, pointers) == {**HEAD, **part}


def test_no_pointer_selects_nothing():
    assert select(DOCUMENT, []) is None


def test_selecting_leaves_the_document_alone():
    part = select(DOCUMENT, ["/a~1b"])
    part["a/b"]["c"] = "changed"
    assert DOCUMENT["a/b"]["c"] == 1


@pytest.mark.parametrize(
    "pointer", ["id", "#/id", "/", "/nothing", "/list/3", "/list/-", "/list/01", "/id/x", 5, None]
)
def test_refuses_a_pointer_that_leads_nowhere(pointer):
    with pytest.raises(MalformedValue):
        select(DOCUMENT, [pointer])


def test_refuses_too_many_pointers():
    with pytest.raises(MalformedValue, match="pointers"):
        select(DOCUMENT, ["/id"] * (MAX_POINTERS + 1))
