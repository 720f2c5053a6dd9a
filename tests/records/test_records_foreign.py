"""Our records before verifiers of other makes, really installed, and theirs before ours."""

import copy
import hashlib
import json
import shutil
import sys
import tarfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from autograder.records import (
    awards,
    evidence,
    issue,
    issuer,
    models,
    multikey,
    office,
    proof,
    publish,
    reissue,
    safejson,
    single,
    status,
    times,
)
from autograder.records.contexts import pinned
from autograder.records.lists import Lists
from autograder.records.verify import Settings, verify
from tests.records.install import alone, run

pytestmark = [pytest.mark.proof, pytest.mark.timeout(1200)]
HERE = Path(__file__).parent / "foreign"
BIN = Path(sys.executable).parent
# What the packages themselves ask for is taken as it was on this day, so that a run can be repeated.
DAY = "2026-11-25"
SCHEMA = "ob_v3p0_achievementcredential_schema.json"
SCHEMA_ADDRESS = f"https://purl.imsglobal.org/spec/ob/v3p0/schema/json/{SCHEMA}"
WORDS = "Ångström “quotes” \\ back \t tab? 量子 🧪 &amp; <b>".replace("\t", "")


@pytest.fixture(scope="module")
def cache(root):
    """A folder that lasts between runs, named by what is to be installed into it."""
    names = ("package.json", "requirements.txt")
    parts = [(HERE / name).read_bytes() for name in names]
    digest = hashlib.sha256(b"".join([*parts, DAY.encode()])).hexdigest()[:12]
    folder = root / "_build" / "foreign" / digest
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def node(cache):
    """Run one of our scripts with the packages of npm, which its own client installs."""
    with alone(cache):
        if not (cache / "installed").exists():
            shutil.copy(HERE / "package.json", cache)
            told = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", f"--before={DAY}")
            run("npm", "install", *told, cwd=cache)
            (cache / "installed").touch()

    def call(script, job):
        shutil.copy(HERE / script, cache)
        return json.loads(run("node", script, cwd=cache, input=json.dumps(job)))

    return call


def environment(cache, name, requirements):
    """The Python of an environment in which a verifier is installed, away from ours."""
    folder = cache / name
    with alone(cache):
        if not (folder / "installed").exists():
            shutil.rmtree(folder, ignore_errors=True)
            run(sys.executable, "-m", "venv", folder)
            run(folder / "bin" / "pip", "install", "-q", "-r", HERE / requirements)
            (folder / "installed").touch()
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def badgeslib(cache):
    return environment(cache, "openbadgeslib", "requirements.txt")


@pytest.fixture(scope="module")
def openvc(cache):
    """Asks openvc-core, which takes no list of proofs, what it says of records."""
    python = environment(cache, "openvc-core-1.37.0", "requirements-openvc.txt")

    def ask(site, cases):
        job = {"documents": documents(site), "contexts": dict(pinned()), "cases": cases}
        return json.loads(run(python, HERE / "verify_openvc.py", input=json.dumps(job)))

    return ask


@pytest.fixture(scope="module")
def official(cache):
    """The official JSON Schema of Open Badges 3.0, which openbadgeslib keeps among its tests."""
    with alone(cache):
        found = list(cache.glob("openbadgeslib-*.tar.gz"))
        if not found:
            told = ("--no-deps", "--no-binary", "openbadgeslib", "-d", cache, "openbadgeslib==4.6.3")
            run(sys.executable, "-m", "pip", "download", "-q", *told)
            found = list(cache.glob("openbadgeslib-*.tar.gz"))
    with tarfile.open(found[0]) as archive:
        member = next(one for one in archive if one.name.endswith(f"ob_schemas/{SCHEMA}"))
        return json.load(archive.extractfile(member))


