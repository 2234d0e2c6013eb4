"""Write a table as CSV; no cell of it is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

from issuer.web.layout import PRIVATE

__all__ = ["csv_answer", "write_csv"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([_harmless("" if cell is None else str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def csv_answer(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """Send rows as a file; the mark at the start makes spreadsheets read UTF-8."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = "\ufeff" + write_csv(rows)
    return Response(content.encode(), media_type="text/csv", headers=PRIVATE | disposition)


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell
