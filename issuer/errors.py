"""What can go wrong in the service, one class for each thing that happens.

Shape: the first docstring line is for people; ``code`` is stable and ends in ``/problems/CODE``.
"""

__all__ = [
    "AchievementArchived",
    "AchievementLocked",
    "AlreadyAwarded",
    "AlreadyBegun",
    "AlreadyRevoked",
    "AlreadySuspended",
    "ApprovalDecided",
    "AuditBroken",
    "BodyTooLarge",
    "CheckAborted",
    "ClaimExpired",
    "ClaimWithdrawn",
    "DatabaseOutdated",
    "DemoFailed",
    "DraftChanged",
    "ForeignOrigin",
    "IdempotencyConflict",
    "InvalidAccount",
    "InvalidAchievement",
    "InvalidAftercare",
    "InvalidAward",
    "InvalidBounce",
    "InvalidOrganisation",
    "InvalidSettings",
    "InvalidTime",
    "InvalidUpload",
    "IssuerError",
    "JobFailed",
    "KeyCompromised",
    "MayNotAward",
    "NeedsApproval",
    "NoSigningKey",
    "NoWorkerName",
    "NotAllowed",
    "NotFound",
    "NotIssued",
    "NotSuspendable",
    "NotSuspended",
    "NothingToCheck",
    "OwnApproval",
    "PickledJob",
    "Reconciling",
    "RegisterRefused",
    "RegisterRollback",
    "SealKeyUnusable",
    "SelfCheckFailed",
    "SelfCheckIncomplete",
    "ShapesUnusable",
    "SignInRefused",
    "SpentLink",
    "StaleForm",
    "StatusRollback",
    "StoredBytesChanged",
    "TimestampUnavailable",
    "TooBusy",
    "TooManyAttempts",
    "TooManyRequests",
    "TrustListUnreadable",
    "UnclearColumns",
    "Unreachable",
]


class IssuerError(Exception):
    """The service could not do what was asked."""

    code = "issuer-error"


class NotFound(IssuerError):
    """There is no such thing here, or it belongs to somebody else."""

    code = "not-found"


class NotAllowed(IssuerError):
    """This caller may not do that."""

    code = "not-allowed"


class MayNotAward(NotAllowed):
    """This organisation may not award this achievement."""

    code = "may-not-award"


class AlreadyBegun(IssuerError):
    """The list is being awarded already, or it is stopped or done."""

    code = "already-begun"


class NeedsApproval(IssuerError):
    """A second person has to look at this before anybody is awarded."""

    code = "needs-approval"


class OwnApproval(NotAllowed):
    """Nobody approves what they sent themselves."""

    code = "own-approval"


class ApprovalDecided(IssuerError):
    """This waits for nobody's approval (any more)."""

    code = "approval-decided"


class InvalidOrganisation(IssuerError):
    """The organisation's particulars are not usable."""

    code = "invalid-organisation"


class InvalidBounce(IssuerError):
    """This is not a notification about a mail this service sent."""

    code = "invalid-bounce"


class InvalidAftercare(IssuerError):
    """What is to be done after awarding cannot be done so; `problems` says what to mend."""

    code = "invalid-aftercare"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = tuple(problems.values())
        self.by_field = problems


class InvalidAccount(IssuerError):
    """Something about this account is not right; `problems` says what to mend."""

    code = "invalid-account"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = tuple(problems.values())
        self.by_field = problems


class InvalidAward(IssuerError):
    """What was sent does not say who is awarded what; `problems` says what to mend."""

    code = "invalid-award"

    def __init__(self, by_field: dict[str, str]) -> None:
        told = tuple(f"{name}: {text}" for name, text in by_field.items())
        super().__init__("; ".join(told))
        self.problems = told
        self.by_field = by_field


class SpentLink(IssuerError):
    """This link was used before, or its time is over."""

    code = "link-spent"


class SignInRefused(IssuerError):
    """This address and this password do not belong together."""

    code = "sign-in-refused"


class StaleForm(IssuerError):
    """This form is no longer good."""

    code = "stale-form"


class TooManyRequests(IssuerError):
    """There were too many requests from this network address, or for this organisation."""

    code = "too-many-requests"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds, then try again")
        self.seconds = seconds


class TooManyAttempts(IssuerError):
    """Too many sign-ins went wrong."""

    code = "too-many-attempts"


class InvalidAchievement(IssuerError):
    """The achievement is not complete or not right; `problems` says what to mend."""

    code = "invalid-achievement"

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class AchievementArchived(IssuerError):
    """This achievement is archived and is not awarded any more."""

    code = "achievement-archived"


class DraftChanged(IssuerError):
    """Somebody else has changed this draft in the meantime; nothing of yours was saved."""

    code = "draft-changed"


class AchievementLocked(IssuerError):
    """This version has been awarded and cannot change; make a new version."""

    code = "achievement-locked"


class InvalidUpload(IssuerError):
    """The file cannot be read."""

    code = "invalid-upload"


