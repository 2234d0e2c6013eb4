"""PyLD behind one door: a document becomes quads, or an error that names the place.

Spec: JSON-LD 1.1 API §5.1 (expansion), §8.1 (to RDF).
PyLD decides what a document means. It has no safe mode, so every object is shown to ``safe_mode``
with the context that is active there, before PyLD can drop anything; what the rules miss is
caught again on the expanded form.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from badges.errors import BadgeError, BudgetExceeded, DataLoss, MalformedCredential, UnknownContext
from badges.proofs.nquads import Quad, iri, is_absolute_iri, literal
from badges.proofs.safe_mode import Term, check_member
from contexts import errors, loader

__all__ = ["Expansion", "Spelling", "expand"]

_NAMED = ("@id", "@value")
_I18N = "https://www.w3.org/ns/i18n#"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


MAX_CONTEXTS = 16
"""Most contexts in one place: each is worked through on top of those before it."""

MOST_PROCESSED = 128
"""Active contexts that are kept; a badge has fourteen."""


@dataclass(slots=True)
class _Kept:
    """What is known of contexts, all of whose texts are pinned."""

    resolved: dict[str, Any] = field(default_factory=dict)
    """PyLD's own cache."""

    processed: OrderedDict[object, tuple[object, Any]] = field(default_factory=OrderedDict)
    """By what was asked: the local context, kept so that its number stays its own; the answer."""


class _Caches(threading.local):
    """Caches of contexts, which threads must not share: they change when read."""

    def __init__(self) -> None:
        self.kept: dict[frozenset[tuple[str, str]], _Kept] = {}
        """By choice of vintages."""


_CACHES = _Caches()


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one member of one object was written, and what it means."""

    place: "Placed"
    """The object that holds the member."""

    key: str
    iri: str | None
    is_term: bool
    """Whether the active context defines exactly this key (else it was built from a prefix)."""

    values: Mapping[str, str | None]
    """Each text of the value that is an IRI, with what it expands to."""

    terms: frozenset[str]
    """Those of them that are terms of the active context."""

    names: bool
    """Whether the values are names out of a vocabulary, so that terms may stand for IRIs."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a document means, and how it said so."""

    quads: tuple[Quad, ...]
    spellings: tuple[Spelling, ...]
    nameless: tuple[str, ...]
    """JSON pointers of the objects that have no id."""


class Placed(dict[str, Any]):
    """An object of a document that knows where it stands, also after PyLD has copied it."""

    def __init__(self, members: Mapping[str, Any], path: str) -> None:
        super().__init__(members)
        self.path = path
        """JSON pointer (RFC 6901); empty for the whole document."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Placed":
        """Copy the members, keep the place."""
        return Placed({name: deepcopy(value, memo) for name, value in self.items()}, self.path)


def expand(document: Mapping[str, Any], vintages: Mapping[str, str]) -> Expansion:
    """Return the quads of `document`, refusing whatever would not be among them.

    Raises:
        DataLoss: a part would be dropped or changed; the message names it.
        UnknownContext: a context is not one of ours, or is written inline.
        MalformedCredential: this is not JSON-LD.
    """
    _check_contexts(document, "")
    kept = _CACHES.kept.setdefault(frozenset(vintages.items()), _Kept())
    processor = _Processor(kept.processed)
    options = {
        "base": None,
        "documentLoader": None,
        "contextResolver": ContextResolver(kept.resolved, _Loader(vintages)),
        "processingMode": "json-ld-1.1",
        "extractAllScripts": False,
        "rdfDirection": "i18n-datatype",
    }
    try:
        dataset = processor.to_rdf(placed(document), options)
    except BadgeError:
        raise
    except (jsonld.JsonLdError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise MalformedCredential(f"this is not JSON-LD: {_reason(error)}") from error
    except RecursionError as error:
        raise MalformedCredential("this is nested too deeply") from error
    quads = tuple(_quads(dataset))
    if not quads:
        raise DataLoss("document: it says nothing that can be signed")
    return Expansion(quads, tuple(processor.spellings), tuple(processor.nameless))


@dataclass(slots=True)
class _Loader:
    """PyLD's idea of a document loader, over our pinned files."""

    vintages: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, url: str, _options: object) -> dict[str, Any]:
        try:
            document = loader.load(url, self.vintages.get(url))
        except errors.UnknownContext as error:
            raise UnknownContext(str(error)) from error
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
            "tag": "static",
        }


