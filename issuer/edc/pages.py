"""The learner's way to Europass: how to save the credential there, and the sealed file."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from issuer.claiming.keepsake import Keepsake, take
from issuer.claiming.proving_pages import let_in
from issuer.db.session import reading
from issuer.edc.exporting import sealed
from issuer.errors import NotFound, NotIssued
from issuer.organisations.branding.store import awarding_body
from issuer.signing.sealer import has_sealer, sealer_of
from issuer.web import instance_of
from issuer.web.layout import PRIVATE, render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/claim/{code}/europass")
def explain(code: str, request: Request) -> HTMLResponse:
    """Tell how to save the credential to Europass."""
    instance = instance_of(request)
    is_sealed = has_sealer(instance)
    return render(
        request,
        "edc/europass.html",
        private=True,
        code=code,
        keepsake=_keepsake(code, request),
        is_sealed=is_sealed,
        is_test=is_sealed and sealer_of(instance).is_test,
    )


@router.get("/claim/{code}/europass.jsonld")
def download(code: str, request: Request) -> Response:
    """Send the sealed file; it is sealed when it is first asked for."""
    instance = instance_of(request)
    found = _keepsake(code, request)
    if found.revoked:
        raise NotIssued("this credential was revoked: there is nothing to save")
    octets = sealed(instance, found.credential.issuance.id, sealer_of(instance), "claim")
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{found.filename}.jsonld"'}
    return Response(octets, media_type="application/jose+json", headers=headers)


def _keepsake(code: str, request: Request) -> Keepsake:
    """Return what a link leads to.

    Raises:
        NotFound: a sandbox awarded it: nobody seals that.
    """
    instance, award_id = instance_of(request), let_in(request, code).award_id
    with reading(instance.engine) as connection:
        if awarding_body(connection, award_id).is_sandbox:
            raise NotFound("a sandbox awarded it: nothing of it is real, so Europass gets no file")
    return take(instance, award_id)
