import pytest
from sqlalchemy import text

from badges.proofs import jws
from did.public_key import Curve
from did.signers.memory import generate
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.errors import AuditBroken
from issuer.signing.checkpoints import checkpoint, checkpoint_due, path_of, verify


def act(instance, count=1):
    with unit_of_work(instance.engine) as connection:
        append(connection, [Event("cli", "test.act", "x")] * count, instance.now())


def test_i19_the_log_fits_its_signed_checkpoints(instance, alliance):
    checkpoint(instance)
    act(instance, 3)
    checkpoint(instance)
    found = verify(instance)
    assert found.checkpoints == 2
    assert found.lines > 3


def test_i19_a_checkpoint_is_made_every_hour_and_not_more_often(instance, alliance, clock):
    assert checkpoint_due(instance)
    clock.forward(minutes=59)
    assert not checkpoint_due(instance)
    clock.forward(minutes=2)
    assert checkpoint_due(instance)


def test_i19_a_log_that_was_rewritten_as_a_whole_is_found_out(instance, alliance):
    """Somebody who can write the database chains another log that is whole in itself."""
    checkpoint(instance)
    with instance.engine.begin() as connection:
        for trigger in ("audit_line_stays", "audit_line_remains"):
            on = " ON audit_line" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
        connection.execute(text("DELETE FROM audit_line"))
        connection.execute(text("UPDATE audit_head SET seq = 0, hash = :zero"), {"zero": bytes(32)})
    act(instance, 500)
    with pytest.raises(AuditBroken, match="tells of another log"):
        verify(instance)


def test_i19_a_checkpoint_somebody_else_signed_is_refused(instance, alliance):
    token = checkpoint(instance)
    told = jws.parse(
        token.strip(),
        types=frozenset({"learnseal-audit+jwt"}),
        headers=frozenset({"alg", "typ", "kid"}),
    )
    forger = generate(Curve.ED25519, told.header["kid"])
    forged = jws.create(
        {"typ": told.header["typ"], "kid": told.header["kid"]}, told.payload, forger
    )
    path_of(instance).write_text(forged + "\n")
    with pytest.raises(AuditBroken, match="not one the alliance signed"):
        verify(instance)


@pytest.mark.parametrize("content", ["x", "a.b.c", "....."])
def test_what_is_no_checkpoint_is_refused(instance, alliance, content):
    checkpoint(instance)
    path_of(instance).write_text(content)
    with pytest.raises(AuditBroken):
        verify(instance)


def test_a_service_where_nothing_happened_makes_none(instance):
    assert not checkpoint_due(instance)
