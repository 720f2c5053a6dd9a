"""A class on a cluster: real scheduler and workers on this machine, one of them killed while it works."""

from __future__ import annotations

import datetime
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import dask
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed import Client

from autograder import secret
from autograder.cluster import exercise
from autograder.cluster.room import ClusterRoom, _is_guarded
from autograder.course import Course
from autograder.grading.run import Order, grade
from tests.autograder.conftest import copied
from tests.waiting import PATIENCE, faults, until

pytestmark = pytest.mark.slow

DASK = [str(Path(sys.executable).parent / "dask")]
LEARNERS = 10


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder, *, options=()):
        self.folder, self.options = folder, list(options)
        self.file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.file)
        )
        self.workers = []
        self._until(self.file.exists)

    def _start(self, *words, before=()):
        command = [*before, *DASK, *words, "--no-dashboard", *self.options]
        with (self.folder / f"log-{words[0]}-{time.monotonic_ns()}").open("wb") as log:
            return subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)

    @property
    def address(self):
        return json.loads(self.file.read_text())["address"]

    def worker(self, name, before=()):
        words = ["--scheduler-file", str(self.file), "--nthreads", "1", "--no-nanny", "--name", name]
        words += ["--host", "127.0.0.1", "--local-directory", str(self.folder / name), "--memory-limit", "0"]
        self.workers.append(self._start("worker", *words, before=before))
        return self.workers[-1]

    def await_workers(self, number):
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=PATIENCE)

    def _until(self, happens):
        until(lambda: happens() or self.scheduler.poll() is not None, "the scheduler has written its file")
        assert self.scheduler.poll() is None, self.logs()

    def logs(self):
        return "\n".join(path.read_text() for path in self.folder.glob("log-*"))

    def stop(self):
        for process in [*self.workers, self.scheduler]:
            process.terminate()
        for process in [*self.workers, self.scheduler]:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.stop()


@pytest.fixture
def class_of_ten(hands):
    """Ten learners: right, half right, failing and slow."""
    for number in range(LEARNERS):
        half = f"import time\ntime.sleep(0.3)\ndef half(number):\n    return number / 2  # {number}"
        if number % 3 == 1:
            half = f"def half(number):\n    return number // 2  # {number}"
        if number % 5 == 4:
            half = f"1 / 0  # {number}"
        hands.put(f"learner{number}", hands.notebook(half=half))
    return hands.course


def plain(results):
    moving = {"graded_at", "seconds"}
    return {one.learner: one.model_dump(exclude=moving) for one in results}


@pytest.mark.proof
def test_a_worker_is_killed_at_work_and_nothing_is_lost(cluster, class_of_ten, tmp_path):
    here = copied(class_of_ten, tmp_path / "here")
    expected = plain(grade(Course(here), Order("greeting", jobs=2)))
    victim = cluster.worker("first")
    cluster.worker("second")
    cluster.await_workers(2)

    def kill(done, all_):
        # With four in flight and one thread each, both workers are busy when a result has come.
        if done and victim.poll() is None:
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait()

    order = Order("greeting", jobs=4, scheduler=cluster.address, progress=kill)
    found = plain(grade(Course(class_of_ten), order))

    assert victim.returncode == -signal.SIGKILL
    assert found == expected
    assert len({one["score"] for one in found.values()}) > 2
    lines = [json.loads(line) for line in (class_of_ten / "results.jsonl").read_text().splitlines()]
    assert Counter(line["learner"] for line in lines) == Counter(list(found))
    for learner in found:
        assert (class_of_ten / f"autograded/{learner}/greeting/exercise.ipynb").is_file()
    with Client(cluster.address, set_as_default=False) as client:
        (loaded,) = client.run(eval, "sorted(__import__('sys').modules)").values()
    assert "autograder.cluster.task" in loaded
    assert not [name for name in loaded if name.startswith(("nbgrader", "autograder.gradebook"))]


