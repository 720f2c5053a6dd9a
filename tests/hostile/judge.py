"""Judge what a hostile submission led to; each function returns what is wrong, and nothing may be."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from tests.hostile.corpus import Attack
from tests.hostile.exercise import MOST
from tests.hostile.run import Ended

__all__ = ["active", "honest", "machine", "scores", "verdict"]

_PLAIN = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "strong", "em", "ul",
    "ol", "li", "a", "table", "caption", "thead", "tbody", "tr", "th", "td", "section", "pre",
    "code", "img", "div", "blockquote", "hr", "br", "span",
}  # fmt: skip
_ATTRIBUTES = {
    "class", "id", "scope", "lang", "charset", "name", "content", "http-equiv", "href", "src", "alt", "start",
    "title", "tabindex", "role", "aria-label",
}  # fmt: skip


def scores(result: dict[str, Any], attack: Attack) -> list[str]:
    """Compare what was earned with what may be earned."""
    if result["status"] not in attack.statuses:
        return [f"the status is {result['status']}: {result['reasons']}"]
    if result["status"] == "held":
        return [] if result["score"] is None and not result["cells"] else ["held, and scored all the same"]
    found = {one["grade_id"]: one["score"] for one in result["cells"]}
    wrong = (
        [f"unknown cells {set(found) ^ {*MOST, 'why', 'drawing'}}"] if set(found) - {*MOST} != _HANDS else []
    )
    for name, (low, high) in attack.earns.items():
        got = found.get(name)
        if got is None or not low <= got <= high:
            wrong.append(f"{name} earned {got}, which should be {low:g} to {high:g}")
    total = sum(score for score in found.values() if score is not None)
    if result["score"] != total:
        wrong.append(f"the total is {result['score']}, and its parts come to {total}")
    return wrong + [
        f"{name} got {found.get(name)}" for name in _HANDS if found.get(name) != attack.hands[name]
    ]


_HANDS = {"why", "drawing"}


def unarmed(ended: Ended, attack: Attack) -> list[str]:
    """Find attacks that never ran: an answer that ended in an error proves nothing."""
    notebook = _autograded(ended, attack.learner)
    if notebook is None or attack.twist is not None:
        return []
    failed = []
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in attack.answers and name not in attack.may_raise:
            errors = [one for one in cell.get("outputs", []) if one["output_type"] == "error"]
            failed += [f"{name} ended in {one['ename']}: {one['evalue'][:200]}" for one in errors]
    return failed


def _autograded(ended: Ended, learner: str) -> dict[str, Any] | None:
    path = ended.places.course / "autograded" / learner / "pset" / "pset.ipynb"
    found: dict[str, Any] | None = json.loads(path.read_text()) if path.exists() else None
    return found


def _put_out(notebook: dict[str, Any] | None) -> str:
    """All cells but the course's own checks, and what they put out."""
    if notebook is None:
        return ""
    parts = []
    for cell in notebook["cells"]:
        own = cell["metadata"].get("nbgrader", {})
        # A check stands there with its hidden tests, as nbgrader has it; the file is the instructor's.
        if not own.get("grade") or own.get("solution"):
            parts.append(json.dumps([cell.get("outputs"), cell["source"], cell.get("attachments")]))
    return "\n".join(parts)


def leaks(ended: Ended, learner: str, own: str = "") -> list[str]:
    """Find secrets in what a learner, or the instructor with nbgrader's own tools, gets to see.

    own: the learner's own words, which feedback may repeat.
    """
    feedback = ended.places.course / "feedback" / learner / "pset" / "pset.html"
    texts = {
        "autograded": _put_out(_autograded(ended, learner)),
        "feedback": feedback.read_text(),
        "results": json.dumps(ended.results[learner]),
    }
    found = [
        f"{place} holds {name}"
        for place, text in texts.items()
        for name, canary in ended.places.canaries.items()
        if _holds(text, canary) and name not in _OWN.get(learner, ())
    ]
    page = texts["feedback"]
    return found + [f"feedback holds {mark!r}" for mark in _MARKS if mark in page and mark not in own]


_OWN = {"ada-honest": ("OTHER", "GRADEBOOK")}
_MARKS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN SOLUTION", "END SOLUTION")


