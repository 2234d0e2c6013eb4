"""The number a wallet asks for, sent by mail: the other way than the QR code.

Shape: the number is made from the offer's name with the service's key (`flow.derive_tx_code`), so
the queue holds only the number of the offer.
"""

from sqlalchemy import Connection, select

from issuer.claiming.letters import facts_of, signed
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import mail
from issuer.instance import Instance
from issuer.mail import store as mails
from issuer.mail.letter import Letter
from issuer.oid4vci import flow, store
from issuer.oid4vci.desk import open_desk
from issuer.web.i18n import gettext as _

__all__ = ["KIND", "is_sent", "send_code", "write_code"]

KIND = "tx-code"
"""The kind of mail; its subject is the offer."""


def send_code(instance: Instance, name: str) -> None:
    """Queue the mail with the number of an offer; an offer gets one mail however often asked."""
    with unit_of_work(instance.engine) as connection:
        mails.add(connection, KIND, [store.find_offer(connection, name).id], instance.now())


def is_sent(connection: Connection, offer_id: int) -> bool:
    """Tell whether the mail was asked for."""
    query = select(mail.c.id).where(mail.c.kind == KIND, mail.c.subject_id == offer_id)
    return connection.scalar(query) is not None


def write_code(instance: Instance, offer_id: int) -> Letter | None:
    """Write the mail; None when the offer is over or nobody is there to write to."""
    with reading(instance.engine) as connection:
        offer = store.offer_by_id(connection, offer_id)
        slug, _key = store.award_place(connection, offer.award_id)
        facts = facts_of(connection, offer.award_id)
    if facts is None or offer.tx_code_hash is None or not offer.is_open(instance.now()):
        return None
    parts = (
        _("Hello %(learner)s,"),
        _("Your wallet asks for a number before it takes “%(title)s”. It is:"),
        "%(number)s",
        _("Type it only into your own wallet, and tell it to nobody."),
    )
    number = flow.derive_tx_code(open_desk(instance, slug).key, offer.name)
    return signed(facts, _("The number for your wallet"), parts, {"number": number})