def test_nothing_of_the_course_but_the_exercise_travels(cluster, class_of_ten, monkeypatch):
    cluster.worker("only")
    cluster.await_workers(1)
    sent = []
    done = ClusterRoom._done

    def watched(self, function, told):
        sent.extend(told)
        return done(self, function, told)

    monkeypatch.setattr(ClusterRoom, "_done", watched)
    grade(Course(class_of_ten), Order("greeting", jobs=2, scheduler=cluster.address, learners=("learner0",)))
    travelled = b"".join(one for one in sent if isinstance(one, bytes))
    key = secret.load(class_of_ten.parent)
    assert b"COURSE_VARIANT_TOKEN" in travelled
    assert key.hex().encode() not in travelled and key not in travelled
    # Not even where the course lies, nor who the learner is.
    assert str(class_of_ten).encode() not in travelled and b"learner0" not in travelled


@pytest.mark.proof
def test_a_worker_without_isolation_is_asked_no_more(cluster, class_of_ten):
    # In a user namespace that knows one user alone, no room can get another.
    cluster.worker("bare", before=["unshare", "--user", "--map-root-user"])
    cluster.await_workers(1)
    from autograder.rooms.findings import NoIsolation

    with pytest.raises(NoIsolation, match="no worker of the cluster may grade: it cannot isolate"):
        grade(Course(class_of_ten), Order("greeting", jobs=2, scheduler=cluster.address))
    assert not (class_of_ten / "results.jsonl").exists()
    cluster.worker("walled")
    cluster.await_workers(2)
    results = grade(Course(class_of_ten), Order("greeting", jobs=4, scheduler=cluster.address))
    assert all(one.status == "graded" and one.isolation != "none" for one in results)


@pytest.mark.proof
def test_a_worker_with_other_programs_is_asked_no_more(cluster, class_of_ten, monkeypatch):
    cluster.worker("older")
    cluster.await_workers(1)
    told = {**exercise.programs(), "qiskit": "0.1"}
    monkeypatch.setattr(exercise, "programs", lambda: told)
    from autograder.rooms.findings import NoIsolation

    with pytest.raises(NoIsolation, match="it has another qiskit"):
        grade(Course(class_of_ten), Order("greeting", jobs=2, scheduler=cluster.address))


@pytest.mark.proof
def test_certificates_of_dasks_configuration_guard_the_way(class_of_ten, tmp_path):
    folder = tmp_path / "guarded"
    folder.mkdir()
    files = {"ca-file": folder / "ca.pem", "cert": folder / "cert.pem", "key": folder / "key.pem"}
    certify(*files.values())
    options = ["--tls-ca-file", files["ca-file"], "--tls-cert", files["cert"], "--tls-key", files["key"]]
    made = Cluster(folder, options=["--protocol", "tls", *map(str, options)])
    client = {f"distributed.comm.tls.client.{name}": str(files[name]) for name in ("cert", "key")}
    client["distributed.comm.tls.ca-file"] = str(files["ca-file"])
    try:
        with dask.config.set(client):
            made.worker("only")
            made.await_workers(1)
            assert made.address.startswith("tls://")
            order = Order("greeting", jobs=1, scheduler=made.address, learners=("learner0",))
            (result,) = grade(Course(class_of_ten), order)
    finally:
        made.stop()
    assert result.score == 7 and not [why for why in result.reasons if "TLS" in why]


def certify(ca, cert, key):
    """Make one certificate that is its own authority."""
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "course")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(own, hashes.SHA256())
    )
    for path in (ca, cert):
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


@pytest.mark.parametrize(
    ("address", "guarded"),
    [
        ("tls://grading.example:8786", True),
        ("tcp://127.0.0.1:8786", True),
        ("localhost:8786", True),
        ("tcp://[::1]:8786", True),
        ("tcp://10.0.0.5:8786", False),
        ("grading.example:8786", False),
        ("ws://grading.example:8786", False),
    ],
)
def test_results_over_an_open_connection_cannot_be_certified(address, guarded):
    assert _is_guarded(address) is guarded


def test_no_scheduler_is_one_line(class_of_ten, run, monkeypatch):
    monkeypatch.setattr("autograder.cluster.room._CONNECT", 1.0)
    ended = run("grade", "greeting", "--course", class_of_ten, "--scheduler", "tcp://127.0.0.1:9")
    assert ended.code == 2 and "no scheduler answers at tcp://127.0.0.1:9" in ended.err
    assert len(faults(ended.err)) == 1 and not re.search("Traceback", ended.said)
