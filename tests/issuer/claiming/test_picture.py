import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
from PIL import Image

from issuer.claiming.face import WIDTH, Face, font
from issuer.claiming.picture import draw_png, draw_svg

HOSTILE = '"><script>alert(1)</script>&<!--'


@pytest.mark.parametrize(
    "title", ["A", "", "Energy-positive neighbourhoods", "word " * 80, "x" * 500, HOSTILE, "Ελλάδα"]
)
def test_every_title_fits_inside_the_ring(title):
    face = Face(title, "An Alliance of Universities with a Very Long Name " * 3, "3 ECTS")
    for line in face.lines():
        assert font(line.weight, line.size).getlength(line.text) <= WIDTH + 80
        assert 200 < line.y < 665
    assert Image.open(BytesIO(draw_png(face))).size == (800, 800)
    ET.fromstring(draw_svg(face))  # noqa: S314 - our own drawing


def test_markup_stays_text():
    drawing = draw_svg(Face(HOSTILE, HOSTILE)).decode()
    assert "<script" not in drawing
    assert "<!--" not in drawing


def test_the_same_face_is_the_same_picture():
    face = Face("Energy", "Alliance", "3 ECTS")
    assert draw_png(face) == draw_png(face)
    assert draw_svg(face) == draw_svg(face)
    assert draw_png(face) != draw_png(Face("Energy", "Alliance", "4 ECTS"))
