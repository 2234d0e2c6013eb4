import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.awarding import sheet
from issuer.awarding.columns import Column, map_columns
from issuer.awarding.sheet import open_sheet
from issuer.errors import InvalidUpload

TEXT = "Name;E-mail\nZoë Ødegård;zoe@x.example\n"


@pytest.fixture
def read(tmp_path):
    def from_bytes(content):
        path = tmp_path / "list.csv"
        path.write_bytes(content)
        with open_sheet(path) as opened:
            return opened.header, [line.cells for line in opened.lines]

    return from_bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lists_are_read_however_they_were_saved(read, encoding, delimiter, end):
    text = TEXT.replace(";", delimiter).replace("\n", end)
    header, rows = read(text.encode(encoding))
    assert header == ("Name", "E-mail")
    assert rows == [("Zoë Ødegård", "zoe@x.example")]


def test_quotes_protect_delimiters_and_line_ends(read):
    _, rows = read(b'Name;Note\n"Silva; Costa";"two\nlines ""here"""\n')
    assert rows == [("Silva; Costa", 'two\nlines "here"')]


def test_empty_rows_are_left_out_but_counted(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name\n\n;\nAnn\n")
    with open_sheet(path) as opened:
        assert [line.number for line in opened.lines] == [4]


def test_a_delimiter_in_a_quoted_heading_does_not_count(read):
    header, _ = read(b'"Name, given, family, all"\tE-mail\nAnn\ta@x.example')
    assert header == ("Name, given, family, all", "E-mail")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"PK\x03\x04\0\0\0", "workbook is damaged"),
        (b"GIF89a\0\0\0", "not a text file"),
        (b'Name\n"never closed', "row 2 is not CSV"),
        (b"a," * 101, "row 1 has 102 columns"),
        (b"Name\nA\x81nn", "unknown encoding"),
        (b"Name\n" + b"a" * 200_000, "row 2 is not CSV"),
    ],
)
def test_what_is_no_list_is_refused(read, content, reason):
    with pytest.raises(InvalidUpload, match=reason):
        read(content)


def test_a_list_that_is_too_long_is_refused(read, monkeypatch):
    monkeypatch.setattr(sheet, "MAX_BYTES", 10)
    with pytest.raises(InvalidUpload, match="split it"):
        read(TEXT.encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        with open_sheet(path) as opened:
            for line in opened.lines:
                assert any(line.cells)
    except InvalidUpload as refusal:
        assert str(refusal)  # noqa: PT017 - both ends are fine, a refusal must say something


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Verliehen am", Column.AWARDED_ON),
        ("E-Mail-Adresse", Column.EMAIL),
        ("Vorname", Column.GIVEN_NAME),
        ("Prénom", Column.GIVEN_NAME),
        ("ACHTERNAAM", Column.FAMILY_NAME),
        ("e-mail address", Column.EMAIL),
        ("Jméno", Column.GIVEN_NAME),
        ("Naam", Column.FULL_NAME),
    ],
)
def test_headings_of_many_offices_are_understood(heading, column):
    assert (
        column in map_columns([heading, "Name" if column is not Column.FULL_NAME else "x"]).places
    )


def test_two_columns_of_one_meaning_are_refused():
    with pytest.raises(InvalidUpload, match="'Name' and 'Learner' both mean"):
        map_columns(["Name", "Learner"])


def test_a_list_without_people_is_refused():
    with pytest.raises(InvalidUpload, match="Given name"):
        map_columns(["Colour", "E-mail"])
