"""The W3C's own vectors, to the byte: canonical forms, hashes, signatures, signed documents."""

import hashlib
import json
from functools import partial
from pathlib import Path

import pytest

from autograder.records import canonical, multikey, proof
from autograder.records.contexts import pinned

OWN = Path(__file__).parent / "vectors" / "w3c-vc-di-eddsa"
SHARED = Path(__file__).parents[3] / "shared" / "vectors" / "vc-di-eddsa" / "TestVectors"
FOLDERS = [folder for folder in (OWN, SHARED) if folder.is_dir()]
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
# The whole of that context: every word is a term of the examples' vocabulary.
CONTEXTS = {
    **pinned(),
    EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
}
RDFC = partial(canonical.rdfc, contexts=CONTEXTS)
SUITES = {
    "eddsa-jcs-2022": ("JCS", lambda document: canonical.jcs(document)),
    "eddsa-rdfc-2022": ("DataInt", RDFC),
}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
@pytest.mark.parametrize("suite", SUITES)
class TestSuite:
    def read(self, folder, suite, name):
        return (folder / suite / name.replace("*", SUITES[suite][0])).read_text("utf-8")

    def test_canonical_document(self, folder, suite):
        unsigned = json.loads((folder / "unsigned.json").read_text())

        assert (
            self.read(folder, suite, "canonDoc*.txt").strip() == SUITES[suite][1](unsigned).decode().strip()
        )

    def test_canonical_proof_options(self, folder, suite):
        options = json.loads(self.read(folder, suite, "proofConfig*.json"))

        assert (
            self.read(folder, suite, "proofCanon*.txt").strip() == SUITES[suite][1](options).decode().strip()
        )

    def test_hashes(self, folder, suite):
        unsigned = json.loads((folder / "unsigned.json").read_text())
        options = json.loads(self.read(folder, suite, "proofConfig*.json"))
        data = proof.hash_data(unsigned, options, RDFC)

        assert self.read(folder, suite, "combinedHash*.txt").strip() == data.hex()
        assert self.read(folder, suite, "docHash*.txt").strip() == data[32:].hex()
        assert self.read(folder, suite, "proofHash*.txt").strip() == data[:32].hex()

    def test_signed_document(self, folder, suite):
        keys = json.loads((folder / "keyPair.json").read_text())
        signed = json.loads(self.read(folder, suite, "signed*.json"))
        unsigned = json.loads((folder / "unsigned.json").read_text())
        key = proof.Ed25519PrivateKey.from_private_bytes(multikey.secret_bytes(keys["privateKeyMultibase"]))
        signer = proof.Signer(signed["proof"]["verificationMethod"], key)

        made = proof.sign(unsigned, signer, signed["proof"]["created"], suite=suite, rdfc=RDFC)

        assert signed["proof"] == made
        assert self.read(folder, suite, "sigBTC58*.txt").strip() == made["proofValue"]
        assert self.read(folder, suite, "sigHex*.txt").strip() == multikey.decode(made["proofValue"]).hex()
        proof.verify(signed, signed["proof"], multikey.public_bytes(keys["publicKeyMultibase"]), rdfc=RDFC)


def test_own_copies_are_the_published_ones():
    """A digest over all files, so that an edited vector does not pass for the W3C's."""
    names = sorted(path for path in OWN.rglob("*") if path.suffix in (".json", ".txt"))
    digest = hashlib.sha256()
    for path in names:
        digest.update(f"{path.relative_to(OWN)}\n".encode() + path.read_bytes())

    assert len(names) == 20
    assert digest.hexdigest() == "d349a3a8ab45ba2fb2c2be30af030a6d751e2239fb83f28d1f488a7f4692f3ac"
