from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from issuer.claiming.linkedin import Certification

MINE = Certification(
    "Café & Code #1 = 100 %",
    "Universität Ä & B",
    date(2026, 3, 9),
    "https://badges.example/claim/a?b=c&d=e#f",
    "urn:uuid:1",
)


def fields(certification):
    parts = urlsplit(certification.link())
    assert parts.hostname == "www.linkedin.com"
    assert parts.fragment == ""
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_every_field_survives_the_address_whatever_it_holds():
    assert fields(MINE) == {
        "startTask": "CERTIFICATION_NAME",
        "name": MINE.name,
        "organizationName": MINE.organisation,
        "issueYear": "2026",
        "issueMonth": "3",
        "certUrl": MINE.url,
        "certId": MINE.id,
    }


def test_a_known_organisation_goes_by_its_number():
    known = Certification("x", "y", date(2026, 1, 1), "u", "i", organisation_id="1337")
    assert fields(known)["organizationId"] == "1337"
    assert "organizationName" not in fields(known)


def test_an_end_is_told_and_no_end_is_not():
    ending = Certification("x", "y", date(2026, 1, 1), "u", "i", expires=date(2028, 12, 31))
    assert (fields(ending)["expirationYear"], fields(ending)["expirationMonth"]) == ("2028", "12")
    assert "expirationYear" not in fields(MINE)


@pytest.mark.parametrize("sign", ["&", "#", "é", " ", "+", "%", "?", "\n"])
def test_no_sign_stands_bare_in_the_address(sign):
    certification = Certification(f"a{sign}b", "y", date(2026, 1, 1), "u", "i")
    assert fields(certification)["name"] == f"a{sign}b"
