"""A web made of files: the only one `verify --web MANIFEST` can reach.

Shape: ``{"documents": {URL: {"file": path, "status": 200, "content_type": "…", "headers": {}}}}``;
paths are relative to the manifest. A document without ``file`` has an empty body. Redirects are
followed as on the web: to another document of the manifest, by https, at most twice.
"""

import asyncio
import json
import logging
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import httpx
from pydantic import BaseModel, ConfigDict, Field

from did.errors import FetchRefused
from did.fetch.fetched import Fetched
from did.fetch.policy import Policy

__all__ = ["ManifestFetch", "manifest_fetch"]

LOG = logging.getLogger(__name__)

MAX_MANIFEST = 64 * 2**20
"""Longest manifest we read."""


class Document(BaseModel):
    """One document of the manifest."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: str | None = None
    status: Annotated[int, Field(ge=100, le=599)] = 200
    content_type: str | None = None
    headers: dict[str, str] = {}


class Manifest(BaseModel):
    """All there is on this web."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    documents: dict[str, Document]


@dataclass(frozen=True, slots=True)
class ManifestFetch:
    """A web made of files (a `Fetch`)."""

    folder: Path
    documents: Mapping[str, Document]
    now: Callable[[], datetime]
    policy: Policy

    async def __call__(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return the answers by address; what cannot be had is left out, and logged."""
        answers = await asyncio.to_thread(lambda: [self._try(url) for url in sorted(set(urls))])
        return {answer.url: answer for answer in answers if answer is not None}

    def _try(self, url: str) -> Fetched | None:
        try:
            return self._walk(url)
        except FetchRefused as error:
            LOG.info("not fetched: %s", error)
            return None

    def _walk(self, start: str) -> Fetched:
        """Follow redirects; a hop is checked like one on the web, a listed address is not."""
        target = start
        for _ in range(self.policy.max_redirects + 1):
            document = self._find(target)
            headers = {name.lower(): value for name, value in document.headers.items()}
            step = self.policy.follow(httpx.URL(target), document.status, headers)
            if step is None:
                return self._read(start, target, document, headers)
            target = str(self.policy.check(step))
        raise FetchRefused(f"{start[:200]} redirects too often")

    def _find(self, url: str) -> Document:
        if (document := self.documents.get(url)) is None:
            raise FetchRefused(f"{url[:200]} is not in the manifest")
        return document

    def _read(
        self, start: str, url: str, document: Document, headers: Mapping[str, str]
    ) -> Fetched:
        if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise FetchRefused(f"{url[:200]} is compressed, though we asked for plain")
        body, guess = b"", None
        if document.file is not None:
            body = self._body(document.file, self.policy.limit(httpx.URL(url)))
            guess, _ = mimetypes.guess_type(document.file)
        kind = document.content_type or headers.get("content-type") or guess or ""
        return Fetched(
            url=start,
            status=document.status,
            content_type=kind,
            headers={**headers, "content-type": kind},
            body=body,
            fetched_at=self.now(),
        )

    def _body(self, name: str, limit: int) -> bytes:
        try:
            with (self.folder / name).open("rb") as file:
                body = file.read(limit + 1)
        except (OSError, ValueError) as error:
            raise FetchRefused(f"the file {name[:200]!r} of the manifest cannot be read") from error
        if len(body) > limit:
            raise FetchRefused(f"the file {name[:200]!r} is longer than {limit} bytes")
        return body


def manifest_fetch(
    path: Path, *, now: Callable[[], datetime], policy: Policy | None = None
) -> ManifestFetch:
    """Return the web that the manifest at `path` describes.

    Raises:
        FetchRefused: the manifest cannot be read, or is not one.
    """
    try:
        with path.open("rb") as file:
            manifest = Manifest.model_validate(json.loads(file.read(MAX_MANIFEST)))
        for url in manifest.documents:
            httpx.URL(url)
    except OSError as error:
        raise FetchRefused(f"the manifest {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError, httpx.InvalidURL) as error:
        raise FetchRefused(
            f"{path} is not a manifest: write"
            ' {"documents": {"https://…": {"file": "…", "status": 200}}}'
        ) from error
    return ManifestFetch(path.parent, manifest.documents, now, policy or Policy())
