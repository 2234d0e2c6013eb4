import pytest

from badges.award import Identifier, Organisation
from badges.errors import MalformedValue


@pytest.mark.parametrize("country", ["NLD", "nl", "Netherlands", "N1"])
def test_refuses_what_is_not_a_country_code(country):
    with pytest.raises(MalformedValue, match="country"):
        Organisation(legal_name="University of Twente", country=country)


def test_refuses_a_nameless_organisation():
    with pytest.raises(MalformedValue, match="legal name"):
        Organisation(legal_name=" ", country="NL")


def test_finds_an_identifier_by_its_scheme():
    twente = Organisation("University of Twente", "NL", identifiers=(Identifier("schac", "ut.nl"),))
    assert twente.identifier("schac") == "ut.nl"
    assert twente.identifier("ror") is None
