"""From Markdown to a draft: scenes, their prose and their list items, each with its line.

A draft may still point to scenes that do not exist; `build` looks at the whole.
Faults are collected, the first of each list item only, since one slip seldom comes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursefacts import yamltext
from coursefacts.errors import InputFault, ManyFaults

from scenarios.engine import blocks as markdown
from scenarios.engine import header as front_matter
from scenarios.engine.blocks import Block
from scenarios.engine.choices import BACK, ChoiceReader, DraftChoice, is_choice, is_option
from scenarios.engine.header import Header
from scenarios.engine.model import Prose
from scenarios.engine.names import slug
from scenarios.engine.prose import ProseReader

ENDING = "Ending:"
NOTES = "Speaker notes"
FORM = "Another form"
MAX_BYTES = 2_000_000


@dataclass
class DraftForm:
    """One form of a quiz item as it stands in the file."""

    line: int
    prose: tuple[Prose, ...] = ()
    choices: list[DraftChoice] = field(default_factory=list)
    whole: bool = True


@dataclass
class DraftScene:
    """A scene, ending or quiz item as it stands in the file."""

    title: str
    id: str
    line: int
    kind: str
    outcomes: tuple[str, ...] = ()
    prose: tuple[Prose, ...] = ()
    debrief: tuple[Prose, ...] | None = None
    choices: list[DraftChoice] = field(default_factory=list)
    forms: list[DraftForm] = field(default_factory=list)
    notes: tuple[Prose, ...] = ()
    whole: bool = True


@dataclass
class Draft:
    """A case as it stands in the file, and what was wrong with single lines of it."""

    header: Header
    path: Path | None
    intro: tuple[Prose, ...]
    notes: tuple[Prose, ...]
    scenes: list[DraftScene]
    faults: list[InputFault]


def read_text(path: Path) -> str:
    """Read a case file; raise InputFault when it is no text of sensible size."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputFault("larger than 2 MB", path=path, remedy="a case is a text file of some pages")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputFault("no such case", path=path, remedy="check the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputFault(f"cannot be read ({error})", path=path, remedy="save it as UTF-8 text") from None


def parse(text: str, path: Path | None = None) -> Draft:
    """Read the text of a case; raise InputFault when nothing can be made of it."""
    all_blocks = markdown.read(text)
    header = _header(all_blocks, path)
    return _Parser(text, header, path).draft(all_blocks[1:])


def _header(found: Sequence[Block], path: Path | None) -> Header:
    if not found or found[0].kind != "front_matter":
        remedy = "begin the file with --- and lines such as title: …, and close them with ---"
        raise InputFault("no front matter", path=path, line=1, remedy=remedy)
    content = found[0].tokens[0].content
    return front_matter.read(yamltext.parse(content, path, first_line=2))


