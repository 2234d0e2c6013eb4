"""The page of a credential as PDF, the credential attached; needs the extra ``learnseal[pdf]``.

Spec: ISO 14289-1 (PDF/UA-1), checked by Typst as it writes; ISO 32000-2 §7.11.4 (attachment).
"""

import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno

from badges.ob3.elements import is_called_micro_credential
from issuer.claiming.keepsake import Keepsake
from issuer.organisations.branding.model import SEAL, Look
from issuer.web.i18n import day, language
from issuer.web.i18n import gettext as _

__all__ = ["available", "print_page"]


def available() -> bool:
    """Tell whether the extra is installed."""
    return find_spec("typst") is not None


def print_page(
    keepsake: Keepsake, verify_url: str, look: Look | None = None, *, watermark: str = ""
) -> bytes:
    """Return the page of a credential in the reader's language, as its organisation looks.

    A `watermark` lies across it.
    """
    import typst  # noqa: PLC0415 - an optional extra of 80 MB

    fonts = str(resources.files("issuer.edc") / "fonts")
    brand = {"colour": look.colour if look else SEAL, "logo": bool(look and look.logo)}
    said = json.dumps(words_of(keepsake, verify_url) | brand | {"watermark": watermark})
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        template = resources.files("issuer.claiming") / "paper.typ"
        (root / "page.typ").write_bytes(template.read_bytes())
        (root / "credential.json").write_bytes(keepsake.credential.document)
        if look and look.logo:
            (root / "logo.png").write_bytes(look.logo)
        made: bytes = typst.compile(
            str(root / "page.typ"),
            root=folder,
            format="pdf",
            font_paths=[fonts],
            ignore_system_fonts=True,
            sys_inputs={"said": said},
            pdf_standards=["ua-1"],
        )
    return made


def words_of(keepsake: Keepsake, verify_url: str) -> dict[str, Any]:
    """Return everything the page says."""
    said = keepsake.meaning
    code = io.BytesIO()
    segno.make(verify_url, error="m", micro=False).save(code, kind="svg", border=2)
    return {
        "language": language(),
        "kind": _("Micro-credential") if is_called_micro_credential(said) else _("Badge"),
        "title": str(said.get("name", "")),
        "issuer": str(said.get("issuer", {}).get("name", "")),
        "id": str(said.get("id", "")),
        "sentence": sentence(keepsake),
        "notice": notice(keepsake),
        "description": str(said.get("achievement", {}).get("description", "")),
        "rows": list(rows(keepsake)),
        "check": {
            "title": _("Is it genuine?"),
            "text": _("The signed credential is attached to this file. Check the file here:"),
            "url": verify_url,
            "code": code.getvalue().decode(),
            "alternative": _("QR code: the page that checks credentials"),
            "attached": _("The signed credential (Open Badge 3.0)"),
        },
    }


def sentence(keepsake: Keepsake) -> str:
    """Say who got it, from whom and when."""
    said = keepsake.meaning
    issuer = said.get("issuer", {}).get("name", "")
    learner = said.get("learner", {}).get("name", "")
    if learner:
        told = _("Awarded to %(learner)s by %(issuer)s") % {"learner": learner, "issuer": issuer}
    else:
        told = _("Awarded by %(issuer)s") % {"issuer": issuer}
    return f"{told}, {day(keepsake.awarded)}" if keepsake.awarded else told


def notice(keepsake: Keepsake) -> str:
    """Say whether it was withdrawn."""
    if keepsake.revoked:
        return _("This micro-credential was revoked")
    if keepsake.suspended:
        return _("This micro-credential is suspended for the time being")
    return ""


def rows(keepsake: Keepsake) -> Iterator[tuple[str, list[str]]]:
    """Go through the standard elements that the credential has."""
    said = keepsake.meaning
    if keepsake.ends:
        yield _("Valid until"), [day(keepsake.ends)]
    if "ects" in said:
        yield _("Credits"), [f"{said['ects']:g} ECTS"]
    for element, label in labels().items():
        if facts := [*map(fact_of, items(said.get(element)))]:
            yield label, facts


def labels() -> dict[str, str]:
    """Return the elements in the order a reader wants them."""
    return {
        "skills": _("Skills"),
        "results": _("Result"),
        "workload": _("Workload"),
        "eqf_level": _("Level"),
        "nqf_level": _("National level"),
        "cycle": _("Cycle of higher education"),
        "assessments": _("Assessed by"),
        "supervision": _("Supervision and identity check"),
        "participation": _("Form of participation"),
        "setting": _("Kind of learning"),
        "quality_assurance": _("Quality assured by"),
        "stackability": _("Counts towards"),
        "prerequisites": _("Prerequisites"),
        "fields": _("Field of study"),
    }


def items(value: object) -> list[Mapping[str, Any]]:
    """Return what an element says, one or several."""
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, Mapping) and item]


def fact_of(item: Mapping[str, Any]) -> str:
    """Tell one item."""
    name, value = str(item.get("name", "")), str(item.get("value", ""))
    return ": ".join(filter(None, (name, value))) or str(item.get("code", ""))
