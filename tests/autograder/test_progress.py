"""Long work says how far it has come: a bar in a terminal, a line now and then in a log."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios

from autograder import progress
from autograder.progress import Progress, shown

COUNT = (
    "import time; from autograder.progress import shown\n"
    "with shown('greeting', 'notebook') as bar:\n"
    "    bar.stage('the own solution goes first'); time.sleep(0.1); bar.stage('')\n"
    "    for done in range(41): bar(done, 40); time.sleep(0.02)\n"
)


def test_a_log_gets_a_line_now_and_then_with_count_rate_and_time_left(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 4.0, 10.0, 12.0, 20.5, 30.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    bar = Progress("greeting", "notebook")
    for done in (0, 20, 50, 60, 100, 4000):
        bar(done, 4000)
    bar.close()
    assert capsys.readouterr().err.splitlines() == [
        "greeting: 50 of 4000 notebooks, 5.0 a second, 13:10 left",
        "greeting: 100 of 4000 notebooks, 4.9 a second, 13:20 left",
    ]


def test_short_work_writes_nothing_into_a_log(capsys):
    with shown("greeting", "notebook") as bar:
        bar.stage("anything")
        for done in range(5):
            bar(done, 4)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_with_count_rate_and_time_left():
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 120))
    process = subprocess.Popen([sys.executable, "-c", COUNT], stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 4096):
            said += part
    except OSError:
        pass  # how a terminal says that nobody writes to it any more
    os.close(ours)
    assert process.wait() == 0
    text = said.decode()
    assert "greeting: the own solution goes first [00:0" in text
    uncounted = text.partition("%")[0]
    assert ": :" not in uncounted and "notebook" not in uncounted
    # A busy machine may take seconds over it, and tells a slow rate the other way round.
    clocks, rate = r"\d\d:\d\d<\d\d:\d\d", r"[\d.]+(notebook/s|s/notebook)"
    assert re.search(rf"greeting: +50%.* 20/40 \[{clocks}, +{rate}\]", text), text
    assert re.search(r"40/40 \[", text)
