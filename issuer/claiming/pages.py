"""The learner's page: see it, take it into a wallet, or keep it as a file."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from issuer.claiming import qr, store
from issuer.claiming.consent import for_claim
from issuer.claiming.keepsake import Keepsake, take
from issuer.claiming.linkedin import Certification
from issuer.claiming.model import Claim
from issuer.claiming.proving import known_address
from issuer.claiming.proving_pages import let_in
from issuer.claiming.rules import sends_mail
from issuer.claiming.takeaways import named, takeaways
from issuer.claiming.wallets import Progress, WalletOffer, wallets_of
from issuer.db.session import reading, unit_of_work
from issuer.organisations.branding import store as branding
from issuer.organisations.branding.model import offered
from issuer.web import i18n, instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import PRIVATE, render
from issuer.web.security import same_origin

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/claim")
def enter(request: Request, code: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Ask for the code, or go to its page."""
    if code.strip():
        return RedirectResponse(f"/claim/{quote(code.strip(), safe='')}", status_code=303)
    return render(request, "claiming/enter.html", private=True)


@router.get("/claim/{code}")
def show(code: str, request: Request) -> HTMLResponse:
    """Show the award and every way to take it."""
    claim, found = open_link(request, code)
    instance = instance_of(request)
    offer = None if found.revoked else current_offer(request, claim)
    address = mail_address(request, claim) if offer and offer.needs_code else None
    with reading(instance.engine) as connection:
        look = branding.look_of_award(connection, claim.award_id)
        i18n.speak(offered(look, i18n.language()))
        shown = for_claim(connection, claim.id)
        is_sandbox = branding.awarding_body(connection, claim.award_id).is_sandbox
    page = render(
        request,
        "claiming/claim.html",
        consent=shown,
        private=True,
        code=code,
        claim=claim,
        keepsake=found,
        is_sandbox=is_sandbox,
        look=look,
        languages=lambda: look.languages or i18n.languages(),
        takeaways=takeaways(),
        offer=offer,
        address=address,
        web_wallet=instance.settings.wallet,
        qr=qr.draw(offer.uri, _("QR code: take it into your wallet")) if offer else None,
        certification=certification(found, f"{instance.settings.origin}/verify"),
    )
    page.headers["Referrer-Policy"] = "no-referrer"  # the address is the key to the award
    return page


@router.get("/claim/{code}/wallet")
def follow(code: str, request: Request) -> HTMLResponse:
    """Show how far the wallet has come: a part of the page, asked for again and again."""
    instance = instance_of(request)
    claim = let_in(request, code)
    offer = current_offer(request, claim)
    if offer.progress is Progress.KEPT:
        with unit_of_work(instance.engine) as connection:
            store.mark_kept(connection, claim.id, instance.now())
    return render(request, "claiming/progress.html", private=True, code=code, offer=offer)


@router.post("/claim/{code}/wallet", dependencies=[Depends(same_origin)])
def offer_again(code: str, request: Request) -> RedirectResponse:
    """Make a new offer: for another wallet, or because the last one has ended."""
    claim = let_in(request, code)
    new_offer(request, claim)
    return RedirectResponse(f"/claim/{quote(code, safe='')}#wallet", status_code=303)


@router.post("/claim/{code}/wallet/number", dependencies=[Depends(same_origin)])
def send_number(code: str, request: Request) -> RedirectResponse:
    """Send the number that the wallet asks for by mail."""
    claim = let_in(request, code)
    offer = current_offer(request, claim)
    if offer.needs_code and mail_address(request, claim):
        wallets_of(request).send_code(offer.name)
    return RedirectResponse(f"/claim/{quote(code, safe='')}#wallet", status_code=303)


@router.get("/claim/{code}/credential.{extension}")
def download(code: str, extension: str, request: Request) -> Response:
    """Send the credential as a file of the kind asked for."""
    kind = named(extension)
    claim, found = open_link(request, code)
    instance = instance_of(request)
    content = kind.make(instance, found)
    with unit_of_work(instance.engine) as connection:
        store.mark_kept(connection, claim.id, instance.now())
    name = f"{found.filename}.{kind.extension}"
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind.media_type, headers=headers)


def current_offer(request: Request, claim: Claim) -> WalletOffer:
    """Return the offer on this claim's page; make the first one."""
    if claim.offer_name is None:
        return new_offer(request, claim)
    return wallets_of(request).find(claim.offer_name)


def new_offer(request: Request, claim: Claim) -> WalletOffer:
    """Make an offer and put it on the claim's page."""
    made = wallets_of(request).create(claim.award_id)
    with unit_of_work(instance_of(request).engine) as connection:
        store.set_offer(connection, claim.id, made.name)
    return made


def mail_address(request: Request, claim: Claim) -> str | None:
    """Return where the number would be sent, cut short; None where it cannot be sent."""
    instance = instance_of(request)
    if not sends_mail(instance):
        return None
    with reading(instance.engine) as connection:
        return known_address(connection, claim)


def open_link(request: Request, code: str) -> tuple[Claim, Keepsake]:
    """Return what a link leads to, and note that it was opened."""
    claim = let_in(request, code)
    instance = instance_of(request)
    with unit_of_work(instance.engine) as connection:
        store.mark_opened(connection, claim.id, instance.now())
    return claim, take(instance, claim.award_id)


def certification(found: Keepsake, verify_url: str) -> Certification | None:
    """Return what LinkedIn asks for; None where the award has no date."""
    if found.awarded is None:
        return None
    said = found.meaning
    return Certification(
        name=str(said.get("name", "")),
        organisation=str(said["issuer"].get("name", "")),
        issued=found.awarded,
        url=verify_url,
        id=found.credential.issuance.credential_id,
        expires=found.ends,
    )
