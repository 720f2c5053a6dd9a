"""Every award of the course is earned by the documented way, by real commands from release to record."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from coursefacts import yamltext

from autograder.demo import story
from autograder.demo.cohort import Invented

pytestmark = [pytest.mark.proof, pytest.mark.timeout(1500)]
THREE = (
    Invented("ada", "Ada Example", "honest", "all right", "zip", 0.9),
    Invented("ben", "Ben Beispiel", "noisy", "all right, with warnings and cells of their own", "zip", 0.8),
    Invented("chloe", "Chloé Exemple", "honest", "all right, handed in late", "late", 1.0),
)


class Class(story.Teller):
    """Three learners who do one exercise after another in one course; cases and quizzes are played once."""

    played: dict[str, bytes] | None = None

    def _play(self) -> dict[str, bytes]:
        if Class.played is None:
            Class.played = super()._play()
        return Class.played


def records(*words: object) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "records"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_three_learners_earn_every_award(root, tmp_path, monkeypatch):
    """Own variants graded in the rooms, cases and quizzes played, each written part marked by a person."""
    monkeypatch.setattr(story, "COHORT", THREE)
    monkeypatch.setattr(Class, "played", None)
    awards, out = root / "exercises" / "awards.yml", tmp_path / "out"
    wanted = yamltext.read(awards).data["awards"]
    exercises = sorted({name for award in wanted for name in award["needs"]["exercises"]})
    evidence = out / "evidence.json"
    for number, exercise in enumerate(exercises):
        one = Class(
            story.Story(exercise, root / "exercises" / "source", awards, root / "scenarios" / "cases", out),
            quiet=True,
        )
        for step in (one.release, one.work, one.collect, one.grade):
            step()
        if number < len(exercises) - 1:
            one.mark()
        for inbox in (out / "inbox", out / "late"):
            for file in inbox.glob("*") if inbox.exists() else ():
                file.unlink()

    assert (
        records("init", "--out", out / "issuer", "--name", "U", "--url", "https://u.example").returncode == 0
    )
    common = ("--evidence", evidence, "--awards", awards, "--issuer", out / "issuer")
    one.run("autograder", "evidence", "--course", out / "course", "--out", evidence)
    waiting = json.loads(records("due", *common, "--json").stdout)
    short = [line for line in waiting if line["award"] == "practitioner"]
    assert {line["state"] for line in short} == {"lacks"}
    assert all("written part is not marked yet" in line["note"] for line in short), short

    one.mark()
    one.run("autograder", "evidence", "--course", out / "course", "--out", evidence)
    due = json.loads(records("due", *common, "--json").stdout)
    assert {(line["state"], line["note"]) for line in due} == {("earned", "")}, due
    told = records("issue", *common, "--out", out / "issued", "--json")
    assert told.returncode == 0, told.stderr
    issued = Counter(one["award"] for one in json.loads(told.stdout) if one["result"] == "issued")
    assert issued == {award["id"]: len(THREE) for award in wanted}

    assert records("publish", out / "site", "--issuer", out / "issuer").returncode == 0
    lists = [
        word
        for name in ("revocation", "suspension")
        for word in ("--status-list", out / f"site/status/{name}-1.json")
    ]
    told = records("verify", out / "issued", "--issuers", out / "site/issuers.json", *lists,
                   "--accept-status-as-of", "2026-01-01")  # fmt: skip
    assert told.returncode == 0 and told.stderr.endswith(
        f"{3 * len(wanted)} valid, 0 not valid, 0 unreadable\n"
    )
    for file in (out / "issued").glob("*-practitioner-*.json"):
        pieces = json.loads(file.read_bytes())["evidence"]
        graded = {piece["description"] for piece in pieces if piece["genre"] == "exercise"}
        assert graded == {"Assurance: marked by a person."}
