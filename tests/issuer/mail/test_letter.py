from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.errors import InvalidLetter
from issuer.mail.letter import Letter, write_message

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def written(letter):
    data = write_message(letter, "no-reply@badges.example", "<1.a@badges.example>", NOW).as_bytes()
    return message_from_bytes(data, policy=default)


def test_a_letter_arrives_as_it_was_written():
    letter = Letter("zoe@student.example", "Grüße: Energy", "Hello Zoë,\n\nyes.\n", "de", "Uni “A”")
    message = written(letter)
    assert message["To"] == "zoe@student.example"
    assert message["Subject"] == "Grüße: Energy"
    assert message["From"].addresses[0].addr_spec == "no-reply@badges.example"
    assert message["From"].addresses[0].display_name == "Uni “A”"
    assert message["Message-ID"] == "<1.a@badges.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert message.get_body().get_content().splitlines() == ["Hello Zoë,", "", "yes."]


INJECTIONS = ["x\r\nBcc: all@x.example", "x\nBcc: y", "x\rBcc: y", "x\x00", "x\u2028y", "x\x85y"]


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_line_end_in_a_header_is_refused(text):
    with pytest.raises(InvalidLetter):
        Letter("a@b.example", text, "")
    with pytest.raises(InvalidLetter):
        Letter("a@b.example", "subject", "", sender_name=text)
    with pytest.raises(InvalidLetter):
        Letter("a@b.example", "subject", "", language=text)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zoe",
        "zoe@",
        "@b.example",
        "zoe(at)b.example",
        "a@b.example, c@d.example",
        "a@b.example;c@d.example",
        "Zoe <a@b.example>",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\n",
        "a b@c.example",
        "a@b@c.example",
        "<a@b.example>",
        '"a"@b.example',
    ],
)
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(InvalidLetter):
        Letter(address, "subject", "")


@pytest.mark.parametrize("subject", ["", "x" * 201])
def test_a_subject_has_some_length(subject):
    with pytest.raises(InvalidLetter):
        Letter("a@b.example", subject, "")


@given(name=st.text(max_size=60), subject=st.text(min_size=1, max_size=60), text=st.text())
def test_no_text_adds_a_header_or_a_recipient(name, subject, text):
    try:
        letter = Letter("a@b.example", subject, text, "en", name)
        message = written(letter)
    except InvalidLetter:
        return
    assert message.get_all("To") == ["a@b.example"]
    assert message["Bcc"] is None
    assert message["Cc"] is None
    assert [a.addr_spec for a in message["From"].addresses] == ["no-reply@badges.example"]


def test_a_letter_says_nothing_of_its_reader_when_it_is_logged():
    assert "zoe" not in repr(Letter("zoe@b.example", "subject", "https://secret"))
