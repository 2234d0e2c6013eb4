"""Rules the database keeps even against our own code: what is written for ever stays.

Shape: one SQL text per rule and dialect; run once by the migrations. A released tuple of rules is
never changed: a new rule comes in a new tuple, with a migration of its own.
"""

from sqlalchemy import Connection

__all__ = ["APPROVAL", "COMMISSIONED", "FIRST", "create_triggers"]

Rule = tuple[str, str, str, str, str]

FIRST: tuple[Rule, ...] = (
    (
        "revocation_stands",
        "status_entry",
        "UPDATE",
        (
            "OLD.purpose = 'revocation' AND OLD.set_at IS NOT NULL"
            " AND (NEW.set_at IS NULL OR NEW.set_at <> OLD.set_at)"
        ),
        "a revocation cannot be undone",
    ),
    (
        "status_place_stays",
        "status_entry",
        "UPDATE",
        (
            'NEW.list_id <> OLD.list_id OR NEW."index" <> OLD."index"'
            " OR NEW.issuance_id <> OLD.issuance_id OR NEW.purpose <> OLD.purpose"
        ),
        "a place in a status list is never given to another credential",
    ),
    (
        "status_entry_stays",
        "status_entry",
        "DELETE",
        "OLD.list_id IS NOT NULL",
        "a place in a status list is never freed",
    ),
    (
        "list_version_rises",
        "status_list",
        "UPDATE",
        (
            "NEW.version < OLD.version OR NEW.allocated < OLD.allocated"
            " OR (NEW.document IS NOT OLD.document AND NEW.version = OLD.version)"
        ),
        "a status list only moves forward",
    ),
    (
        "audit_line_stays",
        "audit_line",
        "UPDATE",
        "OLD.seq IS NOT NULL",
        "the audit log is append-only",
    ),
    (
        "audit_line_remains",
        "audit_line",
        "DELETE",
        "OLD.seq IS NOT NULL",
        "the audit log is append-only",
    ),
    (
        "draft_stays",
        "issuance_draft",
        "UPDATE",
        "OLD.issuance_id IS NOT NULL",
        "what was to be signed is never changed",
    ),
)
"""Name, table, event, when it is refused, and what the refusal says."""


COMMISSIONED: tuple[Rule, ...] = (
    (
        "commissioned_revocation_stands",
        "commissioned_entry",
        "UPDATE",
        "OLD.set_at IS NOT NULL AND (NEW.set_at IS NULL OR NEW.set_at <> OLD.set_at)",
        "a revocation cannot be undone",
    ),
    (
        "commissioned_place_stays",
        "commissioned_entry",
        "UPDATE",
        (
            'NEW.list_id <> OLD.list_id OR NEW."index" <> OLD."index"'
            " OR NEW.vc_api_credential_id <> OLD.vc_api_credential_id"
        ),
        "a place in a status list is never given to another credential",
    ),
    (
        "commissioned_entry_stays",
        "commissioned_entry",
        "DELETE",
        "OLD.list_id IS NOT NULL",
        "a place in a status list is never freed",
    ),
)
"""The rules of what integrators had us sign; they came later."""


APPROVAL: tuple[Rule, ...] = (
    (
        "approval_stands",
        "batch_job",
        "UPDATE",
        (
            "OLD.approval <> NEW.approval"
            " AND NOT (OLD.approval = 'none' AND NEW.approval = 'waiting' AND OLD.ready_at IS NULL)"
            " AND NOT (OLD.approval = 'waiting' AND NEW.approval IN ('approved', 'sent-back'))"
        ),
        "an approval is decided once",
    ),
    (
        "approval_parties_stand",
        "batch_job",
        "UPDATE",
        (
            "(OLD.asked_by IS NOT NULL AND (NEW.asked_by IS NULL OR NEW.asked_by <> OLD.asked_by))"
            " OR (OLD.decided_by IS NOT NULL"
            " AND (NEW.decided_by IS NULL OR NEW.decided_by <> OLD.decided_by))"
        ),
        "who asked and who decided stays",
    ),
)
"""The rules of batches that wait for a second person."""


def create_triggers(connection: Connection, rules: tuple[Rule, ...]) -> None:
    """Create rules in the dialect of `connection`."""
    postgres = connection.dialect.name == "postgresql"
    for name, table, event, when, message in rules:
        for statement in (_postgres if postgres else _sqlite)(name, table, event, when, message):
            connection.exec_driver_sql(statement)


def _sqlite(name: str, table: str, event: str, when: str, message: str) -> list[str]:
    return [
        (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    ]


def _postgres(name: str, table: str, event: str, when: str, message: str) -> list[str]:
    when = when.replace("IS NOT OLD.document", "IS DISTINCT FROM OLD.document")
    return [
        (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
            " END $$"
        ),
        (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION {name}()"
        ),
    ]
