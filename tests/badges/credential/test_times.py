from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.credential import moment, parse_moment
from badges.errors import MalformedValue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01T12:00:00Z", datetime(2026, 11, 1, 12, tzinfo=UTC)),
        ("2026-11-01T12:00:00.5Z", datetime(2026, 11, 1, 12, 0, 0, 500_000, UTC)),
        ("2026-11-01T12:00:00.123456789Z", datetime(2026, 11, 1, 12, 0, 0, 123_456, UTC)),
        ("2026-11-01T12:00:00+02:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2024-02-29T00:00:00-00:00", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2026-10-31T24:00:00Z", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-12-31T24:00:00.000+02:00", datetime(2026, 12, 31, 22, tzinfo=UTC)),
        (
            "2026-11-01T12:00:00.12345678901234567890Z",
            datetime(2026, 11, 1, 12, 0, 0, 123_456, UTC),
        ),
        ("2026-11-01T12:00:00+14:00", datetime(2026, 10, 31, 22, tzinfo=UTC)),
    ],
)
def test_reads_the_forms_of_the_specification(text, expected):
    assert parse_moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01", "2026-11-01T12:00:00", "2026-11-01T12:00Z", "2026-11-01 12:00:00Z",
        "2026-11-01t12:00:00z", "2026-02-30T12:00:00Z", "2026-11-01T25:00:00Z",
        "2026-11-01T12:00:61Z", "2026-11-01T12:00:00+99:00", "2026-11-01T12:00:00+15:00",
        "2026-11-01T12:00:00+14:01", "2026-11-01T12:00:00-02:60", "2026-11-01T24:00:01Z",
        "2026-11-01T24:00:00.5Z", "2026-11-01T24:01:00Z", "9999-12-31T24:00:00Z",
        "10000-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "٢٠٢٦-11-01T12:00:00Z", "tomorrow",
        "", None, 5, True, ["2026-11-01T12:00:00Z"], " 2026-11-01T12:00:00Z",
        "2026-11-01T12:00:00Z\n",
    ],
)  # fmt: skip
def test_refuses_everything_else(text):
    with pytest.raises(MalformedValue):
        parse_moment(text)


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_reading_undoes_writing(when):
    when = when.replace(microsecond=0)
    assert parse_moment(moment(when).rjust(20, "0")) == when


def test_writes_in_utc():
    east = timezone(timedelta(hours=2))
    assert moment(datetime(2026, 11, 1, 12, tzinfo=east)) == "2026-11-01T10:00:00Z"
