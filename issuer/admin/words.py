"""What states, roles and reasons are called on the pages."""

from dataclasses import dataclass

from issuer.admin.awards_store import Filter
from issuer.awarding.columns import Column
from issuer.awarding.standing import Change
from issuer.claiming.model import ClaimState
from issuer.oid4vci.offers import OfferState
from issuer.organisations.roles import Role
from issuer.status.words import reason_words
from issuer.web.i18n import gettext as _

__all__ = [
    "ChangeWords",
    "act_words",
    "change_words",
    "claim_words",
    "column_words",
    "done_words",
    "filter_words",
    "offer_words",
    "reason_words",
    "role_words",
]


def role_words() -> dict[Role, str]:
    """Say each role in the reader's language."""
    return {
        Role.ALLIANCE_ADMIN: _("Alliance administrator"),
        Role.MEMBER_ADMIN: _("Administrator"),
        Role.COORDINATOR: _("Coordinator"),
        Role.QUALITY_OFFICER: _("Quality officer"),
        Role.VIEWER: _("Viewer"),
    }


def claim_words() -> dict[ClaimState, str]:
    """Say how far a learner has come."""
    return {
        ClaimState.WAITING: _("not opened yet"),
        ClaimState.OPENED: _("opened"),
        ClaimState.KEPT: _("taken"),
        ClaimState.EXPIRED: _("link has ended (the award has not)"),
        ClaimState.WITHDRAWN: _("taken back"),
    }


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """How one change is spoken of."""

    verb: str
    explained: str
    done: str


def change_words() -> dict[Change, ChangeWords]:
    """Say what each change does."""
    return {
        Change.REVOKE: ChangeWords(
            _("Revoke"),
            _("For ever, in every form they have. Whoever checks them is told at once."),
            _("revoked"),
        ),
        Change.SUSPEND: ChangeWords(
            _("Suspend"),
            _("For the time being. Whoever checks them is told, until they are reinstated."),
            _("suspended"),
        ),
        Change.REINSTATE: ChangeWords(
            _("Reinstate"),
            _("They are in force again, as if nothing had been."),
            _("reinstated"),
        ),
        Change.CANCEL: ChangeWords(
            _("Cancel"),
            _(
                "Nobody has taken them: links and offers end, and nothing can be taken any more. "
                "The same people can be awarded again."
            ),
            _("cancelled"),
        ),
    }


def done_words() -> dict[str, str]:
    """Say what was just done to an award."""
    spoken = {str(change): words.done for change, words in change_words().items()}
    return spoken | {"correct": _("the corrected one; the earlier one is revoked")}


def filter_words() -> dict[Filter, str]:
    """Say which awards a list shows."""
    return {
        Filter.ALL: _("All"),
        Filter.IN_FORCE: _("In force"),
        Filter.SUSPENDED: _("Suspended"),
        Filter.REVOKED: _("Revoked"),
    }


def offer_words() -> dict[OfferState, tuple[str, str]]:
    """Say where an offer to a wallet stands, and in which tone."""
    return {
        OfferState.OPEN: (_("waiting for a wallet"), "unknown"),
        OfferState.REDEEMED: (_("a wallet came with the code"), "unknown"),
        OfferState.ISSUED: (_("the wallet has it"), "passed"),
        OfferState.ACCEPTED: (_("the wallet kept it"), "passed"),
        OfferState.FAILED: (_("the wallet could not keep it"), "failed"),
        OfferState.LOCKED: (_("locked: too many wrong codes"), "failed"),
        OfferState.EXPIRED: (_("has ended"), "remark"),
    }


def act_words() -> dict[str, str]:
    """Say what the acts of the audit log are about, by the beginning of their names."""
    return {
        "award.": _("Awards replaced or cancelled"),
        "issuance.": _("Credentials on their way"),
        "issuances.": _("Credentials signed"),
        "credential.": _("Revoked, suspended, reinstated"),
        "status.": _("Status lists published"),
        "claim.": _("Links for learners"),
        "mail.": _("Mail that came back"),
        "learner.": _("Learners' data exported or erased"),
        "achievement.": _("Achievements"),
        "batch.": _("Lists awarded"),
        "key.": _("Keys"),
        "staff.": _("Sign-in, invitations and roles"),
        "aftercare.": _("What organisations decided"),
        "consent.": _("Texts about data"),
    }


def column_words() -> dict[Column, str]:
    """Say what a column of a list may mean."""
    return {
        Column.GIVEN_NAME: _("Given name"),
        Column.FAMILY_NAME: _("Family name"),
        Column.FULL_NAME: _("Full name"),
        Column.EMAIL: _("E-mail address"),
        Column.BIRTH_DATE: _("Birth date"),
        Column.STUDENT_NUMBER: _("Student number"),
        Column.AWARDED_ON: _("Awarded on"),
        Column.GRADE: _("Result"),
        Column.START: _("Beginning of the learning"),
        Column.END: _("End of the learning"),
        Column.EVIDENCE: _("Web address of the work"),
        Column.NARRATIVE: _("What is to be said of this award"),
        Column.LANGUAGE: _("Language"),
    }