class _Processor(jsonld.JsonLdProcessor):  # type: ignore[misc]  # PyLD has no types
    """PyLD, with a look at every object before it is expanded.

    It works through each context once: PyLD forgets the contexts of types, which are most of them.
    """

    def __init__(self, processed: OrderedDict[object, tuple[object, Any]]) -> None:
        super().__init__(on_property_dropped=self._dropped)
        self._processed = processed
        self._is_processing = False
        self.spellings: list[Spelling] = []
        self.nameless: list[str] = []

    @staticmethod
    def _dropped(key: object) -> None:
        raise DataLoss(f"{key!r} would not be signed")

    def expand(self, input_: Any, options: Any) -> Any:
        """Expand, then look for what would be lost on the way to RDF."""
        expanded = super().expand(input_, options)
        _check_expanded(expanded)
        return expanded

    def _expand_object(self, active_ctx: Any, *rest: Any) -> None:
        """Look at each member of an object, then let PyLD expand it.

        The order of `rest` is PyLD's; its form with names is only used for ``@nest``, which the
        rules refuse before PyLD comes to it.
        """
        element, options, type_scoped = rest[2], rest[4], rest[7] or active_ctx
        for key in element:
            if key != "@context":
                scoped = self._scope(active_ctx, key, options)
                self._check((active_ctx, scoped, type_scoped), element, key)
        if not any(self._expand_iri(active_ctx, key, vocab=True) in _NAMED for key in element):
            self.nameless.append(element.path)
        super()._expand_object(active_ctx, *rest)

    def _process_context(self, active_ctx: Any, local_ctx: Any, options: Any, **how: Any) -> Any:
        """Work through a local context, or remember what came of it.

        An active context that is finished has a number of its own; one at work has not.
        """
        if self._is_processing or "_uuid" not in active_ctx:
            return super()._process_context(active_ctx, local_ctx, options, **how)
        asked = (active_ctx["_uuid"], _named(local_ctx), *sorted(how.items()))
        known = self._processed.get(asked)
        if known is None:
            self._is_processing = True
            try:
                made = super()._process_context(active_ctx, local_ctx, options, **how)
            finally:
                self._is_processing = False
            known = self._processed[asked] = local_ctx, made
            if len(self._processed) > MOST_PROCESSED:
                self._processed.popitem(last=False)
        return known[1]

    def _scope(self, active: Any, key: str, options: Any) -> Any:
        """Return the context in which the value of `key` is read."""
        local = self.get_context_value(active, key, "@context")
        if local is None:
            return active
        return self._process_context(
            active, local, options, propagate=True, override_protected=True
        )

    def _check(self, contexts: Any, element: Placed, key: str) -> None:
        """Ask the rules about one member; `contexts`: of its key, its value, and of types."""
        active, scoped, type_scoped = contexts
        term = Term(
            self._expand_iri(active, key, vocab=True),
            self.get_context_value(scoped, key, "@type"),
            tuple(self.arrayify(self.get_context_value(active, key, "@container") or [])),
            isinstance(element.get("@value"), str),
        )
        context = type_scoped if term.iri == "@type" else scoped
        values, known = self._references(term, context, element[key])
        try:
            check_member(term, element[key], values)
        except DataLoss as error:
            raise DataLoss(f"{element.path[:300]}/{escape(key)[:80]}: {error}") from None
        is_term = key in active["mappings"]
        names = term.iri == "@type" or term.coercion == "@vocab"
        self.spellings.append(Spelling(element, key, term.iri, is_term, values, known, names))

    def _references(
        self,
        term: Term,
        context: Any,
        value: object,
    ) -> tuple[dict[str, str | None], frozenset[str]]:
        """Expand the texts of `value` that are IRIs, and say which of them are terms."""
        if term.iri not in ("@id", "@type") and term.coercion not in ("@id", "@vocab"):
            return {}, frozenset()
        vocab = term.iri == "@type" or term.coercion == "@vocab"
        values = {
            text: self._expand_iri(context, text, vocab=vocab, base=None)
            for text in self.arrayify(value)
            if isinstance(text, str)
        }
        known = values.keys() & context["mappings"].keys() if vocab else ()
        return values, frozenset(known)


