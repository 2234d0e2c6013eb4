"""Reading the official signing vectors."""

import json

import base58

from did.public_key import Curve
from did.signers import memory


def load(folder, name):
    return json.loads((folder / name).read_text())


def text(folder, name):
    return (folder / name).read_text().strip()


def signer(pair, method=None):
    """The signer of a published test key pair."""
    seed = base58.b58decode(pair["privateKeyMultibase"][1:])[2:]
    public = pair["publicKeyMultibase"]
    return memory.from_seed(Curve.ED25519, seed, method or f"did:key:{public}#{public}")
