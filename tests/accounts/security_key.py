"""A security key made of software, for both ceremonies of Web Authentication (Level 2, sections 7.1 and 7.2)."""

import json
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

FLAG = AuthenticatorData.FLAG


class SecurityKey:
    """Holds one passkey for one host."""

    def __init__(self, host="testserver"):
        self.host = host
        self.private_key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = b"a passkey of software"
        self.user_handle = ""

    def register(self, options):
        """Return what a browser posts when a key is added."""
        options = options["publicKey"]
        self.user_handle = options["user"]["id"]
        public_key = ES256.from_cryptography_key(self.private_key.public_key())
        data = AttestedCredentialData.create(bytes(16), self.credential_id, public_key)
        answer = AttestationObject.create("none", self._data(FLAG.AT, data), {})
        return self._credential(
            clientDataJSON=self._client_data("webauthn.create", options), attestationObject=websafe_encode(answer)
        )

    def sign(self, options):
        """Return what a browser posts when the key is shown."""
        client_data, data = self._client_data("webauthn.get", options["publicKey"]), self._data()
        signed = data + sha256(self._clear_client_data("webauthn.get", options["publicKey"])).digest()
        return self._credential(
            clientDataJSON=client_data,
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(self.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            userHandle=self.user_handle,
        )

    def _data(self, more_flags=0, credential_data=b""):
        flags = FLAG.UP | FLAG.UV | more_flags
        return AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, 0, credential_data)

    def _clear_client_data(self, kind, options):
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": f"https://{self.host}"}).encode()

    def _client_data(self, kind, options):
        return websafe_encode(self._clear_client_data(kind, options))

    def _credential(self, **response):
        name = websafe_encode(self.credential_id)
        credential = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(credential | {"clientExtensionResults": {"credProps": {"rk": True}}})
