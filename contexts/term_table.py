"""JSON-LD contexts made of a table: what each word stands for, one line each.

Shape: ``kind, name, IRI, value`` apart by tabs; kind is ``prefix``, ``class`` or ``term``. A term's
       value is ``object`` (a thing with an id), ``text`` (in languages), ``any``, or a datatype.
Run ``python -m contexts.term_table NAME`` to print the context of ``data/terms/NAME.tsv``; the
committed context is that text, pinned in ``lock.json``.
"""

import json
import sys
from collections.abc import Iterator
from importlib.resources import files

__all__ = ["context_of", "table"]

VALUES = {
    "object": {"@type": "@id"},
    "text": {"@container": "@language"},
    "any": {},
}


def table(name: str) -> str:
    """Return the table of a vocabulary."""
    return (files("contexts") / "data" / "terms" / f"{name}.tsv").read_text(encoding="utf-8")


def context_of(text: str) -> str:
    """Return the context that a table describes, as the text that is pinned.

    Raises:
        ValueError: a line has another shape, or a name stands there twice.
    """
    lines = dict(_lines(text))
    names = [name for name in lines if isinstance(lines[name], str)]
    terms = [name for name in lines if not isinstance(lines[name], str)]
    members = [
        f"    {json.dumps(name)}: {json.dumps(lines[name])}"
        for name in (*sorted(names, key=str.casefold), *sorted(terms, key=str.casefold))
    ]
    return '{\n  "@context": {\n' + ",\n".join(members) + "\n  }\n}\n"


def _lines(text: str) -> Iterator[tuple[str, str | dict[str, str]]]:
    seen = set()
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        kind, name, iri, *value = line.split("\t")
        if name in seen:
            raise ValueError(f"{name} stands in the table twice")
        seen.add(name)
        if kind in ("prefix", "class") and not value:
            yield name, iri
        elif kind == "term" and len(value) == 1:
            yield name, {"@id": iri, **VALUES.get(value[0], {"@type": value[0]})}
        else:
            raise ValueError(f"{line!r} is no line of a table of terms")


if __name__ == "__main__":
    sys.stdout.write(context_of(table(sys.argv[1])))