def _holds(text: str, canary: str) -> bool:
    """Find a secret as it is, in capitals, backwards, or as numbers of its letters."""
    forms = (canary, canary.upper(), canary[::-1], canary.encode().hex(), str(list(canary.encode()))[1:-1])
    return any(form in text for form in forms)


class _Active(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _PLAIN:
            self.found.append(f"<{tag}>")
        named = {name: value or "" for name, value in attrs}
        self.found += [f"<{tag} {name}>" for name in named if name not in _ATTRIBUTES]
        if tag == "meta" and named.get("http-equiv", "").lower() == "refresh":
            self.found.append("a refresh")
        link, picture = named.get("href", "#"), named.get("src", "data:image/png")
        if not re.match(r"#|https?://|mailto:", link):
            self.found.append(f"a link to {link[:80]!r}")
        if not re.match(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=]*$|data:image/png$", picture):
            self.found.append(f"a picture from {picture[:80]!r}")

    handle_startendtag = handle_starttag


def active(page: str) -> list[str]:
    """Find in a page what does more than show itself."""
    reader = _Active()
    reader.feed(page)
    reader.close()
    odd = re.findall(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    return reader.found + [f"the character {one!r}" for one in sorted(set(odd))]


def written(ended: Ended, marks: dict[str, dict[str, float | None]], learner: str) -> list[str]:
    """Compare the gradebook with the result."""
    result, found = ended.results[learner], marks.get(learner)
    if result["status"] == "held":
        return [] if not found or not any(found.values()) else [f"held, and the gradebook says {found}"]
    if found is None:
        return ["not in the gradebook"]
    told = {one["grade_id"]: one["score"] for one in result["cells"]}
    return [] if told == found else [f"the gradebook says {found}, and the result {told}"]


def believed(ended: Ended, learner: str) -> list[str]:
    """Find in the notebook of a run what only the course may say: checks, points and tags."""
    notebook = _autograded(ended, learner)
    if notebook is None:
        return []
    points = {}
    for cell in notebook["cells"]:
        own = cell["metadata"].get("nbgrader", {})
        if own.get("grade") or own.get("task"):
            points[own["grade_id"]] = float(own["points"])
    expected = {**MOST, "why": 2.0, "drawing": 3.0}
    wrong = [] if points == expected else [f"points are {points}"]
    tags = [cell["metadata"].get("tags") for cell in notebook["cells"] if cell["metadata"].get("tags")]
    return wrong + [f"tags {tag}" for tag in tags]


def verdict(ended: Ended, attack: Attack, marks: dict[str, dict[str, float | None]]) -> list[str]:
    """Judge one submission by everything that can be said of it alone."""
    result = ended.results.get(attack.learner)
    if result is None:
        return ["there is no result"]
    page = ended.places.course / "feedback" / attack.learner / "pset" / "pset.html"
    return [
        *scores(result, attack),
        *unarmed(ended, attack),
        *leaks(ended, attack.learner, "\n".join(attack.answers.values())),
        *written(ended, marks, attack.learner),
        *believed(ended, attack.learner),
        *active(page.read_text()),
    ]


def honest(ended: Ended, learner: str) -> list[str]:
    """Judge honest work that was graded among the others: full marks for everything, and no doubt."""
    result = ended.results[learner]
    wrong = [
        f"{one['grade_id']}: {one['outcome']} {one['score']}"
        for one in result["cells"]
        if one["grade_id"] in MOST and (one["outcome"] != "passed" or one["score"] != MOST[one["grade_id"]])
    ]
    doubts = [] if result["status"] == "graded" else [f"{result['status']}: {result['reasons']}"]
    return [*wrong, *doubts, *leaks(ended, learner)]


def machine(ended: Ended) -> list[str]:
    """Judge what the class as a whole has done to the machine."""
    wrong = [] if ended.report["code"] == 0 else [f"the command ended with {ended.report['code']}"]
    wrong += [f"still alive: {one}" for one in ended.report["left"].values()]
    wrong += [f"a control group was left: {one}" for one in ended.report["groups"]]
    wrong += [f"somebody called: {one}" for one in ended.contacts]
    wrong += [f"changed: {name}" for name in ended.before if ended.before[name] != ended.after[name]]
    for name in ("report.out", "report.err", "course/nbgrader/results.jsonl"):
        text = (ended.places.root / name).read_text(errors="replace")
        wrong += [
            f"{name} holds {which}" for which, one in ended.places.canaries.items() if _holds(text, one)
        ]
    return wrong
