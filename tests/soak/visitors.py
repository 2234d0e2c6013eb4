"""Who comes by in a soak: integrators, employers, learners, wallets, people who look around.

Shape: a visit is one errand over HTTP; it raises `Wrong` (or what the client raises) when the
answer is not the right one. Each kind of visitor comes at a rate of its own.
"""

import itertools
import random
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from badges.award import Learner
from did.public_key import Curve
from did.signers import memory
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.claiming.service import create_claim
from issuer.db.session import reading, unit_of_work
from issuer.oid4vci.offers import OfferChoice, create_offer
from issuer.oid4vci.wallet_check import check_offer
from issuer.organisations.service import root

ACHIEVEMENT = "energy-positive-neighbourhoods"
V2 = "https://www.w3.org/ns/credentials/v2"
PAGES = (
    "/",
    "/verify",
    "/verify/many",
    "/claim",
    "/wallet/",
    "/staff/sign-in",
    "/healthz",
    "/readyz",
)
KEPT = 400
"""Credentials remembered for those who verify and revoke."""


class Wrong(Exception):
    """The service answered, but not as it should."""


@dataclass
class Town:
    """The service, and what its visitors know of it."""

    instance: object
    http: httpx.Client
    chance: random.Random
    in_force: deque = field(default_factory=lambda: deque(maxlen=KEPT))
    revoked: deque = field(default_factory=lambda: deque(maxlen=KEPT))
    claims: deque = field(default_factory=lambda: deque(maxlen=KEPT))
    etags: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    counter: object = field(default_factory=itertools.count)

    def __post_init__(self):
        with reading(self.instance.engine) as connection:
            self.issuer = root(connection).did

    def expect(self, answer, *statuses):
        """Return the answer if it has one of the statuses."""
        if answer.status_code not in statuses:
            raise Wrong(f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def issue(self):
        """An integrator has a credential signed."""
        number = next(self.counter)
        draft = {
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": self.issuer,
            "validFrom": "2026-06-12T00:00:00Z",
            "credentialSubject": {"id": f"urn:uuid:00000000-0000-4000-8000-{number:012}"},
        }
        answer = self.http.post("/vc/credentials/issue", json={"credential": draft})
        signed = self.expect(answer, 201).json()["verifiableCredential"]
        with self.lock:
            self.in_force.append(signed)

    def verify(self):
        """An employer checks a credential; one in ten was revoked."""
        with self.lock:
            shelf = self.revoked if self.revoked and self.chance.random() < 0.1 else self.in_force
            if not shelf:
                return
            signed = self.chance.choice(shelf)
        answer = self.http.post("/api/verify", json={"credential": signed})
        verdict = self.expect(answer, 200).json()["verdict"]
        with self.lock:
            wanted = {"valid"} if signed in self.in_force else {"not_valid"}
            if shelf is self.in_force and signed not in self.in_force:
                wanted = {"valid", "not_valid"}  # revoked, or forgotten, while it was checked
        if verdict not in wanted:
            raise Wrong(f"the verdict is {verdict}, not {wanted}: {answer.json()['findings']}")

    def revoke(self):
        """An integrator revokes; the next answer of the list has the bit."""
        with self.lock:
            if len(self.in_force) < 20:
                return
            signed = self.in_force.popleft()
        body = {"credentialStatus": signed["credentialStatus"], "status": True}
        self.expect(self.http.post("/vc/credentials/status", json=body), 200)
        with self.lock:
            self.revoked.append(signed)

    def read_list(self):
        """A verifier elsewhere fetches a list, and knows the last version."""
        with self.lock:
            if not self.in_force:
                return
            url = self.in_force[-1]["credentialStatus"]["statusListCredential"]
        headers = {"If-None-Match": self.etags[url]} if url in self.etags else {}
        answer = self.expect(self.http.get(url, headers=headers), 200, 304)
        self.etags[url] = answer.headers["etag"]

    def look_around(self):
        """Somebody looks at a page."""
        pages = (*PAGES, f"/o/{self.slug}/did.json")
        self.expect(self.http.get(pages[next(self.counter) % len(pages)]), 200)

    @property
    def slug(self):
        """The organisation whose documents are asked for."""
        return self.issuer.rsplit(":", 1)[-1]

    def award(self):
        """Award a badge to somebody new; return the number of the award."""
        now = self.instance.now()
        learner = Learner(full_name=f"Learner {next(self.counter)}")
        decision = Decision(learner, now.date(), occasion=int(now.timestamp() * 1000) % 2**31)
        return award_one(self.instance, Wish(ACHIEVEMENT, decision)).issuance.award_id

    def claim(self):
        """A learner opens the claim page; a new link is made now and then."""
        if len(self.claims) < 20 or self.chance.random() < 0.1:
            number = self.award()
            with unit_of_work(self.instance.engine) as connection:
                made = create_claim(self.instance, connection, number, timedelta(days=2))
            self.claims.append(made.code)
        self.expect(self.http.get(f"/claim/{self.chance.choice(self.claims)}"), 200)

    def take(self):
        """A wallet takes a badge by OpenID4VCI, from the offer to the notification."""
        made = create_offer(self.instance, self.award(), OfferChoice())
        steps = check_offer(
            made.uri, http=self.http, signer=memory.generate(Curve.P256), now=self.instance.now
        )
        for step in steps:
            if not step.passed:
                raise Wrong(f"wallet, {step.name}: {step.detail}")


RATES = {
    "issue": 5.0,
    "verify": 30.0,
    "revoke": 1.0,
    "read_list": 2.0,
    "look_around": 2.0,
    "claim": 1.0,
    "take": 0.2,
}
"""Visits a second at full pace, by the name of the visit."""
