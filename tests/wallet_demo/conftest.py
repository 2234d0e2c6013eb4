"""A real issuer in this process, and an empty wallet beside it."""

import itertools
from datetime import date

import pytest
from fastapi.testclient import TestClient

from badges.award import Learner
from issuer.app import create_app
from issuer.awarding.credential import find_credential
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, revoke
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.db import migrations, session
from issuer.instance import Instance, wall_clock
from issuer.oid4vci import offers
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.status.service import Act
from tests.issuer.conftest import EXAMPLES
from wallet_demo.receiving import Wallet
from wallet_demo.store import Store

ORIGIN = "https://badges.example"


class Issuer:
    """A service that awards, offers and revokes on request."""

    def __init__(self, folder):
        engine = session.engine(f"sqlite:///{folder / 'learnseal.sqlite'}")
        migrations.upgrade(engine)
        settings = Settings(data=folder, base_url=ORIGIN)
        self.instance = Instance(settings, engine, passphrase="correct horse", key_cost=2**14)
        establish_alliance(self.instance, EXAMPLES / "alliance.yaml")
        entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
        with session.unit_of_work(engine) as connection:
            import_achievements(self.instance, connection, entries)
        self.app = create_app(self.instance)
        self.occasions = itertools.count(1)

    def client(self):
        return TestClient(self.app, base_url=ORIGIN, follow_redirects=False)

    def offer(self, **choice):
        learner = Learner(given_name="Zoë", family_name="van den Berg", email="zoe@x.example")
        decision = Decision(learner, date(2026, 6, 12), grade="A", occasion=next(self.occasions))
        made = award_one(self.instance, Wish("energy-positive-neighbourhoods", decision))
        return offers.create_offer(
            self.instance, made.issuance.award_id, offers.OfferChoice(**choice)
        )

    def revoke(self, credential_id):
        assert find_credential(self.instance, credential_id)
        revoke(self.instance, [credential_id], Act("test", self.instance.now()))


@pytest.fixture(scope="package")
def issuer(tmp_path_factory):
    made = Issuer(tmp_path_factory.mktemp("issuer"))
    yield made
    made.instance.engine.dispose()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "wallet", key_cost=2**14)


@pytest.fixture
def wallet(issuer, store):
    return Wallet(store, issuer.client(), wall_clock, "battery staple", sleep=lambda _: None)
