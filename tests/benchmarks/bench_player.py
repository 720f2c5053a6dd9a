"""The page's player against Ink and H5P: do two runtimes play a case alike, how fast, and how much is sent.

Ink's runtime for pages (inkjs) plays every case that our own machine plays, exported to Ink, on random walks.
Weights are what a page sends, compressed: ours with its style sheet; inkjs, which shows nothing by itself;
and H5P's player for plain pages, to which the code of each content type is added.

Example: make bench
"""

from __future__ import annotations

import gzip
import json
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scenarios.engine import frontend, load  # noqa: E402  # the repository is not on the path of a script
from scenarios.engine.state import Machine  # noqa: E402
from tests.benchmarks.ink_export import export  # noqa: E402

PEERS = {"inkjs": "2.4.0", "h5p-standalone": "3.8.2"}
FILES = {
    "inkjs": ["dist/ink.js"],
    "h5p-standalone": ["dist/main.bundle.js", "dist/frame.bundle.js", "dist/styles/h5p.css"],
}
WALKS, MOST_BYTES, MOST_TIME = 300, 20_000, 1.0
CASES = [
    *ROOT.glob("tests/scenarios/clocks.md"),
    *ROOT.glob("tests/scenarios/test_front_case.md"),
    *sorted(ROOT.glob("scenarios/cases/*/case.md")),
]


def fetched(folder: Path) -> dict[str, Path]:
    """Fetch the peers with npm and unpack them."""
    names = [f"{name}@{version}" for name, version in PEERS.items()]
    subprocess.run(["npm", "pack", "--silent", *names], cwd=folder, check=True, capture_output=True)
    for name, version in PEERS.items():
        with tarfile.open(folder / f"{name}-{version}.tgz") as archive:
            archive.extractall(folder / name, filter="data")
    return {name: folder / name / "package" for name in PEERS}


def weight(*files: Path) -> int:
    """Sum the compressed bytes of some files."""
    return sum(len(gzip.compress(file.read_bytes(), mtime=0)) for file in files)


def walk(machine: Machine, dice: random.Random) -> list[int]:
    """Play at random to an ending."""
    state, choices = machine.start, []
    while not machine.ended(state):
        choices.append(dice.choice(machine.offered(state)))
        state = machine.take(state, choices[-1])
    return choices


def jobs() -> list[dict[str, Any]]:
    """Prepare every case: its logic, the same in Ink, and walks."""
    dice, found = random.Random(20261125), []
    for case in map(load, CASES):
        if case.kind == "case":
            machine = Machine(case.logic)
            walks = [walk(machine, dice) for _ in range(WALKS)]
            story = export(case.logic)
            found.append({"id": case.id, "logic": case.logic.plain(), "ink": story, "walks": walks})
    return found


def played(folder: Path, inkjs: Path) -> list[dict[str, Any]]:
    """Have node play all of it in both machines."""
    machine, data = folder / "machine.mjs", folder / "jobs.json"
    shutil.copy(frontend.ASSETS / "machine.js", machine)
    data.write_text(json.dumps(jobs()), encoding="utf-8")
    script = Path(__file__).with_name("play_ink.mjs")
    command = ["node", str(script), str(machine), str(inkjs / "dist/ink-full.js"), str(data)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> int:
    """Compare, measure, and say it in a few lines."""
    if not (shutil.which("npm") and shutil.which("node")):
        print(
            "not measured: node and npm are missing; run: sudo apt-get install -y nodejs npm", file=sys.stderr
        )
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        try:
            peers = fetched(folder)
        except subprocess.CalledProcessError:
            print("not measured: npm cannot fetch the peers; check the network", file=sys.stderr)
            return 2
        frontend.write(folder / "ours")
        ours = weight(folder / "ours/case.js", folder / "ours/case.css")
        others = {name: weight(*(peers[name] / file for file in FILES[name])) for name in PEERS}
        results = played(folder, peers["inkjs"])
    print(f"sent, compressed: ours {ours} bytes, page and all (at most {MOST_BYTES})")
    for name, bytes_ in others.items():
        print(f"  {name} {PEERS[name]}: {bytes_} bytes, {bytes_ / ours:.1f} times ours")
    for one in results:
        said = f"{one['walks']} walks, {one['differ']} played differently by inkjs"
        print(f"{one['id']}: {said}; time {one['ours'] / one['ink']:.2f} of inkjs's")
    slow = sum(one["ours"] for one in results) / sum(one["ink"] for one in results)
    print(f"all: time {slow:.2f} of inkjs's (at most {MOST_TIME})")
    alike = not any(one["differ"] for one in results)
    return 0 if alike and ours <= MOST_BYTES and slow <= MOST_TIME else 1


if __name__ == "__main__":
    sys.exit(main())
