"""The statistics of an organisation: five tables with a chart each, and all of them as CSV."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.csv_sheet import csv_answer
from issuer.admin.gate import Desk, at, desk_page
from issuer.admin.statistics import Table, tabulate
from issuer.admin.statistics_store import Dimension, gather
from issuer.db.session import reading
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/statistics", include_in_schema=False)

Seeing = Annotated[Desk, at(Ability.SEE)]
Year = Annotated[int | None, Query(ge=2000, le=2999)]
Chosen = Annotated[str, Query(max_length=4, pattern=r"^(2\d\d\d)?$")]


@router.get("")
def show(request: Request, desk: Seeing, year: Chosen = "") -> HTMLResponse:
    """Show the tables and charts."""
    return desk_page(
        request,
        "admin/statistics.html",
        desk,
        tables=tables(desk, year),
        words=dimension_words(),
        year=year,
        years=range(desk.instance.now().year, desk.instance.now().year - 6, -1),
    )


@router.get(".csv")
def sheet(desk: Seeing, year: Chosen = "") -> Response:
    """Send the tables as CSV; a number that is not shown is not there either."""
    rows: list[tuple[object, ...]] = [("table", "name", "awards", "taken", "checked")]
    for dimension, table in tables(desk, year).items():
        rows += [(dimension, c.name, c.awards, c.claims, c.checks) for c in table.cells]
        total = table.total
        rows.append((dimension, "all", total.awards, total.claims, total.checks))
    return csv_answer(f"statistics-{desk.organisation.slug}.csv", rows)


def tables(desk: Desk, year: str) -> Mapping[Dimension, Table]:
    """Count."""
    with reading(desk.instance.engine) as connection:
        counted = gather(connection, desk.organisation, int(year) if year else None)
    return {
        dimension: tabulate(
            counted.facts(dimension),
            counted.checked(dimension),
            by_name=dimension is Dimension.MONTH,
        )
        for dimension in Dimension
    }


def dimension_words() -> dict[Dimension, str]:
    """Say how awards are grouped."""
    return {
        Dimension.MEMBER: _("By organisation"),
        Dimension.ACHIEVEMENT: _("By achievement"),
        Dimension.AREA: _("By area of knowledge (ISCED-F broad field, as in ESCO)"),
        Dimension.FIELD: _("By field of study (ISCED-F)"),
        Dimension.SKILL: _("By ESCO skill"),
        Dimension.MONTH: _("By month of the award"),
    }
