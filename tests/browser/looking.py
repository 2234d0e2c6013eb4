"""How a page is looked at: by axe, in each view, and what it asked for or complained about."""

import os
import re
from pathlib import Path

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS = {"light": ("light", 1100, 800), "dark": ("dark", 1100, 800), "phone": ("light", 320, 640)}
PICTURES = os.environ.get("LEARNSEAL_TEST_PICTURES")
"""Folder for a picture of each state in each view; none are taken where it is not set."""


class Watched:
    """A page, and everything it asked for or complained about."""

    def __init__(self, context):
        self.page = context.new_page()
        self.requests, self.complaints, self.dialogs = [], [], []
        self.page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 - no built-ins here
        self.page.on("console", self.complain)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self.dismiss)

    def complain(self, message):
        if message.type in {"error", "warning"} and "status of" not in message.text:
            self.complaints.append(message.text)

    def dismiss(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def weight(self):
        sizes = [request.sizes() for request in self.requests]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)

    def elsewhere(self, home):
        """Every address that was asked for outside `home`."""
        return {r.url for r in self.requests if not r.url.startswith(home)}


def assert_everyone_can_use(page, axe, name, pictures=PICTURES):
    """In light, dark and on a small phone axe finds nothing, and nothing is too wide."""
    page.evaluate(axe)
    for view, (scheme, width, height) in VIEWS.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        if pictures:
            file = re.sub(r"\W+", "-", f"{name}-{view}")
            page.screenshot(path=Path(pictures) / f"{file}.png", full_page=True)
        found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
        told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]]
        assert (view, told) == (view, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
