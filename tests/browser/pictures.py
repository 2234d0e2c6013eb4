"""Make the pictures of the documentation from the running demo (`make pictures`).

They are taken on the walk of the five-minute guide, and kept small: 64 colours are enough for
pages of few colours.
"""

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.newcomer import Walk, everything

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs/pictures"
WIDE = {"width": 1100, "height": 900}
PHONE = {"width": 390, "height": 844}
TALLEST = 1250
COLOURS = 64
PORT = 8765
ORIGIN = f"http://localhost:{PORT}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        command = [sys.executable, "-m", "issuer.cli", "demo", "--data", data, "--port", str(PORT)]
        service = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            link = first_link(service.stdout)
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
                )
                take(chromium, link)
        finally:
            service.terminate()
            service.wait()


def first_link(lines):
    """Read what the demo says until it tells the link; it serves soon after."""
    for line in lines:
        if found := re.search(r"http\S+/staff/welcome/\S+", line):
            return found[0]
    raise SystemExit("the demo did not start")


def take(chromium, link):
    PICTURES.mkdir(exist_ok=True)

    def person(_=None):
        walk = Walk(chromium.new_context(viewport=WIDE).new_page(), picture)
        walk.page.context.set_default_timeout(90_000)
        return walk

    everything(person(), person, link, ORIGIN)


def picture(page, name):
    """Keep the page as it is: the learner's on a phone, a verdict only when it is good."""
    if name == "Not valid":
        return
    if name == "claim":
        page.set_viewport_size(PHONE)
        keep(page.screenshot(), "claim-phone")
        page.set_viewport_size(WIDE)
        wallet(page.context.new_page(), page.url)
        return
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": WIDE["width"], "height": min(height, TALLEST)}
    shot = page.screenshot(clip=clip, full_page=True)
    keep(shot, {"Valid": "verify"}.get(name, name))


def wallet(page, claim):
    """Show how this browser keeps it."""
    page.goto(claim)
    page.click("text=Keep it in this browser")
    page.click("text=Take it into my wallet")
    page.wait_for_selector("#standing .notice")
    keep(page.screenshot(full_page=True), "wallet")
    page.close()


def keep(shot, name):
    """Write a picture with few colours."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    few = image.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
