"""A running service with awards to offer, and a wallet to receive them."""

import itertools
import os
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from did import jwk
from did.public_key import Curve
from did.signers import memory
from issuer.app import create_app
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.db import migrations, session, tables
from issuer.db.rows import next_numbers
from issuer.instance import Instance
from issuer.oid4vci import offers
from issuer.oid4vci.model import Format
from issuer.organisations import store as organisations
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from tests.issuer.conftest import EXAMPLES
from tests.issuer.oid4vci.wallet import Wallet

ORIGIN = "https://badges.example"
TOKEN = "what-integrators-know"
COUNTER = itertools.count()


class Clock:
    """A clock that tests move forward by hand."""

    def __init__(self):
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def forward(self, **duration):
        self.now += timedelta(**duration)


class Service:
    """A service, its clock, and what tests need to set a scene."""

    def __init__(self, instance, clock):
        self.instance, self.clock = instance, clock
        self.app = create_app(instance)
        self.issued = []
        self.app.state.issue_copies = self.issue

    def issue(self, instance, offer, configuration, holders, beside):
        """Stand in for `copies.issue_copies`: note what was asked and give plain copies."""
        with session.unit_of_work(instance.engine) as connection:
            beside.intended(connection)
            beside.published(connection)
        return [self._copy(offer, configuration, holder) for holder in holders]

    def _copy(self, offer, configuration, holder):
        self.issued.append((offer.award_id, configuration.id, holder))
        if configuration.format is Format.LDP_VC:
            return {"type": ["VerifiableCredential"], "holder": holder.did}
        return f"{configuration.format}.{jwk.thumbprint(holder.key)}"

    def award(self, achievement="data-analysis-with-python"):
        """Decide an award and return its number."""
        with session.unit_of_work(self.instance.engine) as connection:
            row = connection.execute(
                tables.achievement.select().where(tables.achievement.c.key == achievement)
            ).one()
            (number,) = next_numbers(connection, "award", 1)
            statement = insert(tables.award).values(
                id=number,
                issuer_id=row.organisation_id,
                achievement_id=row.id,
                natural_key=os.urandom(32),
                awarded_on=datetime(2026, 11, 1, tzinfo=UTC).date(),
                content="{}",
                created_at=self.clock(),
            )
            connection.execute(statement)
            return number

    def offer(self, achievement="data-analysis-with-python", **choice):
        """Offer a new award."""
        return offers.create_offer(
            self.instance, self.award(achievement), offers.OfferChoice(**choice)
        )

    def client(self):
        return TestClient(self.app, base_url=ORIGIN, follow_redirects=False)

    def organisation(self, slug):
        with session.reading(self.instance.engine) as connection:
            return organisations.by_slug(connection, slug)


def build(url, folder):
    """Set a service up on the database at `url`."""
    engine, clock = session.engine(url), Clock()
    migrations.upgrade(engine)
    settings = Settings(data=folder, base_url=ORIGIN, vc_api_token=TOKEN)
    instance = Instance(settings, engine, passphrase="correct horse", now=clock, key_cost=2**14)
    establish_alliance(instance, EXAMPLES / "alliance.yaml")
    entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
    with session.unit_of_work(engine) as connection:
        import_achievements(instance, connection, entries)
    return Service(instance, clock)


@pytest.fixture(scope="package")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    return build(f"sqlite:///{folder / 'learnseal.sqlite'}", folder)


@pytest.fixture
def service_on_each(database_url, tmp_path):
    """Give a service of its own, on SQLite and on PostgreSQL."""
    made = build(database_url, tmp_path)
    yield made
    made.instance.engine.dispose()


@pytest.fixture
def wallet(service):
    return Wallet(service.client(), memory.generate(Curve.P256), service.clock)
