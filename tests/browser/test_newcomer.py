"""The five-minute guide, walked word by word by a newcomer in a real Chromium."""

import re
import threading

import pytest
import uvicorn
from PIL import Image

from issuer.app import create_app
from issuer.db import migrations, session
from issuer.instance import Instance
from issuer.organisations.accounts import first_link
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.web.http_protocol import BoundedProtocol
from tests.browser.conftest import EXAMPLES
from tests.browser.newcomer import Walk, everything
from tests.browser.test_passkeys import unused_tcp_port  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

DOCS = EXAMPLES.parent / "docs"
FIVE_MINUTES = 300
SCREENS = ["Award", "Award one person", "Confirm the award", "Awarded"]
"""S5: three screens, and then the result."""

HEAVIEST = 80_000
"""Bytes a picture of the guide may have."""


@pytest.fixture
def instance(tmp_path, unused_tcp_port):  # noqa: F811
    """A service at its own address, with organisations and nobody who has an account."""
    settings = Settings(data=tmp_path, base_url=f"http://localhost:{unused_tcp_port}")
    engine = session.engine(settings.database)
    migrations.upgrade(engine)
    made = Instance(settings, engine, passphrase="correct horse", key_cost=2**14)
    establish_alliance(made, EXAMPLES / "alliance.yaml")
    config = uvicorn.Config(
        create_app(made),
        host="127.0.0.1",
        http=BoundedProtocol,
        port=unused_tcp_port,
        log_level="error",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield made
    server.should_exit = True
    thread.join()
    engine.dispose()


def guide():
    """Return what the guide says is pressed and filled in, in its order."""
    text = (DOCS / "guide.md").read_text()
    _, *steps = re.split(r"^## \d\. ", text.partition("## Go on")[0], flags=re.MULTILINE)
    return re.findall(r"\*\*[^*]+\*\*|\*[^*\n]+\*", "".join(steps))


@pytest.mark.parametrize("javascript", [True, False])
def test_the_guide_is_walked_word_by_word_and_the_first_award_takes_five_minutes(
    watch, instance, javascript
):
    walked = []

    def walk(_=None):
        person = Walk(watch(java_script_enabled=javascript).page)
        person.told = walked
        return person

    screens, seconds = everything(walk(), walk, first_link(instance), instance.settings.origin)
    assert screens == SCREENS
    assert seconds < FIVE_MINUTES
    assert walked == guide()


def test_every_picture_of_the_documentation_is_there_and_small():
    texts = [*DOCS.glob("*.md"), DOCS.parent / "README.md"]
    shown = {n for text in texts for n in re.findall(r"pictures/([\w-]+\.png)", text.read_text())}
    assert {"desk.png", "list.png", "claim-phone.png", "verify.png"} <= shown
    for name in shown:
        path = DOCS / "pictures" / name
        assert (name, path.stat().st_size <= HEAVIEST) == (name, True)
        with Image.open(path) as picture:
            assert picture.width > 300
