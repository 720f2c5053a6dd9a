"""The scripts of a learner's progress as they are sent: sources in `front/`, joined, and the plan as data.

`plan.js` holds data alone. It stands beside the pages, not in them, so that a new title or order reaches
every page although Sphinx writes only those that changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursefacts import InputFault, yamltext
from sphinx.application import Sphinx

from coursebook import plan
from coursebook.warn import warn_fault
from scenarios.engine import frontend, load

FOLDER = Path(__file__).resolve().parent / "front"
SCRIPT, PLAN = "course.js", "plan.js"


def script() -> str:
    """Join the sources with what they use of the players' own."""
    return frontend.join(SCRIPT, (FOLDER, frontend.ASSETS))


def awards(root: Path) -> list[dict[str, Any]]:
    """Read what each award asks; an institution's file may be absent."""
    file = root / "exercises" / "awards.yml"
    if not file.is_file():
        return []
    found = []
    for award in yamltext.read(file).data["awards"]:
        needs = award["needs"]
        found.append(
            {
                "title": str(award["title"]),
                "exercises": {name: need["percent"] for name, need in needs["exercises"].items()},
                "played": [*needs.get("cases", []), *needs.get("quizzes", [])],
            }
        )
    return found


def endings(root: Path, read: plan.Plan) -> dict[str, int]:
    """Count the endings of each case."""
    cases = (part.item for part in read.parts() if part.kind == "case" and part.item)
    homes = {name: root / "scenarios" / "cases" / name / "case.md" for name in cases}
    return {
        name: sum(scene.kind == "ending" for scene in load(file).scenes)
        for name, file in homes.items()
        if file.is_file()
    }


def plan_script(root: Path) -> str:
    """Write the plan as a script that sets one name."""
    read = plan.read(root)
    data = {"modules": read.plain(), "awards": awards(root), "endings": endings(root, read)}
    return f"globalThis.coursePlan={json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    try:
        texts = {SCRIPT: script(), PLAN: plan_script(Path(app.srcdir).parent)}
    except InputFault as fault:
        warn_fault(fault)
        return
    for name, text in texts.items():
        file = static / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Write the scripts whenever the book is written."""
    app.connect("build-finished", _write)
