"""Which texts of a document a JSON Schema can tell from others.

Spec: JSON Schema 2019-09, the keywords our own schemas use; any other is an error, so that none is
      overlooked.
Shape: schema and document are gone through side by side, every branch of every condition. A text
where no ``enum``, ``const``, ``pattern`` or ``format`` may look is as good as any other text there.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["Path", "reached"]

Path = tuple[str | int, ...]
"""The names and positions that lead to a value."""

Schema = Mapping[str, Any] | bool

_ABOUT_TEXTS = frozenset({"enum", "const", "pattern", "format"})
_ABOUT_FORM = frozenset({"$defs", "$id", "$schema", "minItems", "required", "type"})
"""Answered by which members and items there are, and of which type."""

_HERE = frozenset({"if", "then", "else"})
_EACH = frozenset({"allOf", "anyOf"})


def reached(schema: Mapping[str, Any], document: Any) -> Iterator[Path]:
    """Go through the places of the texts that `schema` asks more of than to be texts.

    Raises:
        KeyError: it uses a keyword that this does not know.
    """
    return _reached(schema, document, (), schema["$defs"])


def _reached(
    schema: Schema, value: Any, path: Path, definitions: Mapping[str, Any]
) -> Iterator[Path]:
    if isinstance(schema, bool):
        return
    for keyword, rule in schema.items():
        if keyword in _ABOUT_TEXTS and _may_match(rule, value):
            yield from _all_texts(value, path)
        if keyword == "$ref":
            target = definitions[rule.removeprefix("#/$defs/")]
            yield from _reached(target, value, path, definitions)
        for one in _branches(keyword, rule):
            yield from _reached(one, value, path, definitions)
        for inner, name, one in _INSIDE[keyword](schema, value):
            yield from _reached(inner, one, (*path, name), definitions)


def _branches(keyword: str, rule: Any) -> list[Schema]:
    """Return the schemas that are asked about the same value."""
    if keyword in _EACH:
        return list(rule)
    return [rule] if keyword in _HERE else []


def _may_match(rule: Any, value: Any) -> bool:
    """Tell whether the texts in `value` can matter; an object or a list equals no plain text."""
    wanted = rule if isinstance(rule, list) else [rule]
    return isinstance(value, str) or any(isinstance(one, dict | list) for one in wanted)


def _all_texts(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, str):
        yield path
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _all_texts(member, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _all_texts(item, (*path, place))


Inside = Iterator[tuple[Schema, str | int, Any]]


def _properties(schema: Mapping[str, Any], value: Any) -> Inside:
    if isinstance(value, Mapping):
        for name, rule in schema["properties"].items():
            if name in value:
                yield rule, name, value[name]


def _further_properties(schema: Mapping[str, Any], value: Any) -> Inside:
    if isinstance(value, Mapping):
        for name in value.keys() - schema.get("properties", {}).keys():
            yield schema["additionalProperties"], name, value[name]


def _items(schema: Mapping[str, Any], value: Any) -> Inside:
    rules = schema["items"]
    if isinstance(value, list):
        for place, item in enumerate(value):
            if not isinstance(rules, list):
                yield rules, place, item
            elif place < len(rules):
                yield rules[place], place, item


def _further_items(schema: Mapping[str, Any], value: Any) -> Inside:
    if isinstance(value, list) and isinstance(schema.get("items"), list):
        for place in range(len(schema["items"]), len(value)):
            yield schema["additionalItems"], place, value[place]


def _contains(schema: Mapping[str, Any], value: Any) -> Inside:
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield schema["contains"], place, item


def _nothing(_: Mapping[str, Any], __: Any) -> Inside:
    return iter(())


_INSIDE: Mapping[str, Callable[[Mapping[str, Any], Any], Inside]] = {
    **dict.fromkeys(_ABOUT_TEXTS | _ABOUT_FORM | _HERE | _EACH | {"$ref"}, _nothing),
    "properties": _properties,
    "additionalProperties": _further_properties,
    "items": _items,
    "additionalItems": _further_items,
    "contains": _contains,
}
"""Keyword → the values inside, each with its schema: every keyword we use, and no other."""
