"""The whole service as one web application: every room's doors, one line each."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from badges.verify import Policy
from issuer.admin import pages as admin
from issuer.api import awards_api, batches_api, token_api
from issuer.app import api_docs, figures, readiness
from issuer.app.calls import keep_calling
from issuer.app.counted import Tally, keep_counts
from issuer.app.described import Described
from issuer.app.post import post_of
from issuer.app.rounds import Round, go_round
from issuer.app.sources import OwnAndWeb
from issuer.app.wallet_folder import PATH, wallet_files
from issuer.app.wallets import OpenId4VciWallets
from issuer.app.workshop import workshop
from issuer.awarding.keeping import tidy
from issuer.catalogue import achievements_api, esco_api
from issuer.claiming import pages as claiming
from issuer.claiming import proving_pages as proving
from issuer.claiming.erasing import erase_due
from issuer.edc import api as edc_api
from issuer.edc import pages as edc_pages
from issuer.instance import Instance
from issuer.mail import pages as mail
from issuer.oid4vci import api as oid4vci
from issuer.oid4vci import log_api as oid4vci_log
from issuer.organisations import api as organisations
from issuer.organisations.branding import api as branding
from issuer.organisations.openid_provider import provider_of
from issuer.status import api as status
from issuer.vc_api import api as vc_api
from issuer.vc_api.checking import Checker
from issuer.verify import api as verify_api
from issuer.verify import bulk_api as verify_bulk_api
from issuer.verify import bulk_pages as verify_bulk_pages
from issuer.verify import pages as verify_pages
from issuer.verify import resolver_api
from issuer.verify.pool import Pool
from issuer.verify.service import verify
from issuer.verify.sources import Verifier
from issuer.verify.submission import Submission
from issuer.web import assets, layout, operations, problems
from issuer.web.limiting import Limited, Rules
from issuer.web.security import Guard
from issuer.webhooks.service import forget_calls

__all__ = ["create_app"]

ABOUT = """Micro-credentials people can trust: Open Badges 3.0 and European Digital Credentials,
issued, held, verified and revoked. Problems are RFC 9457 documents."""

pages = APIRouter(include_in_schema=False)

ROUTERS: tuple[APIRouter, ...] = (
    pages,
    api_docs.router,
    assets.router,
    operations.router,
    readiness.router,
    figures.router,
    organisations.router,
    branding.router,
    status.router,
    proving.router,
    claiming.router,
    mail.router,
    edc_api.router,
    edc_pages.router,
    achievements_api.router,
    esco_api.router,
    oid4vci_log.router,
    verify_pages.router,
    verify_api.router,
    verify_bulk_pages.router,
    verify_bulk_api.router,
    resolver_api.router,
    vc_api.router,
    token_api.router,
    awards_api.router,
    batches_api.router,
    admin.router,
)
"""Every room's doors; order matters only where two paths could match the same address."""


@pages.get("/")
def start(request: Request) -> HTMLResponse:
    """Welcome whoever comes by."""
    return layout.render(request, "web/start.html")


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Start what a running service needs beside the application, and end it with it."""
    app.state.verifier.pool.warm()
    rounds = [asyncio.create_task(go_round(each)) for each in rounds_of(app.state.instance)]
    batches = asyncio.create_task(workshop(app.state.instance))
    counts = asyncio.create_task(keep_counts(app.state.instance, app.state.tally))
    calls = asyncio.create_task(keep_calling(app.state.instance))
    yield
    for task in (*rounds, calls, batches, counts):
        task.cancel()
    await asyncio.wait([batches, counts])
    app.state.verifier.pool.close()


def rounds_of(instance: Instance) -> list[Round]:
    """Return what this service does by itself; mail only where some is sent."""
    kinds = [
        Round("housekeeping", partial(tidy, instance), every=60.0),
        Round("erasing", partial(erase_due, instance), every=3_600.0),
        Round("forgetting calls", partial(forget_calls, instance), every=3_600.0),
    ]
    mail = post_of(instance)
    return [*kinds, Round("mail", mail, every=5.0)] if mail else kinds


def checker(app: FastAPI) -> Checker:
    """Return the verifier as VC-API wants it."""

    async def check(document: bytes, policy: Policy) -> Mapping[str, Any]:
        own = await asyncio.to_thread(app.state.verifier.sources.policy)
        local = replace(policy, allow_local=own.allow_local)
        now = app.state.instance.now()
        return (await verify(app.state.verifier, Submission(document), now, local)).report

    return check


def counting(tally: Tally) -> Callable[[Mapping[str, Any]], None]:
    """Return what is told of every report: the figures, and the count of each achievement."""

    def told(report: Mapping[str, Any]) -> None:
        figures.count_report(report)
        tally.add(report)

    return told


@cache
def doors() -> tuple[BaseRoute, ...]:
    """Lay the doors of every room, once for all applications of this process: it takes a while."""
    house = FastAPI(openapi_url=None)
    for router in ROUTERS:
        house.include_router(router)
    return tuple(house.router.routes)


def create_app(instance: Instance) -> FastAPI:
    """Build the application around one running service."""
    app = Described(
        title="learnseal",
        version="1",
        description=ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=running,
    )
    app.state.instance = instance
    app.state.provider = provider_of(instance.settings)
    app.state.checker = checker(app)
    app.state.wallets = OpenId4VciWallets(instance)
    app.state.tally = Tally()
    app.state.verifier = Verifier(Pool(), OwnAndWeb(instance), counting(app.state.tally))
    app.router.routes.extend(oid4vci.ROUTES)  # first: a wallet asks six times for one badge
    app.router.routes.extend(doors())
    if instance.settings.wallet:
        app.mount(PATH, wallet_files(), name="wallet")
    problems.install(app)
    app.add_middleware(Limited, rules=Rules())
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=5)
    app.add_middleware(Guard, https=instance.settings.base_url.startswith("https:"))
    app.add_middleware(operations.Measured)
    return app
