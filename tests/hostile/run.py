"""Grade a hostile class with the real command, in a namespace of its own, and keep what it led to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile import course, ordinary_user
from tests.hostile.corpus import Attack
from tests.hostile.course import Places
from tests.hostile.listener import Listener

__all__ = ["Ended", "graded", "read_back"]

APART = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
AUTOGRADER = [str(Path(sys.executable).with_name("autograder"))]
_ROOT = Path(__file__).resolve().parents[2]
_WARDEN = Path(__file__).with_name("warden.py")
_KEPT = ("source", "release", "submitted", "nbgrader_config.py", "../secret.key")


@dataclass
class Ended:
    """What a class led to.

    report: what the warden saw: code, seconds, what was left, and the most that was in use.
    results: the result of each learner.
    before, after: digests of what grading has no business to change.
    contacts: who called the listener.
    """

    places: Places
    report: dict[str, Any]
    results: dict[str, dict[str, Any]]
    before: dict[str, Any]
    after: dict[str, Any]
    contacts: list[str]


def graded(root: Path, attacks: list[Attack], jobs: int = 2, *, ordinary: bool = False) -> None:
    """Build the course, grade it, write the feedback; leave everything below `root`.

    ordinary: grade as a user without any right, to whom the course belongs.
    """
    with Listener(root) as ear:
        places = course.build(root, attacks, ear.addresses)
        front = ordinary_user.front(root) if ordinary else [*APART, "--"]
        before = _state(places)
        environment = _environment(places)
        command = [*AUTOGRADER, "grade", "pset", "--course", str(places.course), "--jobs", str(jobs)]
        _run([*front, sys.executable, str(_WARDEN), str(root / "report.json"), *command], environment)
        report = json.loads((root / "report.json").read_text())
        if report["code"] != 0:
            raise AssertionError(
                f"grading ended with {report['code']}: {(root / 'report.err').read_text()[-3000:]}"
            )
        after = _state(places)
        _run([*front, *AUTOGRADER, "feedback", "pset", "--course", str(places.course)], environment)
    (root / "ended.json").write_text(
        json.dumps(
            {
                "words": places.words,
                "canaries": places.canaries,
                "before": before,
                "after": after,
                "contacts": ear.contacts,
            }
        )
    )


def read_back(root: Path) -> Ended:
    """Read what a graded class has left."""
    kept = json.loads((root / "ended.json").read_text())
    places = Places(root, kept["words"], kept["canaries"])
    lines = (places.course / "results.jsonl").read_text().splitlines()
    results = [json.loads(line) for line in lines]
    assert len(results) == len({one["learner"] for one in results}), "somebody was graded twice"
    return Ended(
        places,
        json.loads((root / "report.json").read_text()),
        {one["learner"]: one for one in results},
        kept["before"],
        kept["after"],
        kept["contacts"],
    )


def _environment(places: Places) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin:/sbin:/bin",
        "PYTHONPATH": f"{_ROOT}:{_ROOT / 'book/_ext'}",
        "LANG": "C.UTF-8",
        "HOME": str(places.home),
        "TMPDIR": str(places.temporary),
        "GRADER_TOKEN": places.canaries["ENVIRONMENT"],
    }


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, env=environment, capture_output=True, timeout=1700, check=False, cwd=environment["TMPDIR"]
    )
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr.decode()[-3000:]}")


def _state(places: Places) -> dict[str, Any]:
    """Everything that must be as it was."""
    trees = {name: course.tree(places.course / name) for name in _KEPT[:3]}
    files = {name: (places.course / name).read_text() for name in _KEPT[3:]}
    return {
        **trees,
        **files,
        "home": {name: one for name, one in course.tree(places.home).items() if not name.startswith(".")},
        "open": course.tree(places.open),
        "temporary": sorted(course.tree(places.temporary)),
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "shared memory": sorted(
            one.name for one in Path("/dev/shm").iterdir() if not one.name.startswith(_OTHER_TESTS)
        ),
        "host folders": [name for name in ("/tmp", "/var/tmp") for one in _marks(Path(name))],
        "user": os.geteuid(),
    }


# What the servers and browsers of tests beside these put there.
_OTHER_TESTS = ("PostgreSQL.", ".org.chromium.", ".com.google.", "sem.", "psm_")


def _marks(folder: Path) -> list[Path]:
    return list(folder.glob("hostile-was-here*"))
