"""A newcomer at an institution's office types what the guide says, from the first key to a revoked record."""

import json
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.records import times
from autograder.records.cli import main

GUIDE = "book/guides/institution.md"
# What needs more than records: the built book.
ELSEWHERE = ("--format scorm12", "--format cmi5")
NOBODY = "5f0e12ab"
WIDEST = 66


def commands(root):
    """The `records` commands of the guide's blocks, in order, as words."""
    inside = False
    for line in (root / GUIDE).read_text("utf-8").replace("\\\n", " ").splitlines():
        if line.startswith("```"):
            inside = not inside
        elif inside and line.startswith("records ") and not any(words in line for words in ELSEWHERE):
            yield shlex.split(line, comments=True)[1:]


def test_no_line_runs_out_of_the_column(root):
    """On paper a longer one is broken in the middle of an option, and on the screen it is cut off."""
    blocks = (root / GUIDE).read_text("utf-8").split("```")[1::2]
    assert [line for block in blocks for line in block.splitlines() if len(line) > WIDEST] == []


@pytest.fixture
def desk(tmp_path, monkeypatch, evidence_path, awards_path):
    """What the instructor and the course have given to the office."""
    monkeypatch.chdir(tmp_path)
    told = json.loads(evidence_path.read_text())
    told["learners"] = [one for one in told["learners"] if one["learner"] in ("ada", "ben")]
    for name, variant, byte in (("evidence.json", "1", "a"), ("evidence-2027.json", "2", "b")):
        for number, learner in enumerate(told["learners"]):
            done = {"variant": variant * 64, "submission_sha256": f"{byte}{number}" * 32}
            learner["evidence"][0] |= {**done, "date": times.text(times.now())}
        Path(name).write_text(json.dumps(told))
    Path("exercises").mkdir()
    shutil.copy(awards_path, "exercises/awards.yml")
    Path("roster.csv").write_text(
        "learner,name,email,section\nada,Ada,ada@example.edu,A\nben,Ben,ben@example.edu,B\n"
    )
    changed = {"schema": "coursefacts.changed/1", "since": "0.1.0", "facts_digest": "0" * 64}
    Path("changed.json").write_text(json.dumps({**changed, "errata": [], "facts": []}))
    return tmp_path


def run(*words):
    """Type one line; what it prints goes where the line says."""
    target = words[-1] if ">" in words else None
    words = words[: words.index(">")] if target else words
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, (words, done.output, done.stderr)
    if target:
        Path(target).write_text(done.stdout)
    return done


def records(*words):
    return json.loads(run("list", "--issuer", "issuer", "--json", *words).stdout)


def prepare(words):
    """What a person does between two lines: look an id up, get a file."""
    if words[0] == "verify-history":
        shutil.copy("site/issuers.json", "issuers.json")
    if NOBODY in words:
        ada = records("--learner", "ada", "--state", "good")[-1]["record"]
        words = [ada.removeprefix("urn:uuid:")[:8] if word == NOBODY else word for word in words]
    return [name for word in words for name in (sorted(Path().glob(word)) if "*" in word else [word])]


def test_every_line_of_the_guide_does_what_it_says(root, desk):
    typed = list(commands(root))
    names = [words[0] for words in typed]
    for name in ("init", "due", "issue", "publish", "verify", "carry", "list", "show", "holders", "replace",
                 "history", "verify-history", "revoke", "export", "affected"):  # fmt: skip
        assert name in names, f"the guide does not show records {name}"
    for words in typed:
        run(*prepare(words))

    assert sorted((one["learner"], one["state"]) for one in records()) == [
        ("ada", "good"),
        ("ada", "replaced"),  # another e-mail address
        ("ada", "replaced"),  # another version of the course
        ("ada", "revoked"),  # renewed, and then taken back
        ("ben", "good"),
        ("ben", "good"),
        ("ben", "replaced"),  # another version of the course
    ]
    assert "older than seven days" in Path("site/index.html").read_text("utf-8")
