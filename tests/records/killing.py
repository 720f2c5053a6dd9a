"""Kill an issuer before each of its steps in turn, and say what was left: run as a program by the tests.

Arguments: folder of an issuer, evidence, awards, folder to work in, and the address of a server or nothing.
The issuer is forked for each step, ends itself by SIGKILL before that step, and is then run to the end.
"""

import json
import os
import shutil
import signal
import sys
from contextlib import closing
from pathlib import Path

from autograder.records import (
    awards,
    canonical,
    chain,
    database,
    evidence,
    files,
    issue,
    issuer,
    safejson,
)

LEARNERS = ("ada", "ben")


def count_steps(limit):
    """Let the process kill itself before its step number `limit`; every touch of disk or database is one."""
    done = 0

    def stepping(function):
        def step(*arguments, **named):
            nonlocal done
            done += 1
            if done == limit:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return step

    for kind in (database.Sqlite, database.Postgres):
        kind.execute = stepping(kind.execute)
    files.tempfile.mkstemp = stepping(files.tempfile.mkstemp)
    files.os.fdopen = stepping(files.os.fdopen)
    Path.replace = stepping(Path.replace)


def run(folder, out, shown, wanted, db):
    home = issuer.open_home(folder, db)
    work = issue.Run(home, home.signer(), shown, wanted, out, "id", False)
    return list(issue.issue(work, shown.chosen(LEARNERS)))


def left(folder, out, db):
    """What stands now; every claim of the ledger is checked, and every file is held against it."""
    home = issuer.open_home(folder, db)
    lines = chain.check_ledger(home, None)
    with closing(home.open_ledger()) as ledger:
        digests = {row.record: row.digest for row in ledger.events("issue")}
        places = [row.place for row in ledger.events("issue")]
        held = {one.record for one in ledger.holdings()}
    whole = [path for path in out.glob("*.json") if not path.name.startswith(".part-")]
    for path in whole:
        record = safejson.read(path)
        assert digests[record["id"]] == canonical.digest(record)
    assert held == set(digests) and len(set(places)) == len(places) == lines
    return {"lines": lines, "files": len(whole)}


def fork(work):
    """Do something in a fork, and give how it ended."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(9)
    return os.waitpid(child, 0)[1]


def main(source, evidence_file, awards_file, work, address):
    shown, wanted = evidence.load(Path(evidence_file)), awards.load(Path(awards_file))
    told = []
    for step in range(1, 500):
        folder, out = Path(work) / f"issuer{step}", Path(work) / f"out{step}"
        shutil.copytree(source, folder)
        out.mkdir()
        db = address.format(step=step) if address else None
        if db:
            on_server(address, f"CREATE DATABASE kill{step} TEMPLATE kill0")

        def killed(step=step, folder=folder, out=out, db=db):
            count_steps(step)
            run(folder, out, shown, wanted, db)

        ended = fork(killed)
        assert ended in (0, signal.SIGKILL), ended
        after = left(folder, out, db)
        again = fork(lambda folder=folder, out=out, db=db: run(folder, out, shown, wanted, db))
        told.append({"killed": ended != 0, **after, "again": again, "end": left(folder, out, db)})
        if db:
            on_server(address, f"DROP DATABASE kill{step}")
        if ended == 0:
            break
    print(json.dumps(told))


def on_server(address, statement):
    """Copy or drop a database: each step has an empty ledger of its own."""
    import psycopg

    with psycopg.connect(address.format(step="_kept"), autocommit=True) as connection:
        connection.execute(statement)


if __name__ == "__main__":
    main(*sys.argv[1:6])
