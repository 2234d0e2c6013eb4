import re
from xml.etree import ElementTree as ET

from issuer.claiming import qr

URI = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fbadges.example%2Fo%2Falliance%2Foffers%2F0123456789abcdef"


def test_it_is_large_enough_and_has_a_quiet_zone():
    svg = ET.fromstring(str(qr.draw(URI, "Scan me")))  # noqa: S314 - our own drawing
    assert int(svg.get("width")) >= 240
    modules = int(svg.get("viewBox").split()[2])
    paths = [node.get("d") for node in svg.iter() if node.tag.endswith("path")]
    light, dark = paths
    assert light.startswith("M0 0h")
    start = re.match(r"M(\d+) (\d+(?:\.\d+)?)", dark)
    assert int(start[1]) == 4
    assert modules >= 21 + 8


def test_its_title_is_text_and_nothing_else():
    drawn = str(qr.draw("x", '"><script>alert(1)</script>'))
    assert "<script" not in drawn
    assert 'role="img"' in drawn


def test_it_brings_no_style_of_its_own():
    assert "style" not in str(qr.draw("x", "y"))
