"""Many at once: one row each, in order, within limits, and nothing that a file says is believed."""

import csv
import io
import json
import struct
import zipfile

import pytest

from issuer.errors import InvalidUpload
from issuer.verify.bulk import MAX_ENTRIES, as_csv, read_entries

LINK = "https://morgenau.example/badges/"
ORIGIN = {"origin": "http://testserver"}


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def files(uni):
    badge = uni.badge()
    return {
        "good.json": json.dumps(badge),
        "forged.json": json.dumps({**badge, "name": "<script>alert(1)</script>"}),
        "notes.txt": "hello",
        "__MACOSX/x": "x",
        ".hidden": "x",
    }


VERDICTS = ["valid", "not_valid", "not_valid"]


def test_a_zip_has_one_report_for_each_file_in_order(client, files):
    answer = client.post("/api/verify/many", content=zipped(files))
    reports = [json.loads(line) for line in answer.text.splitlines()]
    assert [report["input"] for report in reports] == ["good.json", "forged.json", "notes.txt"]
    assert [report["verdict"] for report in reports] == VERDICTS


def test_a_list_of_links_is_followed(client, uni):
    uni.web.put(LINK + "1", uni.badge())
    listed = f"name;link\r\nZoë;{LINK}1\r\nEve;{LINK}2\r\nMo;http://127.0.0.1/x\r\n"
    answer = client.post("/api/verify/many", content=listed.encode())
    reports = [json.loads(line) for line in answer.text.splitlines()]
    assert [r["verdict"] for r in reports] == ["valid", "could_not_check", "could_not_check"]
    assert reports[1]["findings"][0]["outcome"] == "unknown"


def test_the_answer_may_be_a_table(client, files):
    answer = client.post("/api/verify/many", content=zipped(files), headers={"accept": "text/csv"})
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["verdict"] for row in found] == VERDICTS
    assert answer.headers["content-disposition"].startswith("attachment")


def test_the_page_shows_a_row_for_each_and_needs_no_script(client, files):
    assert client.get("/verify/many").status_code == 200
    sent = {"file": ("a.zip", zipped(files), "application/zip")}
    page = client.post("/verify/many", files=sent, headers=ORIGIN)
    assert page.status_code == 200
    assert page.text.count('<th scope="row">') == 3
    assert "3 / 3" in page.text
    assert "<script>alert" not in page.text
    assert page.text.rstrip().endswith("</html>")
    assert page.headers["content-security-policy"]


def test_the_page_gives_a_file_too(client, files):
    sent = {"file": ("a.zip", zipped(files), "application/zip")}
    answer = client.post("/verify/many", files=sent, data={"as": "csv"}, headers=ORIGIN)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.count("\r\n") == 4


def test_another_site_cannot_send_the_form(client, files):
    sent = {"file": ("a.zip", zipped(files), "application/zip")}
    answer = client.post("/verify/many", files=sent, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def lying(data):
    """A ZIP whose directory says that every file is small."""
    place = data.index(b"PK\1\2") + 24
    return data[:place] + struct.pack("<I", 10) + data[place + 4 :]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "nothing to check"),
        (b"no links here", "nothing to check"),
        (b"\xff\xfe\x00", "neither a ZIP nor"),
        (b"PK\3\4" + b"x" * 100, "broken"),
        (zipped({}), "nothing to check"),
        (zipped({"a": "x" * 2_000})[:-30], "broken"),
        (zipped({"bomb": bytes(80 * 2**20)}), "too large when unpacked"),
        (zipped({f"{n}": bytes(7 * 2**20) for n in range(12)}), "too large when unpacked"),
        (zipped({f"{n}": "x" for n in range(MAX_ENTRIES + 1)}), "at most 1000"),
        ("\n".join(f"{LINK}{n}" for n in range(MAX_ENTRIES + 1)).encode(), "at most 1000"),
    ],
    ids=range(10),
)
def test_what_is_too_much_or_nothing_is_refused(client, data, said):
    with pytest.raises(InvalidUpload, match=said):
        read_entries(data)
    sent = {"file": ("a.zip", data, "application/zip")}
    page = client.post("/verify/many", files=sent, headers=ORIGIN)
    assert page.status_code in {413, 422}


def test_a_header_that_lies_about_the_size_is_not_believed():
    with pytest.raises(InvalidUpload):
        read_entries(lying(zipped({"bomb": bytes(80 * 2**20)})))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell):
    assert as_csv([cell]).startswith(("'", "\"'"))
