"""The audit log, readable: newest lines first, a search, and the check of the whole chain."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection, select

from issuer.admin.gate import SignedIn, form_page
from issuer.audit.service import verify
from issuer.db.session import reading
from issuer.db.tables import audit_line
from issuer.errors import AuditBroken
from issuer.organisations.roles import Ability, require
from issuer.organisations.service import root
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(prefix="/staff/audit", include_in_schema=False)

LOOKED_AT = 5_000
"""Newest lines a search looks at."""

SHOWN = 100


@router.get("")
def read(
    request: Request,
    staff: SignedIn,
    q: Annotated[str, Query(max_length=200)] = "",
    check: bool = False,
) -> HTMLResponse:
    """Show the log to who may read it; `check` walks the whole chain."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        require(connection, staff, Ability.AUDIT, root(connection))
        found = newest(connection, q)
    broken, checked = "", None
    if check:
        try:
            checked = verify(instance.engine)
        except AuditBroken as error:
            broken = str(error)
    return form_page(
        request,
        "admin/audit.html",
        staff=staff,
        lines=found,
        q=q,
        checked=checked,
        broken=broken,
    )


def newest(connection: Connection, words: str) -> list[dict[str, Any]]:
    """Return the newest lines that mention `words`."""
    query = select(audit_line.c.line).order_by(audit_line.c.seq.desc()).limit(LOOKED_AT)
    wanted = words.strip().encode()
    lines = (bytes(line) for line in connection.scalars(query))
    found = [orjson.loads(line) for line in lines if wanted in line][:SHOWN]
    return [line | {"at": datetime.fromisoformat(line["at"])} for line in found]
