"""The official JSON Schema of Open Badges 3.0 where it lies, and our own smaller one everywhere."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from autograder.records import awards, evidence, form, issue, safejson

SHARED = Path(__file__).parents[3] / "shared" / "vectors" / "obl-sdist" / "ob_schemas"
OFFICIAL = SHARED / "ob_v3p0_achievementcredential_schema.json"
OWN = Path(__file__).parent / "vectors" / "record.schema.json"
SCHEMAS = [path for path in (OWN, OFFICIAL) if path.exists()]


@pytest.fixture(scope="module")
def issued(tmp_path_factory, office, evidence_path, awards_path):
    """One record of every kind that the builder can make."""
    folder, shown, wanted = (
        tmp_path_factory.mktemp("kinds"),
        evidence.load(evidence_path),
        awards.load(awards_path),
    )
    scored = wanted.model_copy(
        update={"awards": (wanted.awards[0].model_copy(update={"scores_in_record": True}),)}
    )
    plain = issue.Run(office.home, office.signer, shown, wanted, folder, "id", True)
    runs = {
        "demonstration": (plain, "dina"),
        "e-mail": (replace(plain, holder="email"), "ada"),
        "nobody named, scored": (replace(plain, holder="none", awards=scored), "ben"),
    }
    found = {"plain": office.record}
    for name, (run, who) in runs.items():
        (outcome,) = issue.issue(run, shown.chosen((who,)))
        found[name] = safejson.read(Path(outcome.file))
    return found


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.name)
@pytest.mark.parametrize("kind", ["plain", "demonstration", "e-mail", "nobody named, scored"])
def test_records_satisfy(issued, schema, kind):
    rules = json.loads(schema.read_text())
    jsonschema.validators.validator_for(rules)(rules).validate(issued[kind])
    form.read(issued[kind])


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("issuer"),
        lambda d: d.pop("validFrom"),
        lambda d: d.pop("credentialSubject"),
        lambda d: d["credentialSubject"].pop("achievement"),
        lambda d: d["credentialSubject"]["achievement"].pop("criteria"),
        lambda d: d["credentialSubject"]["identifier"][0].pop("hashed"),
        lambda d: d["@context"].reverse(),
    ],
)
def test_the_schema_can_say_no(issued, schema, change):
    broken = copy.deepcopy(issued["plain"])
    change(broken)
    rules = json.loads(schema.read_text())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validators.validator_for(rules)(rules).validate(broken)
    with pytest.raises(form.BadForm):
        form.read(broken)
