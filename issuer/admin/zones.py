"""Times as an office writes them: a day and an hour, and the time zone they are meant in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from issuer.errors import InvalidTime

__all__ = ["ZONES", "read_time", "zone_of"]

ZONES = {
    "UTC": "",
    "Europe/Lisbon": "PT",
    "Europe/London": "GB",
    "Europe/Dublin": "IE",
    "Atlantic/Reykjavik": "IS",
    "Europe/Amsterdam": "NL",
    "Europe/Belgrade": "RS",
    "Europe/Berlin": "DE",
    "Europe/Bratislava": "SK",
    "Europe/Brussels": "BE",
    "Europe/Budapest": "HU",
    "Europe/Copenhagen": "DK",
    "Europe/Ljubljana": "SI",
    "Europe/Luxembourg": "LU",
    "Europe/Madrid": "ES",
    "Europe/Malta": "MT",
    "Europe/Oslo": "NO",
    "Europe/Paris": "FR",
    "Europe/Prague": "CZ",
    "Europe/Rome": "IT",
    "Europe/Stockholm": "SE",
    "Europe/Vienna": "AT",
    "Europe/Warsaw": "PL",
    "Europe/Zagreb": "HR",
    "Europe/Zurich": "CH",
    "Europe/Athens": "GR",
    "Europe/Bucharest": "RO",
    "Europe/Helsinki": "FI",
    "Europe/Kyiv": "UA",
    "Europe/Riga": "LV",
    "Europe/Sofia": "BG",
    "Europe/Tallinn": "EE",
    "Europe/Vilnius": "LT",
    "Asia/Nicosia": "CY",
    "Europe/Istanbul": "TR",
}
"""Time zone → the country whose offices are asked in it first."""


def zone_of(country: str) -> str:
    """Return the time zone of a country; UTC where we know of none."""
    return next((zone for zone, found in ZONES.items() if country and found == country), "UTC")


def read_time(text: str, zone: str, now: datetime) -> datetime | None:
    """Read what a date-time field says, None of an empty one.

    Raises:
        InvalidTime: it is no time, or a past one.
    """
    if not text.strip():
        return None
    if zone not in ZONES:
        raise InvalidTime("Choose one of the time zones.")
    try:
        moment = datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise InvalidTime("Write day and time like 2026-12-01 06:00.") from error
    if moment <= now:
        raise InvalidTime("This time is over: choose a later one, or leave it empty.")
    return moment
