"""`offer` and `wallet-check`: a badge into a wallet, and a wallet played against an issuer."""

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer

from badges.award import Learner
from did.public_key import Curve
from did.signers import memory
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.oid4vci.model import Format, GrantKind
from issuer.oid4vci.offers import OfferChoice, create_offer
from issuer.oid4vci.wallet_check import check_offer

__all__ = ["register"]

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.command()(offer)
    program.command("wallet-check")(wallet_check)


def offer(  # noqa: PLR0913 - the options of the command
    *,
    achievement: Annotated[str, typer.Option(help="Its name in the catalogue.")],
    learner: Annotated[str, typer.Option(help="Whose badge it is.")] = "Alex Learner",
    form: Annotated[Format, typer.Option("--format", help="How the wallet gets it.")] = (
        Format.LDP_VC
    ),
    grant: Annotated[GrantKind, typer.Option(help="How the wallet is let in.")] = (
        GrantKind.PRE_AUTHORIZED
    ),
    tx_code: Annotated[bool, typer.Option("--tx-code", help="Ask for a code as well.")] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Award a badge and offer it to a wallet; print the link for the QR code."""
    instance = open_existing(read_settings(data=data))
    now = instance.now()
    # The time of day tells apart what is awarded to the same name on one day.
    occasion = int(now.timestamp() * 1000) % 2**31
    decision = Decision(Learner(full_name=learner), now.date(), occasion=occasion)
    award_id = award_one(instance, Wish(achievement, decision)).issuance.award_id
    made = create_offer(instance, award_id, OfferChoice(form, grant, tx_code=tx_code))
    told = {
        "offer": made.name,
        "uri": made.uri,
        "uri_by_value": made.uri_by_value,
        "tx_code": made.tx_code,
        "format": form.value,
        "expires_at": made.expires_at.isoformat(),
    }
    if as_json:
        console.print_json(told)
        return
    console.out.print(made.uri, markup=False, soft_wrap=True)
    if made.tx_code:
        console.out.print(f"code: {made.tx_code}", markup=False)


def wallet_check(
    uri: Annotated[str, typer.Argument(metavar="OFFER", help="openid-credential-offer://…")],
    *,
    tx_code: Annotated[str | None, typer.Option(help="The transaction code of the offer.")] = None,
    ca: Annotated[Path | None, typer.Option(help="Trust this authority too (PEM).")] = None,
    as_json: AsJson = False,
) -> None:
    """Play a wallet through an offer of any issuer and say what fails; the offer is used up."""
    trust = ssl.create_default_context(cafile=ca)
    holder = memory.generate(Curve.P256)
    passed = True
    with httpx.Client(verify=trust, timeout=20) as http:
        for step in check_offer(
            uri, http=http, signer=holder, now=lambda: datetime.now(UTC), tx_code=tx_code
        ):
            passed = passed and step.passed
            if as_json:
                console.print_json(
                    {"step": step.name, "passed": step.passed, "detail": step.detail}
                )
            else:
                mark = "ok  " if step.passed else "FAIL"
                console.out.print(f"{mark} {step.name}: {step.detail}", markup=False)
    if not passed:
        raise typer.Exit(1)
