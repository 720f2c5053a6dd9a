"""A learner's progress, which the pages of the book keep in the workspace under /course/progress."""

from __future__ import annotations

import json
from pathlib import Path

from coursefacts.errors import InputFault
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, authenticated, stream_request_body

from coursebook.progress import state, workspace
from coursebook.server.handout import write_whole
from coursebook.server.places import Places


def save(sent: state.Progress, folder: Path) -> state.Progress:
    """Keep what a page sent together with what the workspace knows; return all of it."""
    known, fault = workspace.known(folder)
    if fault is not None:
        # Somebody's file: it is not ours to throw away.
        (folder / workspace.FILE).replace(folder / workspace.UNREADABLE)
    whole = state.merge(known, sent)
    write_whole(folder / workspace.FILE, state.write(whole))
    return whole


@stream_request_body  # so that a body too large is never held
class ProgressHandler(APIHandler):  # type: ignore[misc]  # Jupyter's server ships no types
    """Tell and keep a learner's progress."""

    def initialize(self, places: Places) -> None:
        """Take the folders."""
        self.places, self.body, self.too_large = places, bytearray(), False

    def data_received(self, chunk: bytes) -> None:
        """Collect the body; what is too large is read to its end and thrown away, then refused."""
        self.too_large = self.too_large or len(self.body) + len(chunk) > state.LARGEST
        if not self.too_large:
            self.body += chunk

    @authenticated  # type: ignore[untyped-decorator]
    def get(self) -> None:
        """Say what the workspace knows."""
        known, _ = workspace.known(self.places.workspace)
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(known.plain()))

    @authenticated  # type: ignore[untyped-decorator]
    def put(self) -> None:
        """Check, merge and save."""
        if self.too_large:
            raise HTTPError(413, "the progress is too large")
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise HTTPError(415, "send application/json")
        try:
            whole = save(state.parse(bytes(self.body)), self.places.workspace)
        except InputFault as fault:
            self.set_status(400)
            self.finish(json.dumps({"message": str(fault)}))
            return
        self.finish(json.dumps(whole.plain()))
