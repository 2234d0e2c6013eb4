import json
from datetime import UTC, datetime, timedelta

import pytest

from badges.errors import MalformedValue, RangeError, StatusListTooShort, StatusVerification
from badges.status import bits as status_bits
from badges.status.bitstring import build_list, entry, parse_entry, read_status

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://uni.example/status/1"
ISSUER = "did:web:uni.example"


def make(bits=None, purpose="revocation"):
    return build_list(
        URL,
        ISSUER,
        purpose,
        status_bits.new() if bits is None else bits,
        valid_from=NOW,
        valid_until=NOW + timedelta(days=2),
    )


def look(credential, index=7, **change):
    return read_status(credential, parse_entry({**entry(URL, index), **change}), ISSUER)


def test_a_set_bit_is_read_where_it_was_set():
    bits = status_bits.new()
    status_bits.write(bits, 7, 1)
    assert look(make(bits), 7) == 1
    assert look(make(bits), 8) == 0


def test_the_same_bits_make_the_same_list():
    assert make() == make()


def test_refuses_to_build_a_short_list():
    with pytest.raises(StatusListTooShort):
        make(bytes(100))


def test_refuses_to_build_a_list_that_dies_within_a_day():
    with pytest.raises(MalformedValue, match="24 hours"):
        build_list(
            URL, ISSUER, "revocation", status_bits.new(),
            valid_from=NOW, valid_until=NOW + timedelta(hours=23),
        )  # fmt: skip


def with_subject(**change):
    credential = make()
    credential["credentialSubject"] |= change
    return credential


@pytest.mark.parametrize(
    "credential",
    [
        {**make(), "type": ["VerifiableCredential"]},
        {**make(), "id": "https://uni.example/status/2"},
        {**make(), "issuer": "did:web:other.example"},
        {**make(), "issuer": {"id": "did:web:other.example"}},
        {k: v for k, v in make().items() if k != "issuer"},
        {**make(), "credentialSubject": [make()["credentialSubject"]]},
        with_subject(type="StatusList2021"),
        with_subject(statusPurpose="suspension"),
        with_subject(statusPurpose=None),
        with_subject(encodedList=None),
        with_subject(encodedList="u"),
    ],
    ids=[
        "type", "id", "issuer", "issuer object", "no issuer", "two subjects", "list type",
        "purpose", "no purpose", "no bits", "empty bits",
    ],
)  # fmt: skip
def test_v16_refuses_a_list_that_is_not_the_one_named(credential):
    with pytest.raises(StatusVerification):
        look(credential)


def test_v16_refuses_a_short_list():
    credential = with_subject(encodedList=status_bits.pack(bytes(131_064 // 8)))
    with pytest.raises(StatusListTooShort):
        look(credential)


def test_v16_refuses_a_list_too_short_for_its_entry_size():
    messages = [{"status": hex(n), "message": str(n)} for n in range(4)]
    with pytest.raises(StatusListTooShort):
        look(make(), statusSize=2, statusMessage=messages)


def test_v16_an_index_past_the_end_is_a_range_error():
    with pytest.raises(RangeError):
        look(make(), 131_072)


def test_a_list_may_serve_several_purposes():
    assert look(with_subject(statusPurpose=["suspension", "revocation"])) == 0


def test_reads_the_older_lists():
    credential = make()
    credential["type"][1] = "StatusList2021Credential"
    subject = credential["credentialSubject"]
    subject |= {"type": "StatusList2021", "encodedList": subject["encodedList"][1:]}
    assert look(credential, type="StatusList2021Entry") == 0


def test_reads_the_list_of_the_specification(shared):
    folder = shared / "vectors/bitstring-status-list"
    text = (folder / "spec-example-4-a-status-list-verifiable-credential.json").read_text()
    credential = json.loads(text)
    wanted = parse_entry({**entry(credential["id"], 5)})
    assert read_status(credential, wanted, credential["issuer"]) in {0, 1}
