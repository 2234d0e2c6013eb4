"""Tickets: for one purpose, one organisation, one time, and never guessed."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.oid4vci.tickets import Purpose, TicketInvalid, Tickets, new_name

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
OFFICE = Tickets(b"k" * 32, 1)


def test_a_ticket_opens_its_name_until_it_expires():
    name = new_name()
    ticket = OFFICE.create(Purpose.CODE, name, LATER)
    assert OFFICE.parse(Purpose.CODE, ticket, NOW) == name
    with pytest.raises(TicketInvalid):
        OFFICE.parse(Purpose.CODE, ticket, LATER)


@pytest.mark.parametrize(
    ("office", "purpose"),
    [
        (OFFICE, Purpose.NONCE),
        (Tickets(b"k" * 32, 2), Purpose.CODE),
        (Tickets(b"x" * 32, 1), Purpose.CODE),
    ],
)
def test_a_ticket_is_for_one_purpose_and_one_organisation(office, purpose):
    ticket = OFFICE.create(Purpose.CODE, new_name(), LATER)
    with pytest.raises(TicketInvalid):
        office.parse(purpose, ticket, NOW)


@given(st.integers(0, 35), st.integers(1, 255))
def test_any_changed_byte_makes_it_worthless(position, flip):
    raw = bytearray(base64.urlsafe_b64decode(OFFICE.create(Purpose.CODE, new_name(), LATER)))
    raw[position] ^= flip
    with pytest.raises(TicketInvalid):
        OFFICE.parse(Purpose.CODE, base64.urlsafe_b64encode(raw).decode().rstrip("="), NOW)


@given(st.text(max_size=60))
def test_no_text_is_a_ticket(text):
    with pytest.raises(TicketInvalid):
        OFFICE.parse(Purpose.CODE, text, NOW)


def test_names_are_128_random_bits():
    assert len({new_name() for _ in range(100)}) == 100
    assert len(base64.urlsafe_b64decode(new_name() + "==")) == 16