@pytest.fixture(scope="module")
def bench(tmp_path_factory, evidence_path, awards_path):
    """An issuer with a past, one record of every kind that it can make, and what it publishes."""
    folder = tmp_path_factory.mktemp("bench")
    home = issuer.create(
        folder / "issuer", name=WORDS, url="https://records.example.edu/quantum", did=None, passphrase=None
    )
    shown, wanted = evidence.load(evidence_path), awards.load(awards_path)
    document = shown.model_dump(mode="json", by_alias=True)
    for learner in document["learners"]:
        learner["evidence"][:1] = [{**piece, "title": WORDS} for piece in learner["evidence"][:1]]
    shown = models.load(evidence.Evidence, document, "evidence")
    scored = wanted.model_copy(
        update={"awards": (wanted.awards[0].model_copy(update={"id": "scored", "scores_in_record": True}),)}
    )
    plain = issue.Run(home, home.signer(), shown, wanted, folder / "out", "id", False)
    made = {}

    def take(name, run_, who):
        (outcome,) = issue.issue(run_, shown.chosen((who,)))
        made[name] = safejson.read(Path(outcome.file))

    take("old key", plain, "ada")
    take("revoked", plain, "ben")
    office.revoke(home, made["revoked"]["id"], "a test")
    home = issuer.rotate(home, None)
    plain = replace(plain, home=home, signer=home.signer())
    take("demonstration", replace(plain, demonstration=True), "dina")
    take("e-mail", replace(plain, demonstration=True, holder="email"), "ada")
    take("nobody, scored", replace(plain, demonstration=True, holder="none", awards=scored), "ben")
    # The first list is left behind, as after a loss.
    with closing(home.open_ledger()) as ledger, ledger.transaction():
        ledger.append("restore", "", first_place=status.ENTRIES, lost=1)
    take("second list", replace(plain, awards=scored), "ada")
    publish.publish(home, folder / "site", home.signer())
    home = issuer.rotate(home, None, compromised=times.text(times.now()))
    with closing(home.open_ledger()) as ledger:
        stolen = [row.record for row in ledger.events("issue") if row.facts["key"] == home.issuer.keys[1].id]
    (renewed, *_) = [
        one for one in reissue.reissue(home, home.signer(), folder / "anew", every=True) if one.record
    ]
    made["reissued"] = safejson.read(Path(renewed.file))
    gone = {name for name, one in made.items() if one["id"] in stolen}
    publish.publish(home, folder / "site", home.signer())
    return home, made, gone, folder / "site"


def documents(site):
    found = [json.loads(path.read_text()) for path in (site / "status").glob("*.json")]
    did = json.loads((site / "did.json").read_text())
    return {**{one["id"]: one for one in found}, "https://records.example.edu/quantum/did.json": did}


@pytest.fixture(scope="module")
def answers(bench, node, badgeslib, openvc, official):
    """What everybody says of every record, and of some that were changed."""
    _, made, _, site = bench
    cases = dict(made)
    good = made["old key"]
    for name, change in CHANGES.items():
        cases[name] = copy.deepcopy(good)
        change(cases[name])
    job = {"documents": documents(site), "cases": cases, "schema": official, "schemaAddress": SCHEMA_ADDRESS}
    told = node("verify.mjs", job)
    lib = json.loads(run(badgeslib, HERE / "verify_obl.py", input=json.dumps(job)))
    alone_ = openvc(site, {name: single.one_proof(case) for name, case in cases.items()})
    return {name: {**told[name], "lib": lib[name], "openvc": alone_[name]} for name in cases}


CHANGES = {
    "title changed": lambda d: d.update(name="Doctor of Physics"),
    "expiry changed": lambda d: d.update(validUntil="2039-01-01T00:00:00Z"),
    "holder changed": lambda d: d["credentialSubject"]["identifier"][0].update(identityHash="mallory"),
    "assurance changed": lambda d: d["evidence"][0].update(description="Assurance: supervised."),
    "status changed": lambda d: d["credentialStatus"].update(statusListIndex="7"),
    "issuer changed": lambda d: d["issuer"].update(name="Another"),
    "evidence taken away": lambda d: d["evidence"].pop(),
}


def ours(bench, record):
    home, _, _, site = bench
    lists = [json.loads(path.read_text()) for path in (site / "status").glob("*.json")]
    since = times.now() - timedelta(days=1)
    digests = (site / "ledger" / "digests.txt").read_bytes()
    trusted = issuer.IssuerList(schema="issuers/1", issuers=(home.issuer,))
    settings = Settings(trusted, times.now(), lists=Lists(lists, since, digests=digests))
    return verify(record, settings)


