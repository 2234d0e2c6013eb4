"""The files a learner may take: one award, each form that somebody asks for.

Shape: the Open Badge as it was signed, as a token, inside a picture, and on a page. The token is an
issuance of its own; pictures and page carry the signed badge inside.
"""

from collections.abc import Callable
from dataclasses import dataclass

from badges.baking import png, svg
from badges.ob3.elements import is_called_micro_credential
from issuer.awarding.artefacts import issue_again
from issuer.awarding.model import Order
from issuer.claiming import paper
from issuer.claiming.face import Face
from issuer.claiming.keepsake import Keepsake
from issuer.claiming.picture import draw_png, draw_svg
from issuer.db.session import reading
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.organisations.branding.store import look_of_award
from issuer.web.i18n import day
from issuer.web.i18n import gettext as _

__all__ = ["Takeaway", "named", "takeaways"]

ACTOR = "claim"


@dataclass(frozen=True, slots=True)
class Takeaway:
    """One kind of file."""

    extension: str
    media_type: str
    label: str
    make: Callable[[Instance, Keepsake], bytes]


def takeaways() -> tuple[Takeaway, ...]:
    """Return the kinds of file this service can make, the plainest first."""
    kinds = (
        Takeaway("json", "application/vc", _("Open Badge 3.0 (JSON)"), _as_signed),
        Takeaway("png", "image/png", _("Picture with the badge inside (PNG)"), _png),
        Takeaway("svg", "image/svg+xml", _("Picture with the badge inside (SVG)"), _svg),
        Takeaway("jwt", "application/jwt", _("Token for other systems (VC-JWT)"), _jwt),
    )
    if not paper.available():
        return kinds
    page = Takeaway("pdf", "application/pdf", _("Page to read and print (PDF)"), _pdf)
    return (*kinds, page)


def named(extension: str) -> Takeaway:
    """Return the kind of file with this extension.

    Raises:
        NotFound: there is none, or this service cannot make it.
    """
    for kind in takeaways():
        if kind.extension == extension:
            return kind
    raise NotFound(_("this file is not offered here: go back and choose another"))


def face_of(keepsake: Keepsake) -> Face:
    """Return what a picture says of a credential."""
    said = keepsake.meaning
    ects = f"{said['ects']:g} ECTS" if "ects" in said else ""
    on = day(keepsake.awarded) if keepsake.awarded else ""
    issuer = str(said.get("issuer", {}).get("name", ""))
    foot = " · ".join(filter(None, (ects, on)))
    is_badge = not is_called_micro_credential(said)
    return Face(str(said.get("name", "")), issuer, foot, is_badge=is_badge)


def _as_signed(_instance: Instance, keepsake: Keepsake) -> bytes:
    return keepsake.credential.document


def _png(_instance: Instance, keepsake: Keepsake) -> bytes:
    return png.bake(draw_png(face_of(keepsake)), keepsake.credential.document.decode())


def _svg(_instance: Instance, keepsake: Keepsake) -> bytes:
    return svg.bake(draw_svg(face_of(keepsake)), keepsake.credential.document.decode())


def _jwt(instance: Instance, keepsake: Keepsake) -> bytes:
    order = Order(format="jwt_vc_json")
    return issue_again(instance, keepsake.credential.issuance.award_id, order, ACTOR).document


def _pdf(instance: Instance, keepsake: Keepsake) -> bytes:
    with reading(instance.engine) as connection:
        look = look_of_award(connection, keepsake.credential.issuance.award_id)
    return paper.print_page(keepsake, f"{instance.settings.origin}/verify", look)
