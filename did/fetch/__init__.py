"""The only door to the network, and its stand-in made of files.

Shape: the door itself is loaded when it is asked for; what came through it is a light thing.
"""

from typing import TYPE_CHECKING, Any

from did.fetch.fetched import Fetch, Fetched

if TYPE_CHECKING:
    from did.fetch.manifest import manifest_fetch
    from did.fetch.web import Policy, WebFetch, web_fetch

__all__ = ["Fetch", "Fetched", "Policy", "WebFetch", "manifest_fetch", "web_fetch"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from did.fetch import manifest, web  # noqa: PLC0415 - see above

    return getattr(manifest if name == "manifest_fetch" else web, name)
