"""An exercise's own addresses: what there is of it, "am I right?", the zip for the instructor, the feedback.

Grading and packing are the work of `autograder`, run as a process of its own, so that whatever a notebook
does there leaves this server alone. Who is not signed in is answered by none of these.
"""

from __future__ import annotations

import asyncio
import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from coursebook.server.places import NAME, Places

__all__ = ["routes"]

# Seconds; a first run on a busy machine takes a minute, a notebook that never ends is stopped by the grader.
_LONGEST = 1200
_MOST = 4000
_BACK = "<!-- back -->"
# The page holds what a notebook put out: nothing of it may run or load.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class _Exercise(APIHandler):  # type: ignore[misc]  # Jupyter's server ships no types
    """What the addresses below have in common."""

    def initialize(self, places: Places) -> None:
        """Take the folders."""
        self.places = places

    def notebooks(self, name: str) -> list[str]:
        """Name the notebooks of an exercise that lie in the workspace."""
        return sorted(path.name for path in (self.places.workspace / "exercises" / name).glob("*.ipynb"))

    def asked(self, name: str) -> tuple[dict[str, Any], list[str]]:
        """Read what the page asks: its words, and the notebook that it chose."""
        if len(self.request.body) > _MOST:
            raise HTTPError(413, "this is more than a page would ask")
        body = self.get_json_body() or {}
        if not isinstance(body, dict):
            raise HTTPError(400, "send an object")
        notebook = body.get("notebook")
        if notebook is None:
            return body, []
        if notebook not in self.notebooks(name):
            raise HTTPError(400, "there is no such notebook in your workspace any more; load this page again")
        return body, [str(notebook)]

    async def work(self, *words: str) -> dict[str, Any] | None:
        """Run the command; give what it printed, or answer with its one line and give None."""
        folders = ("--workspace", self.places.workspace, "--course", self.places.release.parent, "--json")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "autograder", *words, *map(str, folders)),
            cwd=self.places.root,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), _LONGEST)
        except TimeoutError:
            raise HTTPError(504, "this took too long and was stopped") from None
        finally:
            if process.returncode is None:  # the server stops, or the time is over
                process.kill()
        if process.returncode == 0:
            found: dict[str, Any] = json.loads(out)
            return found
        lines = err.decode("utf-8", "replace").strip().splitlines()
        self.set_status(400)
        self.finish(json.dumps({"message": lines[-1][:600] if lines else "it ended without a word"}))
        return None


class StateHandler(_Exercise):
    """Tell what there is of an exercise."""

    @authenticated  # type: ignore[untyped-decorator]
    def get(self, name: str) -> None:
        """List the notebooks, and how the last practice went."""
        self.set_header("Cache-Control", "no-store")
        self.finish({"notebooks": self.notebooks(name), "practice": _last(self.places.practice(name))})


class PracticeHandler(_Exercise):
    """Say whether the answers are right."""

    @authenticated  # type: ignore[untyped-decorator]
    async def post(self, name: str) -> None:
        """Grade the notebook as it was last saved; the answer says where the feedback is."""
        _, notebook = self.asked(name)
        if await self.work("practice", name, *notebook, "--no-open") is not None:
            page = url_path_join(self.base_url, "course/exercises", name, "feedback")
            self.finish({"feedback": page, "practice": _last(self.places.practice(name))})


class HandInHandler(_Exercise):
    """Pack an exercise for the instructor."""

    @authenticated  # type: ignore[untyped-decorator]
    async def post(self, name: str) -> None:
        """Pack the notebook as it was last saved; the answer says what the terminal would."""
        body, notebook = self.asked(name)
        learner = str(body.get("learner") or "").strip()
        words = [f"--learner={learner}"] if learner else []
        made = await self.work("handin", name, *notebook, *words)
        if made is not None:
            file = Path(str(made["file"])).name
            address = f"{url_path_join(self.base_url, 'files/hand-in', file)}?download=1"
            self.finish({"file": file, "address": address, "said": made["said"]})


class FeedbackHandler(JupyterHandler):  # type: ignore[misc]  # see above
    """Show the feedback of the last practice."""

    def initialize(self, places: Places) -> None:
        """Take the folders."""
        self.places = places

    @authenticated  # type: ignore[untyped-decorator]
    def get(self, name: str) -> None:
        """Send the page, with the way back to the exercise."""
        file = self.places.practice(name).with_suffix(".html")
        if not file.is_file():
            raise HTTPError(404, "There is no feedback yet: press 'Am I right?' on the exercise's page")
        way = f"modules/{name}/exercise.html"
        back = ""
        if (self.places.html / way).is_file():
            address = escape(url_path_join(self.base_url, way))
            back = f'<p><a href="{address}#am-i-right">Back to the exercise</a></p>'
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.finish(file.read_text(encoding="utf-8").replace(_BACK, back, 1))


def _last(file: Path) -> dict[str, Any] | None:
    """Read how the last practice went; the file is the learner's, so only what has the right shape counts."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        auto = told["automatic"]
        if told["schema"] != "practice/1":
            return None
        return {
            "when": str(told["when"])[:20],
            "score": float(auto["score"]),
            "max_score": float(auto["max_score"]),
            "pending": float(told["pending"]),
        }
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def routes(places: Places) -> list[tuple[str, type, dict[str, Any]]]:
    """Name the addresses, below `course/`."""
    home, each = f"exercises/({NAME.pattern})", {"places": places}
    return [
        (home, StateHandler, each),
        (f"{home}/practice", PracticeHandler, each),
        (f"{home}/hand-in", HandInHandler, each),
        (f"{home}/feedback", FeedbackHandler, each),
    ]
