"""What can go wrong when a pinned document is asked for.

Shape: every class has one stable ``code``; the first docstring line is a sentence for people.
"""

__all__ = ["ContextsError", "DigestMismatch", "UnknownContext", "UnknownSchema"]


class ContextsError(Exception):
    """A vocabulary could not be had."""

    code = "contexts-error"


class UnknownContext(ContextsError):
    """The document uses a vocabulary that we do not hold, and we never fetch one."""

    code = "unknown-context"


class UnknownSchema(ContextsError):
    """The document names a schema that we do not hold, and we never fetch one."""

    code = "unknown-schema"


class DigestMismatch(ContextsError):
    """A file of ours is not the file that was pinned: install the package again."""

    code = "digest-mismatch"
