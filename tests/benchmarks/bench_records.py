"""What it costs to issue and to verify ten thousand records, held against the plainest peer.

The bar: each in less than two minutes and 500 MB on two cores. The peer signs and verifies the same
credentials one after the other with nothing around: no ledger, no files, no checks but the signatures.
Run with a number to take another class: python tests/benchmarks/bench_records.py 1000
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from autograder.records import canonical, keys, multikey, proof, safejson, times

ROOT = Path(__file__).resolve().parents[2]
RECORDS = Path(sys.executable).with_name("records")
MINUTES, MEMORY = 120.0, 500.0
SAMPLE = 300


@dataclass
class Run:
    """What a command took with all that it started: seconds, seconds of processor, and megabytes at most."""

    wall: float
    cpu: float
    memory: float


def command(*words: object, out: Path | None = None) -> Run:
    """Run `records` and watch the memory that its processes have for themselves and share."""
    began, before = time.perf_counter(), os.times()
    with (out or Path(os.devnull)).open("w") as sink:
        process = psutil.Popen([str(RECORDS), *map(str, words)], stdout=sink, stderr=sink)
        most = [0.0]
        watch = threading.Thread(target=_watch, args=(process, most), daemon=True)
        watch.start()
        code = process.wait()
    after = os.times()
    if code:
        raise SystemExit(f"records {words[0]} ended with {code}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(time.perf_counter() - began, cpu, most[0] / 1e6)


def _watch(process: psutil.Popen, most: list[float]) -> None:
    while process.is_running():
        try:
            family = [process, *process.children(recursive=True)]
            # Proportional: what several processes share counts once.
            most[0] = max(most[0], sum(one.memory_full_info().pss for one in family))
        except psutil.Error:
            pass
        time.sleep(0.25)


def write_class(size: int, file: Path) -> None:
    """An evidence file with so many learners, each with a hand-in of their own."""
    document = json.loads((ROOT / "tests/records/data/evidence.json").read_text())
    model = document["learners"][0]
    document["learners"] = []
    for number in range(size):
        learner = copy.deepcopy(model)
        learner |= {"learner": f"person{number:06d}", "email": f"person{number}@example.edu"}
        learner["evidence"][0]["submission_sha256"] = hashlib.sha256(str(number).encode()).hexdigest()
        document["learners"].append(learner)
    file.write_text(json.dumps(document))


def peer(records: list[Any]) -> tuple[float, float]:
    """Processor seconds for one record, to sign it twice and to verify both proofs."""
    secret = keys.make()
    signer = proof.Signer(f"did:web:example.edu#{keys.public(secret)}", secret)
    public = multikey.public_bytes(keys.public(secret))
    created = times.text(times.now())
    began = time.process_time()
    signed = [proof.sign_set(record, signer, created) for record in records]
    middle = time.process_time()
    for record in signed:
        canonical.jcs(record)
        for one in record["proof"]:
            proof.verify(record, one, public)
    return (middle - began) / len(records), (time.process_time() - middle) / len(records)


def main(size: int) -> int:
    """Measure, print a table, and say whether the bar is met."""
    with tempfile.TemporaryDirectory(prefix="bench-records-") as folder:
        work = Path(folder)
        write_class(size, work / "evidence.json")
        issuer, out = work / "issuer", work / "out"
        command("init", "--out", issuer, "--name", "U", "--url", "https://records.example.edu")
        told = ("--evidence", work / "evidence.json", "--awards", ROOT / "tests/records/data/awards.yml")
        told += ("--issuer", issuer, "--out", out)
        issued = command("issue", *told)
        again = command("issue", *told)
        published = command("publish", work / "site", "--issuer", issuer)
        lists = [work / "site" / "status" / f"{name}-1.json" for name in ("revocation", "suspension")]
        day = ("--accept-status-as-of", times.text(times.now())[:10])
        named = ("--status-list", lists[0], "--status-list", lists[1], *day)
        verified = command("verify", out, "--issuers", issuer / "issuers.json", *named, out=work / "told")
        good = (work / "told").read_text().count('"valid": true')
        sign, check = peer([safejson.read(path) for path in sorted(out.iterdir())[:SAMPLE]])
    rows = {"issue": issued, "issue again": again, "publish": published, "verify": verified}
    print(f"{size} records, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':12}{'seconds':>9}{'processor':>11}{'MB':>7}{'records/s':>11}")
    for name, run in rows.items():
        print(f"{name:12}{run.wall:9.1f}{run.cpu:11.1f}{run.memory:7.0f}{size / run.wall:11.0f}")
    for name, run, least in (("issue", issued, sign), ("verify", verified, check)):
        print(f"{name}: {run.cpu / (least * size):.2f} times the processor time of the signatures alone")
    kept = good == size and max(one.memory for one in rows.values()) < MEMORY
    # A class of another size gets its share of the two minutes.
    quick = all(run.cpu < 2 * MINUTES * size / 10_000 + 10 for run in (issued, verified))
    print(f"{good} of {size} valid; {'within' if kept and quick else 'NOT within'} the bar")
    return 0 if kept and quick else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
