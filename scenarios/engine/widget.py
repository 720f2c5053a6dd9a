"""A case or a quiz in a notebook: the book's own player, with the learner's progress in Python.

    from scenarios.engine.widget import CaseWidget

    play = CaseWidget("visitor-and-chip")
    play                     # shows the player
    play.transcript()        # what to hand in, once an ending is reached

A finished play is written as a transcript to the workspace, where `make handin` finds it.
A page made of the notebook, without a kernel, shows the same player: the output holds it as HTML too.
"""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

import anywidget
import coursefacts
import traitlets

from scenarios.engine import frontend, load
from scenarios.engine.dated import graded_until
from scenarios.engine.html import render
from scenarios.engine.htmlprose import HtmlProse
from scenarios.engine.model import Case
from scenarios.engine.shelf import DEFAULT, Shelf
from scenarios.engine.transcript import SCHEMA

_COUNT = itertools.count(1)
_FRESH: dict[str, Any] = {
    "choices": [],
    "started": None,
    "finished": None,
    "mended": [],
    "revised": [],
    "endings": [],
    "note": "",
}


def transcripts_folder(start: Path) -> Path:
    """Return where a notebook's transcripts belong: in the workspace it lies in, else beside it."""
    workspace = next((each for each in (start, *start.parents) if each.name == "workspace"), start)
    return workspace / "transcripts"


class CaseWidget(anywidget.AnyWidget):  # type: ignore[misc]  # typed by the traits it syncs
    """Plays a case in a notebook.

    case: id of one of the course's cases, a path to a case file or its folder, or a loaded case.
    folder: where a finished transcript is written; by default the workspace's `transcripts`.
    """

    _esm = frontend.script("case.js")
    _css = frontend.sheet()
    page = traitlets.Unicode().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)

    def __init__(self, case: str | Path | Case, *, folder: Path | None = None) -> None:
        # Pictures lie beside the case file; a case that was given as an object has none to show.
        beside: Path | None = None
        if isinstance(case, Case):
            self.case = case
        else:
            path = Shelf(DEFAULT).path(case) if isinstance(case, str) else case
            self.case = load(path)
            beside = path if path.is_dir() else path.parent
        self.folder = folder or transcripts_folder(Path.cwd())
        page = render(
            self.case,
            prose=HtmlProse(folder=beside),
            # A notebook's own headings stand above: title and section.
            heading_level=3,
            # Several outputs may show the same case, also beside the case's own page.
            id_prefix=f"play-{next(_COUNT)}-{self.case.id}",
            until=graded_until(self.case, coursefacts.load()) if self.case.kind == "quiz" else {},
        )
        super().__init__(page=page, progress=dict(_FRESH))
        self.observe(self._keep, "progress")

    def _keep(self, change: Any) -> None:
        """Write the transcript when an ending is reached."""
        if change["new"].get("finished"):
            self._write()

    @property
    def choices(self) -> list[int | list[int]]:
        """The decisions so far: positions in the case file, from 1."""
        return list(self.progress.get("choices", []))

    def transcript(self) -> dict[str, Any]:
        """Return what was decided, in the form that `scenarios replay` recomputes.

        `seed` is the order in which the choices were shown.
        `revised` is there when somebody went back: what was taken back, and how many decisions stood before.
        `mended` are the items of a quiz that were answered rightly when they came back, `note` is what was
        written about a case.
        """
        made = {
            "schema": SCHEMA,
            "case": self.case.id,
            "case_digest": self.case.digest,
            "choices": self.choices,
            "started": self.progress.get("started"),
            "finished": self.progress.get("finished"),
            "parts": self.case.parts,
        }
        more = {name: self.progress.get(name) for name in ("revised", "mended", "note", "seed")}
        return made | {name: value for name, value in more.items() if value}

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{self.case.id}.json"
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        fresh.write_text(json.dumps(self.transcript(), indent=1) + "\n", encoding="utf-8")
        fresh.replace(target)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the game book, so that a page without a kernel shows the player as well."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        plain = f"{self.case.title} (a case to play; its text is in {self.case.source})"
        return data | {"text/html": self.page, "text/plain": plain}, metadata
