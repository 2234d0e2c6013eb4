"""Photos of codes and PDF files: what is in them is checked, and what is wrong is said."""

import io
import json
import random

import pypdfium2 as pdfium
import pytest
import segno
from PIL import Image

from badges import baking
from badges.errors import NotBaked
from issuer.verify.containers import MAX_ATTACHMENTS, is_container, look_inside
from issuer.verify.pool import Pool
from tests.issuer.verify.conftest import make_client

LINK = "https://morgenau.example/badges/1.json"


def qr(text, scale=5):
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=scale)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def saved(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def photo(text=LINK):
    """A code held at a slant in front of a noisy wall."""
    noise = random.Random(1)  # noqa: S311 - a wall
    wall = Image.effect_noise((900, 700), 60).convert("RGB")
    wall.paste(qr(text), (noise.randrange(80, 120), 90))
    return saved(wall.rotate(9, expand=True, fillcolor="gray"), "JPEG", quality=70)


def pdf(*attachments, page=None):
    document = pdfium.PdfDocument(saved(page, "PDF")) if page else pdfium.PdfDocument.new()
    if not page:
        document.new_page(300, 300)
    for number, content in enumerate(attachments):
        document.new_attachment(f"file-{number}.json").set_data(content)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_photo_leads_to_the_credential(client, uni):
    uni.web.put(LINK, uni.badge())
    report = client.post("/api/verify", content=photo()).json()
    assert report["verdict"] == "valid"
    assert report["credential"]["container"] == "photo"


@pytest.mark.parametrize("form", ["PNG", "WEBP", "JPEG"])
def test_a_screenshot_leads_to_the_credential(client, uni, form):
    uni.web.put(LINK, uni.badge())
    assert client.post("/api/verify", content=saved(qr(LINK), form)).json()["verdict"] == "valid"


def test_a_forged_credential_behind_a_code_is_not_valid(client, uni):
    uni.web.put(LINK, {**uni.badge(), "name": "Master of Science"})
    assert client.post("/api/verify", content=photo()).json()["verdict"] == "not_valid"


def test_a_pdf_with_the_credential_attached_is_read(client, uni):
    data = pdf(b"just a note", json.dumps(uni.badge()).encode())
    report = client.post("/api/verify", content=data).json()
    assert report["verdict"] == "valid"
    assert report["credential"]["container"] == "pdf"


def test_a_forged_credential_in_a_pdf_is_not_valid(client, uni):
    data = pdf(json.dumps({**uni.badge(), "name": "Master of Science"}).encode())
    assert client.post("/api/verify", content=data).json()["verdict"] == "not_valid"


def test_a_pdf_may_carry_a_baked_picture_or_show_a_code(client, uni, tmp_path):
    baked = baking.bake(saved(qr("x"), "PNG"), json.dumps(uni.badge()))
    assert client.post("/api/verify", content=pdf(baked)).json()["verdict"] == "valid"
    uni.web.put(LINK, uni.badge())
    shown = pdf(page=qr(LINK, scale=9))
    assert client.post("/api/verify", content=shown).json()["verdict"] == "valid"


def test_the_page_takes_a_photo(client, uni):
    uni.web.put(LINK, uni.badge())
    sent = {"file": ("photo.jpg", photo(), "image/jpeg")}
    page = client.post("/verify", files=sent, headers={"origin": "http://testserver"})
    assert page.status_code == 200
    assert "Water challenge" in page.text


def test_the_confined_worker_opens_photos_and_pdf_files(uni):
    uni.web.put(LINK, uni.badge())
    pool = Pool(size=1)
    try:
        client = make_client(pool, uni.web)
        assert client.post("/api/verify", content=photo()).json()["verdict"] == "valid"
        attached = pdf(json.dumps(uni.badge()).encode())
        assert client.post("/api/verify", content=attached).json()["verdict"] == "valid"
    finally:
        pool.close()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (saved(Image.new("RGB", (60, 60)), "PNG"), "neither a credential"),
        (saved(qr("just text"), "PNG"), "neither a credential"),
        (saved(qr("openid-credential-offer://?x"), "PNG"), "for a wallet"),
        (saved(qr("javascript:alert(1)"), "PNG"), "neither a credential"),
        (saved(qr("file:///etc/passwd"), "PNG"), "neither a credential"),
        (saved(qr(LINK), "PNG")[:-600], "cannot be opened|broken|neither"),
        (b"\xff\xd8\xff" + b"x" * 500, "cannot be opened"),
        (b"%PDF-1.7\n" + b"x" * 500, "cannot be opened"),
        (pdf(), "neither a credential"),
        (pdf(b"a note"), "neither a credential"),
        (pdf(b'{"a": 1}', b'{"b": 2}'), "several credentials"),
        (pdf(*[b"x"] * (MAX_ATTACHMENTS + 1)), "more than 50 attachments"),
    ],
)
def test_what_carries_nothing_is_refused(client, data, said):
    assert is_container(data)
    with pytest.raises(NotBaked, match=said):
        look_inside(data)
    answer = client.post("/api/verify", content=data)
    assert answer.status_code == 400


def test_two_codes_are_one_too_many():
    both = Image.new("RGB", (600, 300), "white")
    both.paste(qr(LINK), (10, 10))
    both.paste(qr(LINK + "2"), (310, 10))
    with pytest.raises(NotBaked, match="several codes"):
        look_inside(saved(both, "PNG"))


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked():
    bomb = saved(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(bomb) < 200_000
    with pytest.raises(NotBaked, match=r"too large|cannot be opened"):
        look_inside(bomb)


def test_a_code_that_leads_nowhere_is_told(client):
    answer = client.post("/api/verify", content=photo())
    assert answer.status_code == 422
    assert "https://" in answer.json()["detail"]


def test_codes_that_lead_to_codes_are_not_followed_for_ever(client, uni):
    uni.web.put(LINK, photo())
    answer = client.post("/api/verify", content=photo())
    assert answer.status_code == 400


def test_an_inside_address_in_a_code_is_asked_of_the_door_only(client, uni):
    client.post("/api/verify", content=photo("https://127.0.0.1/admin"))
    assert uni.web.asked == ["https://127.0.0.1/admin"]
