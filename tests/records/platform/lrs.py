"""Run Ralph, a learning record store of another make, on a port; statements go into one file of a folder.

As released (5.1.0) its file backend makes the file anew for each request, so that a second one fails; here it
is told to append. Arguments: port, folder.
"""

import json
import os
import sys
from pathlib import Path


def settings(folder):
    """What Ralph reads at its start; the one user's password is `secret`."""
    import bcrypt

    user = {
        "agent": {"mbox": "mailto:platform@example.org"},
        "scopes": ["statements/write", "statements/read"],
        "hash": bcrypt.hashpw(b"secret", bcrypt.gensalt(4)).decode(),
        "username": "platform",
    }
    (folder / "auth.json").write_text(json.dumps([user]))
    return {
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_LRS_FILE": "statements.jsonl",
    }


def main(port, folder):
    os.environ.update(settings(folder))
    import uvicorn
    from ralph.backends.data.base import BaseOperationType
    from ralph.backends.lrs.fs import FSLRSBackend

    write = FSLRSBackend.write

    def append(self, data, target=None, chunk_size=None, ignore_errors=False, operation_type=None):
        wanted = operation_type or BaseOperationType.APPEND
        return write(self, data, target, chunk_size, ignore_errors, wanted)

    FSLRSBackend.write = append
    uvicorn.run("ralph.api:app", host="127.0.0.1", port=port, log_level="warning")


main(int(sys.argv[1]), Path(sys.argv[2]))
