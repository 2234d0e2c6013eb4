"""Are the documents it refers to the ones that were there when it was signed?

Spec: VCDM 2.0 §5.3 (integrity of related resources).
"""

from collections.abc import Iterator, Mapping

from badges.credential import many
from badges.proofs.resource_digest import fits, pinned_texts
from badges.verify.case import Case, Examined
from badges.verify.evidence import body
from badges.verify.outcome import Finding, Outcome
from contexts import loader

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether each related resource has its fingerprint."""
    case = examined.case
    resources = many(case.document.get("relatedResource"))
    if not resources:
        return Finding("resources", Outcome.NOT_APPLICABLE, "no-resources")
    missing = []
    for resource in resources:
        if not isinstance(resource, Mapping) or not isinstance(resource.get("id"), str):
            return Finding("resources", Outcome.FAILED, "MALFORMED_VALUE_ERROR", "no id")
        contents = list(_contents(case, resource["id"]))
        if not contents:
            missing.append(resource["id"])
        elif not any(fits(resource, content) for content in contents):
            return Finding("resources", Outcome.FAILED, "resource-differs", resource["id"])
    if missing:
        detail = ", ".join(missing)
        return Finding("resources", Outcome.UNKNOWN, "resource-unavailable", detail)
    return Finding("resources", Outcome.PASSED, "resources-match")


def _contents(case: Case, url: str) -> Iterator[bytes]:
    """Give the texts at `url`: contexts from our own, all editions; others from the evidence."""
    if loader.known(url):
        yield from pinned_texts(url)
        return
    found = body(case.evidence, url)
    if found is not None:
        yield found
