"""Kill an issuing process with `kill -9` at exactly six points, again and again (row I1).

Run: ``python -m tests.crash.points --rounds 50``. The points: after the commit that reserves, after
the commit of the intents, after a signature, after the own check of all signatures and before they
are stored, after they are stored, after they are published with their outbox message. A child dies
there; the next process goes on, and everything is counted.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from datetime import date
from pathlib import Path

from sqlalchemy import event, func, select

from badges.award import Learner
from issuer.audit.service import verify as verify_audit
from issuer.awarding.credential import credential_bytes
from issuer.awarding.issuing import ISSUED, issue_batch, resume
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.catalogue.service import find, issuer_for
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import audit_line, award, issuance, issuance_proof, outbox, status_entry
from issuer.errors import NotIssued
from issuer.organisations.keys import active_key
from issuer.signing.service import signer
from tests.crash.rounds import ACHIEVEMENT, Service

POINTS = ("reserve", "intent", "sign", "compare", "store", "outbox")
AT_ONCE = 3
COMMITS = {"reserve": 1, "intent": 2, "store": 3, "outbox": 4}
"""After which commit of the life of a chunk the process dies."""


def die(*_):
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """A key whose process dies after its second signature."""

    def __init__(self, key):
        self.key, self.signed = key, 0
        self.public_key, self.algorithm = key.public_key, key.algorithm
        self.verification_method = key.verification_method

    def sign(self, message):
        made = self.key.sign(message)
        self.signed += 1
        if self.signed == 2:
            die()
        return made


def arm(instance, point, uri):
    """Have this process die at `point`."""
    done = {"commits": 0}
    if point == "sign":
        instance.kept[uri] = Deadly(instance.kept[uri])

    def begun(connection):
        is_writing = not connection.get_execution_options().get("reading")
        if done["commits"] == COMMITS.get(point):
            die()
        if is_writing and point == "compare" and done["commits"] == COMMITS["intent"]:
            die()

    def committed(connection):
        if not connection.get_execution_options().get("reading"):
            done["commits"] += 1

    event.listen(instance.engine, "begin", begun)
    event.listen(instance.engine, "commit", committed)


def live(instance, recording, people):
    """Award to `people` and bring their credentials all the way."""
    decisions = [
        Decision(Learner(full_name=f"Learner {n}", email=f"{n}@x.example"), date(2026, 6, 12))
        for n in people
    ]
    with unit_of_work(instance.engine) as connection:
        numbers = record(instance, connection, recording, decisions)
    issue_batch(instance, numbers)


def killed_at(point, instance, recording, people, uri):
    """Do it in a process that dies at `point`."""
    instance.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            arm(instance, point, uri)
            live(instance, recording, people)
            instance.engine.connect().begin()  # nothing else is begun after the last commit
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
        raise RuntimeError(f"the process did not die at {point}: {status}")


def run(service, rounds):
    """Kill at each point in each round; return what was found in the end."""
    instance = service.instance
    with reading(instance.engine) as connection:
        version = find(connection, ACHIEVEMENT)
        issuer = issuer_for(connection, version, None)
        key = active_key(connection, issuer)
    signer(instance, key)  # opened once: opening is slow on purpose
    recording = Recording(version, issuer, Order(), "cli")
    live(instance, recording, [0])
    people = 1
    for _ in range(rounds):
        for point in POINTS:
            killed_at(point, instance, recording, range(people, people + AT_ONCE), key.uri)
            people += AT_ONCE
            resume(instance)
    return counted(instance, people) | {"kills": rounds * len(POINTS), "credentials": people}


def counted(instance, people):
    """Compare the store with what was asked for."""
    with reading(instance.engine) as connection:

        def rows(query):
            return connection.scalar(query) or 0

        published = select(issuance.c.id).where(issuance.c.state == "published")
        numbers = list(connection.scalars(published))
        awards = rows(select(func.count()).select_from(award))
        proofs = rows(select(func.count()).select_from(issuance_proof))
        places = rows(select(func.count()).select_from(status_entry))
        lines = [json.loads(text) for text in connection.scalars(select(audit_line.c.line))]
        messages = connection.scalars(select(outbox.c.payload).where(outbox.c.topic == ISSUED))
        told = [number for text in messages for number in json.loads(text)["issuances"]]
    signed = sum(line["detail"]["count"] for line in lines if line["action"] == "issuances.signed")
    verify_audit(instance.engine)
    return {
        "lost": people - sum(is_there(instance, number) for number in numbers),
        "doubled": (awards - people) + (proofs - people) + (places - people),
        "signed_unrecorded": abs(signed - proofs),
        "without_message": len(set(numbers) - set(told)),
        "message_twice": len(told) - len(set(told)),
    }


def is_there(instance, number):
    """Tell whether a credential can be had."""
    try:
        return bool(credential_bytes(instance, number).document)
    except NotIssued:
        return False


def main():
    """Run from the command line; 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--postgres", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="learnseal-points-") as folder:
        service = Service(Path(folder) / "data", given.postgres)
        found = run(service, given.rounds)
        service.instance.engine.dispose()
    sys.stdout.write(json.dumps(found) + "\n")
    wrong = ("lost", "doubled", "signed_unrecorded", "without_message", "message_twice")
    return 1 if any(found[name] for name in wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