def test_good_records_verify_everywhere(bench, answers):
    _, made, gone, _ = bench
    good = [name for name in made if name != "revoked" and name not in gone]

    assert {"old key", "reissued"} <= set(good)
    for name in good:
        told = answers[name]
        assert ours(bench, made[name]).valid, name
        assert told["db"]["verified"] and all(told["db"]["proofs"]) and not told["db"]["marked"], (name, told)
        assert told["dcc"]["signature"] and told["dcc"]["current"] and told["dcc"]["unrevoked"], (name, told)
        assert told["lib"] == "" and told["openvc"] == "", (name, told)
        assert ours(bench, single.one_proof(made[name])).valid, name


def test_every_record_satisfies_the_official_schema(bench, answers, official):
    _, made, _, _ = bench
    checker = jsonschema.validators.validator_for(official)(official)
    for record in made.values():
        checker.validate(record)
    assert {name: answers[name]["dcc"]["schema"] for name in ("old key", "reissued")} == {
        "old key": [True],
        "reissued": [True],
    }


def test_revoked_records_are_revoked_everywhere(bench, answers):
    told = answers["revoked"]

    assert ours(bench, bench[1]["revoked"]).status == "revoked"
    assert told["db"]["marked"] and not told["dcc"]["unrevoked"] and "is set at index" in told["lib"]
    assert "CredentialRevoked" in told["openvc"]


def test_records_of_a_stolen_key_are_refused_everywhere(bench, answers):
    _, made, gone, _ = bench

    assert "second list" in gone and len(gone) >= 4
    for name in gone:
        told = answers[name]
        assert not told["db"]["verified"] or told["db"]["marked"], (name, told)
        assert not told["dcc"]["signature"] or not told["dcc"]["unrevoked"], (name, told)
        assert told["lib"] and told["openvc"], name
        assert not ours(bench, made[name]).valid


@pytest.mark.parametrize("name", CHANGES)
def test_changed_records_are_refused_everywhere(bench, answers, name):
    record = copy.deepcopy(bench[1]["old key"])
    CHANGES[name](record)
    told = answers[name]

    assert not ours(bench, record).valid
    assert not told["db"]["verified"] and not told["dcc"]["signature"] and told["lib"] and told["openvc"]


def test_why_there_is_a_form_with_one_proof(bench, openvc):
    """A verifier that knows no proof sets finds no proof at all in a list of two."""
    _, made, _, site = bench
    answers = openvc(site, {"both": made["reissued"], "one": single.one_proof(made["reissued"])})
    assert "has no `proof`" in answers["both"] and answers["one"] == ""


def test_why_a_record_has_one_status_entry(bench, node, badgeslib, official):
    """Two entries verify everywhere and break the official schema (decision 10)."""
    home, made, _, site = bench
    entry = made["reissued"]["credentialStatus"]
    address = status.suspension_of(entry["statusListCredential"])
    other = {**entry, "statusPurpose": "suspension", "statusListCredential": address, "id": f"{address}#x"}
    both = {**made["reissued"], "credentialStatus": [entry, other]}
    signed = proof.sign_set(both, home.signer(), times.text(times.now()))
    job = {"documents": documents(site), "cases": {"both": signed}, "schema": official}
    told = node("verify.mjs", {**job, "schemaAddress": SCHEMA_ADDRESS})["both"]

    assert ours(bench, signed).valid
    assert told["db"]["verified"] and told["dcc"]["unrevoked"] and told["dcc"]["schema"] == [False]
    assert json.loads(run(badgeslib, HERE / "verify_obl.py", input=json.dumps(job))) == {"both": ""}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validators.validator_for(official)(official).validate(signed)


def test_records_that_others_sign_are_good_here(bench, node):
    """@digitalbazaar/vc signs the same credential; each of its proofs alone is enough for ours."""
    home, made, _, _ = bench
    plain = {key: value for key, value in made["reissued"].items() if key != "proof"}
    signer = home.signer()
    raw = signer.key.private_bytes_raw()
    key = {
        "type": "Multikey",
        "id": home.active.id,
        "controller": home.issuer.id,
        "publicKeyMultibase": home.active.publicKeyMultibase,
        "secretKeyMultibase": multikey.secret_text(raw),
    }
    told = node("issue.mjs", {"key": key, "credential": plain, "created": times.text(times.now())})
    for suite, signed in told.items():
        verdict = ours(bench, signed)
        assert verdict.valid, (suite, verdict.as_json())
        assert not ours(bench, {**signed, "name": "Doctor of Physics"}).valid