def _named(context: Any) -> object:
    """Name a local context: by its addresses, or as the very object in a text we hold."""
    if isinstance(context, str):
        return context
    if isinstance(context, list) and all(isinstance(name, str) for name in context):
        return tuple(context)
    return id(context)


def placed(value: object, path: str = "") -> Any:
    """Return a copy of a JSON value whose objects know where they stand."""
    if isinstance(value, Mapping):
        members = {name: placed(item, f"{path}/{escape(name)}") for name, item in value.items()}
        return Placed(members, path)
    if isinstance(value, list):
        return [placed(item, f"{path}/{index}") for index, item in enumerate(value)]
    return value


def escape(name: str) -> str:
    """Write one member name as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _check_contexts(value: object, path: str) -> None:
    """Refuse every @context that is not the URL of a text we hold, wherever it stands."""
    if isinstance(value, Mapping):
        if "@context" in value:
            _check_context(value["@context"], f"{path}/@context")
        for name, member in value.items():
            if name != "@context":
                _check_contexts(member, f"{path}/{escape(name)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_contexts(item, f"{path}/{index}")


def _check_context(context: object, path: str) -> None:
    names = context if isinstance(context, list) else [context]
    if len(names) > MAX_CONTEXTS:
        raise BudgetExceeded(f"{path}: more than {MAX_CONTEXTS} contexts")
    if not names:
        raise UnknownContext(f"{path}: it is empty")
    for name in names:
        if not isinstance(name, str):
            raise UnknownContext(f"{path}: a context is named by its URL, not written inline")
        if not loader.known(name):
            raise UnknownContext(f"{path}: {name[:200]!r} is not among the contexts we hold")


def _check_expanded(value: object) -> None:
    """Refuse what PyLD drops between expansion and RDF: anything relative."""
    if isinstance(value, list):
        for item in value:
            _check_expanded(item)
    elif isinstance(value, Mapping) and "@value" not in value:
        for name, member in value.items():
            _check_expanded_member(name, member)


def _check_expanded_member(name: str, member: Any) -> None:
    if name in ("@id", "@type"):
        for reference in member if isinstance(member, list) else [member]:
            if not is_absolute_iri(reference):
                raise DataLoss(f"{str(reference)[:80]!r} is relative and would not be signed")
    elif not name.startswith("@") and not is_absolute_iri(name):
        raise DataLoss(f"{name[:80]!r} is relative and would not be signed")
    else:
        _check_expanded(member)


def _quads(dataset: Mapping[str, list[dict[str, dict[str, str]]]]) -> Iterator[Quad]:
    for graph, triples in dataset.items():
        name = "" if graph == "@default" else _resource(graph)
        for triple in triples:
            yield (
                _resource(triple["subject"]["value"]),
                iri(triple["predicate"]["value"]),
                _written(triple["object"]),
                name,
            )


def _resource(text: str) -> str:
    return text if text.startswith("_:") else iri(text)


def _written(term: Mapping[str, str]) -> str:
    if term["type"] != "literal":
        return _resource(term["value"])
    datatype = term.get("datatype", _XSD_STRING)
    if datatype.startswith(_I18N):
        datatype = datatype.lower()  # PyLD leaves the language as it was written
    return literal(term["value"], datatype, term.get("language"))


def _reason(error: Exception) -> str:
    """The innermost message of PyLD, without the document it likes to quote."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return str(cause.args[0] if cause.args else cause)[:200]
