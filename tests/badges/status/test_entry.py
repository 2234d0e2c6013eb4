import pytest

from badges.errors import MalformedValue
from badges.status.entry import make_entry, parse_entry

ENTRY = make_entry("https://uni.example/status/1", 94567)


def test_an_entry_reads_back():
    entry = parse_entry(ENTRY)
    assert (entry.index, entry.purpose, entry.list_url) == (
        94567,
        "revocation",
        "https://uni.example/status/1",
    )


def test_an_entry_has_the_id_that_the_badge_schema_asks_for():
    assert ENTRY["id"] == "https://uni.example/status/1#94567"


@pytest.mark.parametrize(
    "index",
    [
        *("7abc", "0x7", "7e0", "1_0", " 7", "7 ", "+7", "-1", "", "\u0667", "07", "7.0"),
        *(7, 7.0, True, None, ["7"]),
    ],
)
def test_v16_an_index_is_digits_and_nothing_else(index):
    with pytest.raises(MalformedValue, match="statusListIndex"):
        parse_entry({**ENTRY, "statusListIndex": index})


@pytest.mark.parametrize(
    "member", ["statusPurpose", "statusListCredential", "statusListIndex", "type"]
)
def test_v16_an_entry_without_a_member_is_refused(member):
    with pytest.raises(MalformedValue):
        parse_entry({k: v for k, v in ENTRY.items() if k != member})


@pytest.mark.parametrize(
    "url", ["list", "", "//uni.example/1", "http:// x", 5, ["https://a.example/"]]
)
def test_v16_the_list_is_named_by_a_url(url):
    with pytest.raises(MalformedValue, match="statusListCredential"):
        parse_entry({**ENTRY, "statusListCredential": url})


@pytest.mark.parametrize("messages", [[], [{"status": "0x0", "message": "x"}], "x", None])
def test_v16_messages_of_one_bit_explain_both_values_or_are_left_out(messages):
    assert parse_entry(ENTRY).messages == {}
    assert parse_entry({**ENTRY, "statusMessage": message(1)}).messages[1] == "meaning 1"
    with pytest.raises(MalformedValue, match="statusMessage"):
        parse_entry({**ENTRY, "statusMessage": messages})


@pytest.mark.parametrize("size", [0, 9, "1", True, 1.0, None])
def test_v16_refuses_odd_entry_sizes(size):
    with pytest.raises(MalformedValue):
        parse_entry({**ENTRY, "statusSize": size})


def message(size):
    return [{"status": hex(n), "message": f"meaning {n}"} for n in range(2**size)]


def test_messages_explain_each_value():
    entry = parse_entry({**ENTRY, "statusSize": 2, "statusMessage": message(2)})
    assert entry.messages[3] == "meaning 3"


@pytest.mark.parametrize(
    "messages",
    [[], message(1), [*message(1), *message(1)], [{"status": "2"}] * 4, "x", ["x"] * 4],
)
def test_v16_messages_that_leave_a_value_open_are_refused(messages):
    with pytest.raises(MalformedValue):
        parse_entry({**ENTRY, "statusSize": 2, "statusMessage": messages})


@pytest.mark.parametrize(("purpose", "index"), [("burning", 1), ("revocation", -1)])
def test_refuses_to_make_an_entry_nobody_can_read(purpose, index):
    with pytest.raises(MalformedValue):
        make_entry("https://uni.example/status/1", index, purpose)
