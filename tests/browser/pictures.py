"""Make the pictures of the documentation from the running demo (`make pictures`)."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs/pictures"
TOP = {"x": 0, "y": 0, "width": 1100, "height": 1250}
PORT = 8765
ORIGIN = f"http://localhost:{PORT}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        command = [sys.executable, "-m", "issuer.cli", "demo", "--data", data, "--port", str(PORT)]
        service = subprocess.Popen(command, cwd=ROOT)
        try:
            wait()
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
                )
                take(chromium.new_page(viewport={"width": 1100, "height": 900}), data)
        finally:
            service.terminate()
            service.wait()


def wait():
    for _ in range(120):
        try:
            httpx.get(f"{ORIGIN}/healthz", timeout=1)
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the demo did not start")


def take(page: Page, data: Path):
    PICTURES.mkdir(exist_ok=True)
    page.goto(f"{ORIGIN}/verify")
    page.set_input_files("input[type=file]", min((data / "issued").glob("*.json")))
    page.click("button[type=submit]")
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / "verify.png", clip=TOP, full_page=True)
    page.goto((data / "claims.txt").read_text().splitlines()[0])
    page.screenshot(path=PICTURES / "claim.png", clip=TOP, full_page=True)
    page.click("text=Keep it in this browser")
    page.click("text=Take it into my wallet")
    page.wait_for_selector("#standing .notice")
    page.screenshot(path=PICTURES / "wallet.png", full_page=True)


if __name__ == "__main__":
    main()
