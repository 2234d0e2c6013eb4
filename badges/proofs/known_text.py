"""A document held together with its JSON text: recognised once, and never written again to be.

Issuing in bulk asks for the same document several times: to check it, to sign it, to look at what
was signed. A template (`badges.proofs.template`) says all of it but the texts in its gaps, so the
document is put together from another one of the template, with its own texts in the gaps.

What keeps it honest: only a document that was read strictly is put together from; a text in a gap
needs no escape and holds no odd character; the first use of a template and one in a thousand later
ones are compared with the long way, and one difference switches memo and templates off.
Documents share what is constant: nobody may change one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from badges.credential import may_be_unsafe
from badges.proofs import canon, known_shapes
from badges.proofs.budget import BUDGET
from badges.proofs.sight import TemplateSight
from badges.proofs.spared import Clearance, Family
from badges.proofs.template import Template
from badges.proofs.traced import Path
from badges.strict_json import MAX_BYTES

__all__ = ["KnownText", "digest", "digest_without", "read", "spares"]

MOST_MODELS = 8
"""Templates that are tried on a text before it is read strictly."""

MOST_NEWCOMERS = 8
"""Templates seen once: a cohort has several where a grade is a text of the achievement too."""

MOST_DIGESTS = 500
"""Texts whose digest is kept: who looks at the signatures of a chunk asks for what was signed."""

LONGEST_KEPT = 32 * 1024
"""Bytes of a text whose digest is kept with it."""

RECHECK_EVERY = 1000

Plan = dict[str | int, "int | Plan"]
"""By name or position: which text goes there, or what goes inside."""

_models: "tuple[_Model, ...]" = ()
_newcomers: tuple[Template, ...] = ()
"""The templates of the last documents that no model fitted."""

_digests: dict[bytes, bytes] = {}
"""Texts with their digests."""

_older: dict[bytes, bytes] = {}
"""The same, of before `_digests` was begun."""


@dataclass(slots=True)
class KnownText:
    """A document and its text; not to be changed (frozen it would take as long as the reading)."""

    data: bytes
    document: Mapping[str, Any]
    sight: TemplateSight | None = None
    """What recognised it; None where nothing did."""


@dataclass(slots=True)
class _Model:
    """A document that others of its template are put together from."""

    sight: TemplateSight
    document: dict[str, Any]
    plan: Plan
    uses: int = 0

    def fill(self, data: bytes, texts: tuple[bytes, ...]) -> KnownText | None:
        """Return the document with these texts of its own; None where one of them is odd."""
        joined = b'"'.join(texts)  # no text of a gap holds a quotation mark
        try:
            if may_be_unsafe(joined):
                return None
            document = _filled(self.document, self.plan, joined.decode().split('"'))
        except UnicodeDecodeError:
            return None
        if self.uses % RECHECK_EVERY == 0 and orjson.dumps(document) != data:
            known_shapes.distrust("a document was put together wrongly: templates are now off")
            return None
        self.uses += 1
        return KnownText(
            data, document, TemplateSight(self.sight.series, self.sight.template, texts)
        )


def read(data: bytes) -> KnownText:
    """Read JSON as `known_shapes.loads` does, only sooner what fits a template that was seen.

    Raises:
        MalformedCredential: as `known_shapes.loads` does.
    """
    known = _by_models(data) if len(data) <= MAX_BYTES else None
    if known is not None:
        return known
    document = known_shapes.loads(data)
    sight = known_shapes.recognise(document) if isinstance(document, dict) else None
    if not isinstance(sight, TemplateSight):
        return KnownText(data, document)
    if orjson.dumps(document) == data and not may_be_unsafe(data):
        _learn(document, sight)
    return KnownText(data, document, sight)


def _by_models(data: bytes) -> KnownText | None:
    global _models  # noqa: PLW0603 - one value is exchanged for another, so threads may read it
    if not _are_trusted():
        return None
    models = _models
    for place, model in enumerate(models):
        texts = model.sight.template.read(data)
        if texts is not None:
            if place:
                _models = (model, *models[:place], *models[place + 1 :])
            return model.fill(data, texts)
    return None


def _are_trusted() -> bool:
    memo = known_shapes.memo()
    return memo.trusted and memo.templates


def _learn(document: dict[str, Any], sight: TemplateSight) -> None:
    """Make a model at the second sight: single badges of many achievements come in turn."""
    global _models, _newcomers  # noqa: PLW0603 - see above
    if not sight.texts:
        return
    others = [known for known in _newcomers if known is not sight.template]
    if len(others) == len(_newcomers):
        _newcomers = (sight.template, *others)[:MOST_NEWCOMERS]
        return
    _newcomers = tuple(others)
    plan = _plan(known_shapes.places(document, sight))
    kept = (model for model in _models if model.sight.template is not sight.template)
    _models = (_Model(sight, document, plan), *kept)[:MOST_MODELS]


def _plan(places: Mapping[Path, int]) -> Plan:
    plan: Plan = {}
    for path, number in places.items():
        inside = plan
        for step in path[:-1]:
            deeper = inside.setdefault(step, {})
            if isinstance(deeper, int):
                raise TypeError("a text has no inside")
            inside = deeper
        inside[path[-1]] = number
    return plan


def _filled(value: Any, plan: Plan, texts: Sequence[str]) -> Any:
    made = value.copy()
    for step, inside in plan.items():
        made[step] = (
            texts[inside] if type(inside) is int else _filled(value[step], inside, texts)  # type: ignore[arg-type]
        )
    return made


def digest(text: KnownText) -> bytes:
    """Return the SHA-256 of the canonical N-Quads of a document.

    Raises:
        BadgeError: as `known_shapes.canonicalize` does.
    """
    found = _known_digest(text.data)
    if found is None:
        found = hashlib.sha256(_canonical(text)).digest()
        _keep_digest(text.data, found)
    return found


def _keep_digest(data: bytes, found: bytes) -> None:
    global _digests, _older
    if len(data) > LONGEST_KEPT:
        return
    if len(_digests) >= MOST_DIGESTS:
        _digests, _older = {}, _digests
    _digests[data] = found


def _known_digest(data: bytes) -> bytes | None:
    return (_digests.get(data) or _older.get(data)) if _are_trusted() else None


def _canonical(text: KnownText) -> bytes:
    sight = text.sight
    made = sight.run() if sight is not None and _are_trusted() else None
    if sight is None or made is None or len(made) > BUDGET.characters:
        return known_shapes.canonicalize(text.document, contexts={})
    if sight.use() % RECHECK_EVERY == 0:
        truth = canon.canonicalize(text.document, contexts={})
        if truth != made:
            known_shapes.distrust("a template gave other bytes than the full algorithm: now off")
        return truth
    return made


def digest_without(text: KnownText, member: str) -> bytes | None:
    """Return the `digest` of a document less its last member; None unless it was just asked for.

    What stands before the last member is, closed, the whole text of a document; where it is one
    whose digest we have, it is that document.
    """
    if [*text.document][-1:] != [member]:
        return None
    before, _, _ = text.data.rpartition(b',"%b":' % member.encode())
    return _known_digest(before + b"}")


def spares(family: Family, text: KnownText) -> bool:
    """Tell whether a document passes all checks of `family`; False: make them, to find out."""
    sight, document = text.sight, text.document
    if sight is None or not _are_trusted():
        return False
    clearance = sight.clearances.get(family.name)
    if clearance is None:
        clearance = sight.clearances[family.name] = Clearance(family)
    if not clearance.spares(document, sight.texts, lambda: known_shapes.places(document, sight)):
        return False
    if clearance.is_due(RECHECK_EVERY) and family.finds(document):
        known_shapes.distrust(f"a template spared {family.name} checks that fail: it is now off")
        return False
    return True