class InvalidTime(IssuerError):
    """This is no time in the future."""

    code = "invalid-time"


class UnclearColumns(InvalidUpload):
    """It is not clear what the columns of the list mean."""

    code = "unclear-columns"


class AlreadyAwarded(IssuerError):
    """This person already has this achievement for this date."""

    code = "already-awarded"


class IdempotencyConflict(IssuerError):
    """This Idempotency-Key was used before for another request."""

    code = "idempotency-key-conflict"


class NoSigningKey(IssuerError):
    """The organisation has no active key to sign with."""

    code = "no-signing-key"


class KeyCompromised(NoSigningKey):
    """The key is compromised and signs no more."""

    code = "key-compromised"


class NotIssued(IssuerError):
    """The credential is not signed yet, or was voided before it was."""

    code = "not-issued"


class TimestampUnavailable(IssuerError):
    """The timestamp authority does not answer."""

    code = "timestamp-unavailable"


class TrustListUnreadable(IssuerError):
    """The folder of trusted authorities holds a file that cannot be read."""

    code = "trust-list-unreadable"


class StoredBytesChanged(IssuerError):
    """What was stored is not what was to be signed; the issuance is void."""

    code = "stored-bytes-changed"


class SealKeyUnusable(IssuerError):
    """The key of the e-seal cannot be opened, or cannot seal."""

    code = "seal-key-unusable"


class SelfCheckFailed(IssuerError):
    """Our own verifier refuses what we signed; the issuance is void."""

    code = "self-check-failed"


class SelfCheckIncomplete(IssuerError):
    """Our own verifier could not check what we signed; it is not let out, and tried again later."""

    code = "self-check-incomplete"


class AlreadyRevoked(IssuerError):
    """The credential was revoked before; the first reason and time stand."""

    code = "already-revoked"


class AlreadySuspended(IssuerError):
    """The credential is suspended."""

    code = "already-suspended"


class NotSuspendable(IssuerError):
    """The credential was issued without a place in a suspension list."""

    code = "not-suspendable"


class NotSuspended(IssuerError):
    """The credential is not suspended."""

    code = "not-suspended"


class ShapesUnusable(IssuerError):
    """The official shapes are not the ones we know; get edition 1.1.0 of the EDC profile."""

    code = "shapes-unusable"


class RegisterRefused(IssuerError):
    """The register cannot be imported."""

    code = "register-refused"


class RegisterRollback(IssuerError):
    """The register is older than the one that is there: versions only rise."""

    code = "register-rollback"


class StatusRollback(IssuerError):
    """A status list may only move forward; an older version was refused."""

    code = "status-rollback"


class Reconciling(IssuerError):
    """The service was restored from a backup and holds issuing until it has caught up."""

    code = "reconciling"


class AuditBroken(IssuerError):
    """The audit log was altered; the message names the first line that does not fit."""

    code = "audit-broken"


class DatabaseOutdated(IssuerError):
    """The database has another schema version than this program; run ``learnseal migrate``."""

    code = "database-outdated"


class InvalidSettings(IssuerError):
    """The service cannot run with these settings."""

    code = "invalid-settings"


class DemoFailed(IssuerError):
    """A step of the demo did not see what it should."""

    code = "demo-failed"


class BodyTooLarge(IssuerError):
    """What was sent is larger than this service reads."""

    code = "too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"send at most {limit // 2**20} MB at a time")


class ForeignOrigin(IssuerError):
    """The form was sent from another site."""

    code = "foreign-origin"


class CheckAborted(IssuerError):
    """Checking it takes more time or memory than any honest credential needs."""

    code = "check-aborted"


class ClaimExpired(IssuerError):
    """This claim link has ended; the award itself stays valid."""

    code = "claim-expired"


class ClaimWithdrawn(IssuerError):
    """This claim link was withdrawn by the organisation that sent it."""

    code = "claim-withdrawn"


class NothingToCheck(IssuerError):
    """There is nothing to check in what was sent."""

    code = "nothing-to-check"


class TooBusy(IssuerError):
    """Too many checks are running right now; try again in a few seconds."""

    code = "too-busy"


class Unreachable(IssuerError):
    """What is at this address could not be had."""

    code = "unreachable"


class JobFailed(IssuerError):
    """A job of the background engine failed; the log of its worker says why."""

    code = "job-failed"


class PickledJob(IssuerError):
    """Somebody wrote a pickled job into the job tables; it is not read."""

    code = "pickled-job"


class NoWorkerName(IssuerError):
    """This worker's name is held by another process that is alive."""

    code = "no-worker-name"


class InvalidLetter(IssuerError):
    """This mail cannot be written: its address or a header is not right."""

    code = "invalid-letter"


class InvalidLogo(IssuerError):
    """This file cannot be an organisation's logo."""

    code = "invalid-logo"


class MailRefused(IssuerError):
    """The mail server will never take this mail."""

    code = "mail-refused"


class MailUnavailable(IssuerError):
    """The mail server cannot take this mail now."""

    code = "mail-unavailable"
