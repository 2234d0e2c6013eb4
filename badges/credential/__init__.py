"""A credential as it came: how to read it, and the rules every one of them keeps."""

from badges.credential.times import moment, parse_moment
from badges.credential.view import (
    OBJECT,
    V1,
    V2,
    contexts,
    issuer_id,
    many,
    may_be_unsafe,
    may_hold_unsafe,
    node_id,
    subjects,
    texts,
    types,
    unsafe_character,
    valid_from,
    valid_until,
    version,
)

__all__ = [
    "OBJECT",
    "V1",
    "V2",
    "contexts",
    "issuer_id",
    "many",
    "may_be_unsafe",
    "may_hold_unsafe",
    "moment",
    "node_id",
    "parse_moment",
    "subjects",
    "texts",
    "types",
    "unsafe_character",
    "valid_from",
    "valid_until",
    "version",
]
