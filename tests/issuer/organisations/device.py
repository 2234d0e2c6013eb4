"""A security key in software, for tests: it holds one ES256 passkey and answers both ceremonies.

Spec: Web Authentication Level 2 §6.1 (authenticator data), §6.5.4 (attestation object, ``none``).
"""

import hashlib
import json
import os
from base64 import urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(content):
    return urlsafe_b64encode(content).rstrip(b"=").decode()


class Device:
    """One security key; what it says can be bent, to see that nobody believes it."""

    def __init__(self, origin="https://badges.example", host="badges.example", flags=VERIFIED):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.origin, self.host, self.flags = origin, host, PRESENT | flags
        self.count = 0

    def register(self, options):
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(cose)
        data = self._data(ATTESTED) + attested
        sealed = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._credential(clientDataJSON=text(client), attestationObject=text(sealed))

    def sign_in(self, options):
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data(0)
        message = data + hashlib.sha256(client).digest()
        return self._credential(
            clientDataJSON=text(client),
            authenticatorData=text(data),
            signature=text(self.key.sign(message, ec.ECDSA(hashes.SHA256()))),
        )

    def _data(self, flag):
        where = hashlib.sha256(self.host.encode()).digest()
        return where + bytes([self.flags | flag]) + self.count.to_bytes(4)

    def _client(self, kind, options):
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _credential(self, **response):
        known = text(self.id)
        return {"id": known, "rawId": known, "type": "public-key", "response": response}
