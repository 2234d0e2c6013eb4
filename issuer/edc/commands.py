"""`learnseal edc …`: Europass files from the command line.

Exit codes: 0 done or good, 1 not good or not verified, 64 the input cannot be used.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from badges.proofs.x509 import der
from badges.verify import Policy
from issuer.catalogue import esco
from issuer.edc import service
from issuer.edc.shapes import install_shapes, installed_shapes
from issuer.errors import InvalidUpload, SealKeyUnusable
from issuer.settings import Settings
from issuer.signing.seal_keys import open_seal_key
from issuer.signing.sealing import Sealer
from issuer.signing.timestamps import http_timestamps
from issuer.signing.trust_folder import TrustFolder

__all__ = ["program"]

program = typer.Typer(help="European Digital Credentials for Europass.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The credential.")]
Data = Annotated[Path | None, typer.Option(help="Folder of the service (LEARNSEAL_DATA).")]
Out = Annotated[Path | None, typer.Option(help="Write the result here instead of printing it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@program.command()
def convert(
    file: File,
    answers: Annotated[Path | None, typer.Option(help="Answers as a JSON object.")] = None,
    out: Out = None,
) -> None:
    """Turn an Open Badge into an EDC draft, or an EDC into an unsigned Open Badge.

    Prints document, open questions and losses as JSON. Without the answers Europass needs there is
    no document and the exit code is 64: answer the questions in a file and try again.
    """
    given = _answers(answers) if answers else None
    made = service.convert(_read(file), datetime.now(UTC), answers=given)
    if out and made.document is not None:
        out.write_text(json.dumps(made.document, ensure_ascii=False, indent=1), encoding="utf-8")
    shown = made.to_json() | ({"document": str(out)} if out and made.document else {})
    typer.echo(json.dumps(shown, ensure_ascii=False))
    raise typer.Exit(0 if made.document is not None else 64)


@program.command()
def validate(file: File, as_json: AsJson = False, data: Data = None) -> None:
    """Check a credential by Europass's rules, and by the official shapes where installed."""
    folder = data or Settings().data
    found = service.validate(
        _read(file), shapes=installed_shapes(folder), is_skill=_skill_of(folder)
    )
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        _tell(found)
    raise typer.Exit(0 if found.is_good else 1)


@program.command()
def seal(
    file: File,
    key: Annotated[str, typer.Option(help="file:seal.p12 or pkcs11:… (LEARNSEAL_SEAL_KEY)")] = "",
    passphrase_file: Annotated[Path | None, typer.Option(help="Its passphrase or PIN.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Its certificates (PEM).")] = None,
    out: Out = None,
) -> None:
    """Seal an unsealed EDC; what Europass would refuse is not sealed."""
    sealer = _sealer(key, passphrase_file, certificate)
    octets = service.seal(_read(file), sealer, datetime.now(UTC))
    if sealer.is_test:
        typer.echo("this is a test seal: it has no legal effect", err=True)
    if out:
        out.write_bytes(octets)
    else:
        typer.echo(octets.decode())


@program.command()
def verify(file: File, as_json: AsJson = False, data: Data = None) -> None:
    """Check the seal of a file without the network; `learnseal verify` also asks for status."""
    now = datetime.now(UTC)
    trust = TrustFolder((data or Settings().data) / "trust").anchors(now)
    policy = Policy(
        seal_authorities=tuple(map(der, trust.seals)),
        timestamp_authorities=tuple(map(der, trust.timestamps)),
    )
    report = service.verify(_read(file), policy, now) | {"input": str(file)}
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, default=str))
    else:
        typer.echo(f"{report['verdict']}: {report['summary']}")
        for finding in report["findings"]:
            typer.echo(f"  {finding['outcome']:14} {finding['check']}: {finding['code']}")
    raise typer.Exit(1 if report["verdict"] == "not_valid" else 0)


@program.command("install-shapes")
def install(
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="A copy of the ELM repository.")],
    data: Data = None,
) -> None:
    """Install the official SHACL shapes and contexts; only the known edition is taken."""
    for path in install_shapes(source, data or Settings().data):
        typer.echo(str(path))


def _sealer(key: str, passphrase_file: Path | None, certificate: Path | None) -> Sealer:
    """Open the key that was named, else the one of the settings."""
    settings = Settings()
    if not (key or settings.seal_key):
        raise SealKeyUnusable("name the key of the e-seal: --key file:seal.p12")
    secret = passphrase_file or settings.seal_passphrase_file
    chain = certificate or settings.seal_certificate
    opened = open_seal_key(
        key or settings.seal_key,
        _read(secret).decode().strip() if secret else "",
        _read(chain) if chain else b"",
    )
    url = settings.timestamp_url
    return Sealer(opened, http_timestamps(url, httpx.Client()) if url else None)


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise InvalidUpload(f"{file}: there is no such file")
    return file.read_bytes()


def _answers(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(_read(file))
    except ValueError as error:
        raise InvalidUpload(f"{file}: the answers must be a JSON object") from error
    if not isinstance(value, dict):
        raise InvalidUpload(f"{file}: the answers must be a JSON object, key to answer")
    return value


def _skill_of(folder: Path) -> service.IsSkill | None:
    """Return how to look a skill up; nothing where ESCO was not loaded in full."""
    index = esco.index_in(folder)
    return lambda uri: esco.known_skill(index, uri) is not esco.Known.UNKNOWN


def _tell(found: service.Validation) -> None:
    for problem in (*found.problems, *(found.shapes or ())):
        typer.echo(f"{problem.severity:7} {problem.path}: {problem.message} [{problem.code}]")
    if found.shapes is None:
        typer.echo("The official shapes are not installed: see `learnseal edc install-shapes`.")
    typer.echo("good" if found.is_good else "has to be mended")
