"""Read a YAML file into a message, or say which field of which file to mend, and how.

Shape: plain YAML (safe types only); unknown fields are refused, so that a typing error in a field
name is not silently a missing field.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

__all__ = ["Message", "Unreadable", "parse_yaml", "read_yaml", "write_yaml"]

MAX_BYTES = 2**20


class _Loader(yaml.SafeLoader):
    """Safe YAML in which only ``true`` and ``false`` are truth values, as in YAML 1.2.

    Otherwise country ``NO`` and language ``no`` would be read as "false".
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


class Message(BaseModel):
    """A part of a YAML file."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


M = TypeVar("M", bound=Message)


class Unreadable(Exception):
    """The file is not what was asked for; `problems` names each field and its remedy."""

    def __init__(self, path: Path, problems: tuple[str, ...]) -> None:
        super().__init__(f"{path}: " + "; ".join(problems))
        self.problems = problems


def read_yaml(path: Path, message: type[M]) -> M:
    """Return the file as a `message`.

    Raises:
        Unreadable: no such file, not YAML, or fields that are missing, unknown or wrong.
    """
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(path, (f"cannot be read ({error.strerror})",)) from error
    return parse_yaml(body, message, path)


def parse_yaml(body: bytes, message: type[M], path: Path) -> M:
    """Return what the bytes of the file `path` say as a `message`.

    Raises:
        Unreadable: not YAML, or fields that are missing, unknown or wrong.
    """
    try:
        return message.model_validate(_load(body, path))
    except ValidationError as error:
        problems = tuple(_problem(found) for found in error.errors(include_url=False))
        raise Unreadable(path, problems) from error


def write_yaml(content: Mapping[str, Any]) -> str:
    """Return a file that `read_yaml` reads; members stay in their order."""
    return yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=100)


def _load(body: bytes, path: Path) -> Any:
    if len(body) > MAX_BYTES:
        raise Unreadable(path, ("is longer than 1 MiB",))
    try:
        return yaml.load(body.decode("utf-8-sig"), _Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(path, (f"is not YAML in UTF-8: {_first_line(error)}",)) from error


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1})" if mark else ""
    return str(error).splitlines()[0][:200] + where


def _problem(error: Any) -> str:
    field = ".".join(str(part) for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        return f"field {field}: there is no such field; check its spelling"
    return f"field {field}: {error['msg'][0].lower()}{error['msg'][1:]}"