class _Parser:
    """Walks over the blocks of one file."""

    def __init__(self, text: str, header: Header, path: Path | None) -> None:
        self.path = path
        self.header = header
        self.faults: list[InputFault] = []
        self.lines = text.splitlines()
        self.prose = ProseReader(path, self.lines, header.words)
        unit = header.clock.unit if header.clock else None
        self.choices = ChoiceReader(self.prose, header.words, unit)
        self.quiz = header.kind == "quiz"

    def draft(self, found: Sequence[Block]) -> Draft:
        """Cut at the second-level headings and read each part."""
        starts = [i for i, block in enumerate(found) if block.kind == "heading" and block.tag == "h2"]
        intro = list(found[: starts[0]] if starts else found)
        if intro and intro[0].kind == "heading" and intro[0].tag == "h1":
            intro = intro[1:]
        ends = [*starts[1:], len(found)]
        scenes = [self._scene(found[a:b]) for a, b in zip(starts, ends, strict=True)]
        if not scenes:
            self._fault("no scene", 1, "begin each scene with a heading: ## Title")
        intro, notes = self._notes(intro)
        self._headings(intro)
        return Draft(self.header, self.path, self._read(intro), notes, scenes, self.faults)

    def _fault(self, what: str, line: int, remedy: str) -> None:
        self.faults.append(InputFault(what, path=self.path, line=line, remedy=remedy))

    def _read(self, found: Sequence[Block]) -> tuple[Prose, ...]:
        try:
            return self.prose.read(found)
        except InputFault as fault:
            self.faults.append(fault)
            return ()

    def _headings(self, found: Sequence[Block]) -> None:
        for block in found:
            if block.kind == "heading":
                remedy = (
                    f"only scenes (##), ### Debrief, ### {NOTES} and, in a quiz, ### {FORM} have headings; "
                    "take others out"
                )
                self._fault("a heading that begins no scene", block.line, remedy)

    def _scene(self, found: Sequence[Block]) -> DraftScene:
        heading, body = found[0], list(found[1:])
        title = heading.inline.content.strip() if heading.inline else ""
        kind = "item" if self.quiz else "ending" if title.startswith(ENDING) else "scene"
        shown = title.removeprefix(ENDING).strip() if kind == "ending" else title
        scene = DraftScene(shown, slug(title), heading.line, kind)
        if scene.id == BACK:
            remedy = "call it otherwise: #back leads back to where a deadline cut in"
            self._fault("a scene with the anchor '#back'", heading.line, remedy)
        body, scene.notes = self._notes(body)
        if not scene.id or not shown:
            self._fault("a scene without a title", heading.line, "write ## and a title")
        if kind == "ending":
            self._ending(scene, body)
        else:
            self._with_choices(scene, body)
        return scene

    def _notes(self, body: list[Block]) -> tuple[list[Block], tuple[Prose, ...]]:
        """Take off what stands below `### Speaker notes`, which is always the end of a scene."""
        cut = next((i for i, block in enumerate(body) if _is_heading(block, NOTES)), None)
        if cut is None:
            return body, ()
        after = body[cut + 1 :]
        self._headings(after)
        for block in after:
            if self._is_list_of_choices(block):
                remedy = f"put ### {NOTES} below the choices"
                self._fault("choices among the speaker notes", block.line, remedy)
        if not after:
            self._fault(
                "speaker notes without text", body[cut].line, "write them below, or take the heading out"
            )
        try:
            return body[:cut], self.prose.unconditional(after)
        except InputFault as fault:
            self.faults.append(fault)
            return body[:cut], ()

    def _ending(self, scene: DraftScene, body: list[Block]) -> None:
        cut = next((i for i, block in enumerate(body) if _is_debrief(block)), None)
        if cut is None:
            remedy = "after the ending's text write ### Debrief and what is to be learnt"
            self._fault(f"the ending '{scene.title}' has no debrief", scene.line, remedy)
        before, after = (body, []) if cut is None else (body[:cut], body[cut + 1 :])
        self._headings([*before, *after])
        for block in (*before, *after):
            if self._is_list_of_choices(block):
                self._fault(f"the ending '{scene.title}' has choices", block.line, "an ending ends play")
        scene.prose, scene.debrief = self._read(before), self._read(after)

    def _with_choices(self, scene: DraftScene, body: list[Block]) -> None:
        if self.quiz:
            body = self._outcomes(scene, body)
        if any(_is_debrief(block) for block in body):
            scene.whole = False
            remedy = f"title it ## Ending: {scene.title}"
            self._fault(f"'{scene.title}' has a debrief but is no ending", scene.line, remedy)
            return
        if not self.quiz:
            self._asked(scene, scene, body)
            return
        starts = [at for at, block in enumerate(body) if _is_heading(block, FORM)]
        for start, end in zip([-1, *starts], [*starts, len(body)], strict=True):
            form = DraftForm(scene.line if start < 0 else body[start].line)
            self._asked(scene, form, body[start + 1 : end])
            scene.forms.append(form)

    def _asked(self, scene: DraftScene, form: DraftScene | DraftForm, body: list[Block]) -> None:
        """Read what stands before a list of choices, and the list."""
        self._headings(body)
        last = body[-1] if body else None
        if last is None or not self._is_list_of_choices(last):
            form.whole = False
            self._no_choices(scene, form, body)
            return
        remedy = "indent what follows by two spaces and use the same bullet throughout"
        self._stray_lists(body[:-1], "the list of choices stops here", remedy, last.line)
        form.prose = self._read(body[:-1])
        read = self.choices.option if self.quiz else self.choices.choice
        for item in last.items():
            self._item(form, read, item)

    def _item(
        self,
        form: DraftScene | DraftForm,
        read: Callable[[Sequence[Block]], DraftChoice],
        item: Sequence[Block],
    ) -> None:
        try:
            form.choices.append(read(item))
        except InputFault as fault:
            # The other faults of this item are likely children of the first.
            form.whole = False
            self.faults.append(fault)

    def _is_list_of_choices(self, block: Block) -> bool:
        begins = is_option if self.quiz else is_choice
        return block.kind == "bullet_list" and any(begins(item) for item in block.items())

    def _no_choices(self, scene: DraftScene, form: DraftScene | DraftForm, body: Sequence[Block]) -> None:
        """Say why no choices were found: none, stopped by a paragraph, or numbered."""
        before = len(self.faults)
        self._stray_lists(
            body,
            "the list of choices stops here",
            "choices end a scene: indent what follows by two spaces, or move it above them",
        )
        if len(self.faults) > before:
            return
        numbered = body and body[-1].kind == "ordered_list" and any(is_choice(i) for i in body[-1].items())
        if numbered:
            self._fault("numbered choices", body[-1].line, "begin each choice with a hyphen: - **Label** …")
        elif self.quiz:
            remedy = "end it with options: - [x] right, - [ ] wrong"
            self._fault(f"the question '{scene.title}' has no options", form.line, remedy)
        else:
            remedy = "end it with choices in bold (- **Label** → [Scene](#scene)), or title it ## Ending: …"
            self._fault(f"the scene '{scene.title}' has no choices", scene.line, remedy)

    def _stray_lists(self, found: Sequence[Block], what: str, remedy: str, after: int | None = None) -> None:
        """Find a list of choices that is cut off by a line that is not indented, or by another bullet."""
        for block in found:
            if self._is_list_of_choices(block):
                next_line = min((each.line for each in found if each.line >= block.end), default=after)
                self._fault(what, next_line or block.line, remedy)

    def _outcomes(self, scene: DraftScene, body: list[Block]) -> list[Block]:
        """Take off an item's first line, `outcomes E1, E2`."""
        children = (body[0].inline.children if body and body[0].inline else None) or []
        alone = len(children) == 1 and children[0].type == "code_inline"
        if not alone or not children[0].content.startswith("outcome"):
            remedy = "write `outcomes E2` in backticks on a line of its own below the heading"
            self._fault(f"the question '{scene.title}' names no outcome", scene.line, remedy)
            return body
        names = children[0].content.partition(" ")[2]
        scene.outcomes = tuple(name.strip() for name in names.split(",") if name.strip())
        unknown = [name for name in scene.outcomes if name not in self.header.outcomes]
        if unknown or not scene.outcomes:
            what = f"unknown outcome '{unknown[0] if unknown else ''}'"
            self._fault(what, body[0].line, f"known: {', '.join(self.header.outcomes)}")
        return body[1:]


def _is_debrief(block: Block) -> bool:
    return _is_heading(block, "Debrief")


def _is_heading(block: Block, words: str) -> bool:
    if block.kind != "heading" or block.tag != "h3" or block.inline is None:
        return False
    return block.inline.content.strip().lower() == words.lower()


def many(faults: Sequence[InputFault]) -> InputFault:
    """Put faults in the order of the file, each once."""
    ordered = sorted(faults, key=lambda fault: fault.line or 0)
    unique = list({str(fault): fault for fault in ordered}.values())
    return unique[0] if len(unique) == 1 else ManyFaults(unique)
