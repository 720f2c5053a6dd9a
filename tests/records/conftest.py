"""A small institution: an issuer, a class, and the records it issued."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.records import awards, evidence, issue, issuer, proof, publish, times
from autograder.records.lists import Lists
from autograder.records.verify import Settings, Verdict, verify

HERE = Path(__file__).parent
DATA = HERE / "data"


@dataclass(frozen=True)
class Office:
    """An issuer with one issued record and its published files."""

    home: issuer.Home
    signer: proof.Signer
    record: dict[str, Any]
    file: Path
    site: Path

    def settings(self, **other: Any) -> Settings:
        """What a verifier brings; `lists` replaces the published status lists by their name."""
        trusted = issuer.load_list(self.site / "issuers.json")
        since = other.pop("since", times.now().replace(hour=0, minute=0, second=0))
        listed = {**self.published(), **other.pop("lists", {})}
        brought = other.pop("settings_lists", [one for one in listed.values() if one is not None])
        lists = Lists(brought, since)
        return Settings(**{"issuers": trusted, "at": times.now(), "lists": lists, **other})

    def published(self) -> dict[str, Any]:
        names = ("revocation", "suspension")
        return {name: json.loads((self.site / f"status/{name}-1.json").read_text()) for name in names}

    def judge(self, document: Any, **other: Any) -> Verdict:
        return verify(document, self.settings(**other))

    def resign(self, change: Callable[[dict[str, Any]], None], created: str | None = None) -> dict[str, Any]:
        """The record, changed by its own issuer and signed again."""
        document = copy.deepcopy(self.record)
        change(document)
        return proof.sign_set(document, self.signer, created or times.text(times.now()))


@pytest.fixture(scope="session")
def evidence_path() -> Path:
    return DATA / "evidence.json"


@pytest.fixture(scope="session")
def awards_path() -> Path:
    """One award of a small course: the real ones change with the modules that are written."""
    return DATA / "awards.yml"


@pytest.fixture
def make_issuer(tmp_path: Path) -> Callable[..., issuer.Home]:
    def make(folder: str = "issuer", **other: Any) -> issuer.Home:
        told = {"name": "Example University", "url": "https://records.example.edu/quantum", "did": None}
        return issuer.create(tmp_path / folder, **{**told, "passphrase": None, **other})

    return make


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, evidence_path: Path, awards_path: Path) -> Office:
    folder = tmp_path_factory.mktemp("office")
    home = issuer.create(
        folder / "issuer",
        name="Example University",
        url="https://records.example.edu/quantum",
        did=None,
        passphrase=None,
    )
    signer = home.signer()
    shown = evidence.load(evidence_path)
    run = issue.Run(home, signer, shown, awards.load(awards_path), folder / "out", "id", False)
    (outcome,) = issue.issue(run, shown.chosen(("ada",)))
    publish.publish(home, folder / "site", signer)
    file = Path(outcome.file)
    return Office(home, signer, json.loads(file.read_text()), file, folder / "site")


@pytest.fixture
def long_ago() -> datetime:
    return datetime(2020, 1, 1, tzinfo=UTC)
