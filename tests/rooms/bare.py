"""Run Python where there are no rooms: in a process tree of its own that is killed as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
APART = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]


def run(source: str, given: Any = None, *, front: tuple[str, ...] = (), path: tuple[str, ...] = ()) -> Any:
    """Run a text that prints JSON last; `given` is known to it."""
    head = f"import json, os\ngiven = json.loads({json.dumps(json.dumps(given))})\n"
    done = subprocess.run(
        [*APART, *front, sys.executable, "-P", "-c", head + source],
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONPATH": ":".join(str(ROOT / one) for one in ("", *path)),
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
