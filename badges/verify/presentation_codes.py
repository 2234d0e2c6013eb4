"""The words of the verifier for presentations. English texts are gettext message ids."""

from collections.abc import Mapping

from badges.verify.wording import N_, Weight, Wording

__all__ = ["PRESENTATION_CODES"]

_ASK_LEARNER = N_("Ask the person who sent it for the original file.")
_TRY_LATER = N_("Try again later; if it stays so, ask the issuer.")

PRESENTATION_CODES: Mapping[str, Wording] = {
    "INVALID_CHALLENGE_ERROR": Wording(
        Weight.FATAL,
        N_("It answers another request"),
        N_("The presentation was made for a question that was not asked here, perhaps long ago."),
        N_("Ask for a new presentation."),
    ),
    "INVALID_DOMAIN_ERROR": Wording(
        Weight.FATAL,
        N_("It was made for somebody else"),
        N_("The presentation names another recipient; it may have been passed on."),
        N_("Ask for a new presentation."),
    ),
    "holder-proved": Wording(
        Weight.FINE,
        N_("Whoever presented it holds its key"),
        N_("The presentation answers this very request."),
    ),
    "holder-signed": Wording(
        Weight.FINE,
        N_("Its holder signed the presentation"),
        N_("When and for whom is not known: a presentation can be passed on."),
    ),
    "holder-not-asked": Wording(
        Weight.FINE,
        N_("Who presented it was not asked"),
        N_("A file can be passed on by anybody."),
    ),
    "holder-differs": Wording(
        Weight.FATAL,
        N_("It was presented by somebody else"),
        N_("The key that presented it is not the one it was issued to."),
        _ASK_LEARNER,
    ),
    "credentials-valid": Wording(
        Weight.FINE,
        N_("All credentials inside are valid"),
        N_("Each has its own report."),
    ),
    "credentials-with-remarks": Wording(
        Weight.REMARK,
        N_("There are remarks on a credential inside"),
        N_("Each has its own report."),
    ),
    "credentials-unchecked": Wording(
        Weight.BLIND,
        N_("A credential inside could not be checked"),
        N_("Each has its own report."),
        _TRY_LATER,
    ),
    "credentials-not-valid": Wording(
        Weight.FATAL,
        N_("A credential inside is not valid"),
        N_("Each has its own report."),
        _ASK_LEARNER,
    ),
    "no-credentials": Wording(
        Weight.FATAL,
        N_("There is no credential inside"),
        N_("The presentation is empty."),
        _ASK_LEARNER,
    ),
}
