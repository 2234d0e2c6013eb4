"""Pages: their frame, look, words, safety and errors; every room with a page uses this one.

Shape: what needs the web framework is loaded when it is asked for, so that a worker, which takes
only our words and the id of a request from here, starts without it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from issuer.web.request import instance_of

__all__ = ["instance_of"]


def __getattr__(name: str) -> Any:
    if name != "instance_of":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from issuer.web.request import instance_of  # noqa: PLC0415 - see above

    return instance_of
