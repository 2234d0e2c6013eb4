"""The only door to the network, and its stand-in made of files."""

from did.fetch.fetched import Fetch, Fetched
from did.fetch.manifest import manifest_fetch
from did.fetch.web import Policy, WebFetch, web_fetch

__all__ = ["Fetch", "Fetched", "Policy", "WebFetch", "manifest_fetch", "web_fetch"]
