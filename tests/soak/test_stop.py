"""Told to stop in the middle of traffic and of a batch: what was acknowledged is there (G14)."""

import threading
import time

import httpx
import pytest
from sqlalchemy import select

from issuer.awarding import batches
from issuer.awarding.bulk import Upload
from issuer.db.session import reading
from issuer.db.tables import vc_api_credential
from issuer.organisations.service import root
from tests.soak.soak import Server
from tests.soak.visitors import ACHIEVEMENT, V2

pytestmark = pytest.mark.slow

CALLERS = 6
LIMIT = 15.0


class Caller(threading.Thread):
    """An integrator that has one credential after the other signed, until nobody answers."""

    def __init__(self, server, issuer):
        super().__init__()
        self.server, self.issuer = server, issuer
        self.answers = []

    def run(self):
        draft = {
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": self.issuer,
            "validFrom": "2026-06-12T00:00:00Z",
            "credentialSubject": {"id": "urn:uuid:00000000-0000-4000-8000-000000000000"},
        }
        with httpx.Client(base_url=self.server.url, timeout=30.0) as http:
            while True:
                began = time.monotonic()
                try:
                    answer = http.post("/vc/credentials/issue", json={"credential": draft})
                except httpx.TransportError:
                    return
                self.answers.append((began, time.monotonic(), answer))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # callers hung up on
def test_g14_told_to_stop_under_load_it_drops_nothing_it_acknowledged(tmp_path):
    server = Server(tmp_path)
    server.wait_until_ready()
    listing = tmp_path / "list.csv"
    rows = [f"Given {n},Family,{n}@x.example,2026-06-12" for n in range(2_000)]
    listing.write_text("\n".join(["Given name,Family name,E-mail,Awarded on", *rows]))
    batches.submit(server.instance, Upload(listing, ACHIEVEMENT))
    with reading(server.instance.engine) as connection:
        issuer = root(connection).did
    callers = [Caller(server, issuer) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    ends = time.monotonic() + 120
    while sum(len(caller.answers) for caller in callers) < 30 and time.monotonic() < ends:
        time.sleep(0.1)
    told = time.monotonic()
    seconds = server.stop()
    for caller in callers:
        caller.join()
    answers = [answer for caller in callers for answer in caller.answers]
    assert seconds <= LIMIT
    assert {answer.status_code for _, _, answer in answers} == {201}
    assert any(began < told < ended for began, ended, _ in answers), "none was under way"
    places = {
        status["id"]
        for _, _, answer in answers
        if (status := answer.json()["verifiableCredential"]["credentialStatus"])
    }
    assert len(places) == len(answers)
    assert signed(server.instance) >= len(answers)


def signed(instance):
    """Count the credentials whose signature is in the store."""
    with reading(instance.engine) as connection:
        query = select(vc_api_credential.c.id).where(vc_api_credential.c.signed_at.is_not(None))
        return len(list(connection.scalars(query)))
