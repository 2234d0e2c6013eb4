"""All pages of the desk, in one router."""

from fastapi import APIRouter

from issuer.admin import (
    account,
    aftercare_page,
    audit_log,
    awards,
    batch_pages,
    branding_page,
    change_lists,
    changes,
    claiming_page,
    clients_page,
    confirming,
    corrections,
    entrance,
    four_eyes_page,
    health_page,
    learners,
    lists,
    organisation,
    people,
    single,
    single_sign_on,
    statistics_pages,
    unclaimed,
    wallet_traces,
    webhooks_page,
)
from issuer.admin.achievements import PARTS as ACHIEVEMENTS

__all__ = ["PARTS", "router"]

PARTS = (
    entrance,
    single_sign_on,
    account,
    confirming,
    single,
    lists,
    batch_pages,
    four_eyes_page,
    changes,
    change_lists,
    corrections,
    learners,
    awards,
    unclaimed,
    statistics_pages,
    organisation,
    people,
    clients_page,
    webhooks_page,
    *ACHIEVEMENTS,
    aftercare_page,
    claiming_page,
    branding_page,
    audit_log,
    health_page,
    wallet_traces,
)
"""Every page of the desk is in one of these."""

router = APIRouter(include_in_schema=False)
for part in PARTS:
    router.include_router(part.router)
