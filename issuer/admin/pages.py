"""All pages of the desk, in one router."""

from fastapi import APIRouter

from issuer.admin import audit_log, awards, entrance, lists, people

__all__ = ["PARTS", "router"]

PARTS = (entrance, lists, awards, people, audit_log)
"""Every page of the desk is in one of these."""

router = APIRouter(include_in_schema=False)
for part in PARTS:
    router.include_router(part.router)
