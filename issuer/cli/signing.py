"""`sign`: one credential in, a signed credential out; and keys in files for it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from badges import seal
from badges.credential import issuer_id
from badges.errors import NotSealable
from did.document import DidDocument
from did.multikey import encode
from did.public_key import Curve
from did.resolve import location, resolve
from did.signer import Signer, did_key_method
from did.signers import file, open_signer
from did.url import is_did
from issuer.cli import console
from issuer.cli.inputs import read_object
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.errors import InvalidUpload
from issuer.status.own_documents import own_documents

__all__ = ["Passphrase", "create_key", "passphrase_in", "register", "sign"]

Passphrase = Annotated[
    Path | None, typer.Option(help="File with the key's passphrase (LEARNSEAL_PASSPHRASE_FILE).")
]


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(sign)


def create_key(
    path: Path,
    passphrase_file: Passphrase = None,
    curve: Annotated[Curve, typer.Option(help="Kind of key.")] = Curve.ED25519,
) -> None:
    """Make a private key in a new encrypted file; prints its URI and its did:key."""
    uri, signer = file.make(path, curve, passphrase_in(passphrase_file, None))
    console.print_json({"key": uri, "did": f"did:key:{encode(signer.public_key)}"})


def sign(  # noqa: PLR0913 - one argument per option
    path: Annotated[str, typer.Argument(metavar="FILE", help="A credential, or - for stdin.")],
    *,
    key: Annotated[str, typer.Option(help="URI of the private key, e.g. file:///…/uni.key")],
    suite: Annotated[str, typer.Option(help="Cryptosuite.")] = seal.SUITE,
    verification_method: Annotated[
        str | None, typer.Option(help="The key's URL in the issuer's DID document.")
    ] = None,
    passphrase_file: Passphrase = None,
    data: Data = None,
) -> None:
    """Sign one credential, after looking for everything a verifier would refuse."""
    draft = read_object(path)
    problems = seal.find_problems(draft)
    if problems:
        raise NotSealable(problems)
    passphrase = passphrase_in(passphrase_file, data)
    signer = _speaking_for(issuer_id(draft), key, passphrase, verification_method, data)
    now = datetime.now(UTC)
    document = _issuer_document(signer.verification_method, data)
    ready = seal.prepare(
        draft, issuer_document=document, method=signer.verification_method, now=now
    )
    console.print_json(seal.sign(ready, signer, created=now, suite=suite))


def _speaking_for(
    issuer: str | None, key: str, passphrase: str, method: str | None, data: Path | None
) -> Signer:
    """Open the key under the name it has in the issuer's DID document."""
    signer = open_signer(key, verification_method=method or "", passphrase=passphrase)
    own = did_key_method(signer.public_key)
    if method is None and issuer is not None and not own.startswith(f"{issuer}#"):
        method = _method_in(_issuer_document(issuer, data), signer)
    return open_signer(key, verification_method=method or own, passphrase=passphrase)


def _method_in(document: DidDocument, signer: Signer) -> str:
    for method in document.methods("assertionMethod"):
        if method.public_key == signer.public_key:
            return method.id
    raise InvalidUpload(f"the DID document of {document.id} does not list this key")


def _issuer_document(did: str, data: Path | None) -> DidDocument:
    did = did.split("#", maxsplit=1)[0]
    if not is_did(did):
        raise InvalidUpload(f"the issuer {did!r} is not a DID: no key can be tied to it here")
    url = location(did)
    if url is None:
        return resolve(did, {})
    found = own_documents(open_existing(read_settings(data=data)), [url])
    if url not in found:
        raise InvalidUpload(f"{did} is no organisation of this service: sign where its keys live")
    return resolve(did, {url: found[url].body})


def passphrase_in(path: Path | None, data: Path | None) -> str:
    """Return the passphrase of a key's file: the named one's, else that of the settings."""
    settings = read_settings(data=data)
    file_path = path or settings.passphrase_file or settings.data / "passphrase"
    if not file_path.is_file():
        raise InvalidUpload(
            f"no passphrase in {file_path}: name its file with --passphrase-file "
            "or LEARNSEAL_PASSPHRASE_FILE"
        )
    return file_path.read_text().strip()
