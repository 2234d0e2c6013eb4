"""Many credentials at once, for people: rows appear in the page while it loads.

The page is sent in pieces, so that progress needs no script and nothing has to be stored; the
same form gives the answers as a CSV file instead.
"""

from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.datastructures import UploadFile

from issuer.errors import InvalidUpload
from issuer.verify.bulk import COLUMNS, MAX_ENTRIES, Entry, Row, as_csv, read_entries, rows
from issuer.verify.sources import verifier_of
from issuer.verify.wording import verdicts
from issuer.web import instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import environment, render
from issuer.web.problems import PROBLEMS, title_of
from issuer.web.security import MAX_BODY, same_origin

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

HERE = "<!-- rows -->"
"""Where the page is cut in two, to put the rows in between."""

CSV_HEADERS = {"Content-Disposition": 'attachment; filename="verdicts.csv"'}


@router.get("/verify/many")
def ask(request: Request) -> HTMLResponse:
    """Show the form."""
    return render(request, "verify/many.html", problem=None, most=MAX_ENTRIES)


async def uploaded(request: Request) -> tuple[Sequence[Entry], str]:
    """Return the entries of the form, and how the answer is wanted."""
    async with request.form(max_files=1, max_fields=5, max_part_size=MAX_BODY) as fields:
        upload, wanted = fields.get("file"), fields.get("as")
        data = await upload.read() if isinstance(upload, UploadFile) else b""
    return read_entries(data), str(wanted or "")


@router.post("/verify/many", dependencies=[Depends(same_origin)])
async def tell(request: Request) -> Response:
    """Check what was sent, and show a row for each."""
    try:
        entries, wanted = await uploaded(request)
    except InvalidUpload as error:
        problem = {"title": _(title_of(type(error))), "detail": str(error)}
        status = PROBLEMS[type(error)][0]
        values = {"problem": problem, "most": MAX_ENTRIES}
        return render(request, "verify/many.html", status=status, private=True, **values)
    found = rows(verifier_of(request), entries, instance_of(request).now())
    if wanted == "csv":
        return csv_answer(found)
    page = render(request, "verify/many_report.html", private=True, total=len(entries), here=HERE)
    headers = {name: value for name, value in page.headers.items() if name != "content-length"}
    return StreamingResponse(_pieces(bytes(page.body).decode(), found), headers=headers)


def csv_answer(found: AsyncIterator[Row]) -> StreamingResponse:
    """Answer with a table that grows as it is sent."""

    async def lines() -> AsyncIterator[str]:
        yield as_csv(COLUMNS)
        async for row in found:
            yield as_csv(row.cells())

    headers = CSV_HEADERS | {"Cache-Control": "no-store"}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


async def _pieces(page: str, found: AsyncIterator[Row]) -> AsyncIterator[str]:
    before, _here, after = page.partition(HERE)
    words = {verdict: words.title for verdict, words in verdicts()}
    template = environment().get_template("verify/many_row.html")
    yield before
    async for row in found:
        cells = dict(zip(COLUMNS, row.cells(), strict=True))
        yield template.render(row=row, cells=cells, word=words[cells["verdict"]])
    yield after
