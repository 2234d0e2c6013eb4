"""A service a browser can reach under the address its documents name: http on this machine."""

import contextlib
import itertools
import socket
import threading
from datetime import date

import uvicorn

from badges.award import Learner
from issuer.app import create_app
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, revoke
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.claiming.service import create_claim
from issuer.db import migrations, session, tables
from issuer.instance import Instance
from issuer.oid4vci import offers
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.status.service import Act
from issuer.web.http_protocol import BoundedProtocol
from tests.issuer.conftest import EXAMPLES

ACHIEVEMENT = "energy-positive-neighbourhoods"


class WalletService:
    """Awards, offers and revokes on request."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        engine = session.engine(f"sqlite:///{folder / 'learnseal.sqlite'}")
        migrations.upgrade(engine)
        settings = Settings(data=folder, base_url=self.url)
        self.instance = Instance(settings, engine, passphrase="correct horse", key_cost=2**14)
        establish_alliance(self.instance, EXAMPLES / "alliance.yaml")
        entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
        with session.unit_of_work(engine) as connection:
            import_achievements(self.instance, connection, entries)
        self.occasions = itertools.count(1)

    @contextlib.contextmanager
    def running(self):
        """Serve while the block runs."""
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(self.instance),
                host="127.0.0.1",
                http=BoundedProtocol,
                port=self.port,
                log_level="error",
            )
        )
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.05)
        yield self
        server.should_exit = True
        thread.join()
        self.instance.engine.dispose()

    def award(self):
        learner = Learner(given_name="Zoë", family_name="van den Berg", email="zoe@x.example")
        decision = Decision(learner, date(2026, 6, 12), grade="A", occasion=next(self.occasions))
        return award_one(self.instance, Wish(ACHIEVEMENT, decision)).issuance.award_id

    def claim_page(self):
        """Award a badge and return the address of the learner's page."""
        award = self.award()
        with session.unit_of_work(self.instance.engine) as connection:
            made = create_claim(self.instance, connection, award)
        return f"{self.url}/claim/{made.code}"

    def offer(self, **choice):
        return offers.create_offer(self.instance, self.award(), offers.OfferChoice(**choice))

    def staff_revokes_the_newest(self):
        """Revoke the copy that was handed out last, as the staff desk does."""
        with self.instance.engine.connect() as connection:
            newest = tables.issuance.select().order_by(tables.issuance.c.id.desc())
            name = connection.execute(newest).first().credential_id
        revoke(self.instance, [name], Act("staff", self.instance.now()))
