"""Workbooks: what is read out of them, and what is refused before it costs anything."""

import zipfile

import pytest
import xlsxwriter

from issuer.awarding.sheet import open_sheet
from issuer.awarding.workbook import convert
from issuer.errors import InvalidUpload


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.xlsx"


def write(path, cells, hidden=()):
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("People")
    for (row, column), value in cells.items():
        sheet.write(row, column, value)
    for name in hidden:
        book.add_worksheet(name).hide()
    book.close()


def test_rows_keep_the_numbers_the_office_sees(path):
    write(path, {(1, 1): "Name", (3, 1): "Zoë", (4, 2): "x"})
    with open_sheet(path) as sheet:
        assert sheet.header == ("", "Name", "")
        assert [(line.number, line.cells) for line in sheet.lines] == [
            (4, ("", "Zoë", "")),
            (5, ("", "", "x")),
        ]


def test_numbers_and_truth_are_written_as_people_write_them(path, tmp_path):
    write(path, {(0, 0): 20261234567, (0, 1): 7.5, (0, 2): True, (0, 3): 1e15, (0, 4): "007"})
    convert(path, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == (
        '"20261234567","7.5","TRUE","1000000000000000","007"\n'
    )


def test_quotes_line_breaks_and_delimiters_in_cells_survive(path):
    write(path, {(0, 0): "Name", (1, 0): 'Zoë; "Z",\nNovak'})
    with open_sheet(path) as sheet:
        assert [line.cells for line in sheet.lines] == [('Zoë; "Z",\nNovak',)]


def test_hidden_sheets_are_not_offered(path, tmp_path):
    write(path, {(0, 0): "Name"}, hidden=("Secret",))
    assert convert(path, tmp_path / "out.csv").sheets == ("People",)
    with pytest.raises(InvalidUpload, match="no such sheet"):
        convert(path, tmp_path / "out.csv", "Secret")


def test_refuses_a_sheet_that_claims_the_last_cell(path, tmp_path):
    write(path, {(0, 0): "Name", (1_048_575, 16_383): "x"})
    with pytest.raises(InvalidUpload, match=r"unpacks|columns"):
        convert(path, tmp_path / "out.csv")


def test_refuses_a_zip_bomb(path, tmp_path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300 * 2**20))
    assert path.stat().st_size < 2 * 2**20
    with pytest.raises(InvalidUpload, match="unpacks"):
        convert(path, tmp_path / "out.csv")


def test_refuses_a_bomb_that_lies_about_its_size(path, tmp_path):
    write(path, {(0, 0): "Name"})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(2_001):
            archive.writestr(f"part{number}", b"")
    with pytest.raises(InvalidUpload, match="unpacks"):
        convert(path, tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"xl/workbook.xml": "<x", "xl/vbaProject.bin": "x"}, "macros"),
        ({"word/document.xml": "<x/>"}, "neither CSV nor"),
        ({"xl/workbook.xml": "<x"}, "damaged"),
    ],
)
def test_refuses_what_is_no_workbook_of_people(path, tmp_path, parts, told):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(InvalidUpload, match=told):
        convert(path, tmp_path / "out.csv")


def test_refuses_an_old_workbook(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(InvalidUpload, match="old or a locked"), open_sheet(path):
        pass


def test_refuses_an_empty_sheet(path, tmp_path):
    write(path, {})
    with pytest.raises(InvalidUpload, match="empty"):
        convert(path, tmp_path / "out.csv")
