"""The verifier: read what was handed in, name what is needed, decide.

``read`` → ``needs`` (the edge fetches, again and again) → ``check``. Pure: the same question with
the same evidence, policy and time has the same answer for ever.
"""

from badges.verify.case import Case
from badges.verify.evidence import Document, Evidence
from badges.verify.needs import needs
from badges.verify.outcome import EXPECTED, Finding, Outcome, Verdict, verdict
from badges.verify.pipeline import check
from badges.verify.policy import Policy
from badges.verify.presented import Form, Presented
from badges.verify.reading import read, read_one_of_many
from badges.verify.register import Listing, Register, parse_register
from badges.verify.report import Report

__all__ = [
    "EXPECTED",
    "Case",
    "Document",
    "Evidence",
    "Finding",
    "Form",
    "Listing",
    "Outcome",
    "Policy",
    "Presented",
    "Register",
    "Report",
    "Verdict",
    "check",
    "needs",
    "parse_register",
    "read",
    "read_one_of_many",
    "verdict",
]
