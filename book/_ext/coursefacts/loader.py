"""Read the fact files of a folder; name every fault with file, line and remedy."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from coursefacts import yamltext
from coursefacts.book import FactBook
from coursefacts.errors import InputFault, ManyFaults
from coursefacts.model import PLACEHOLDER, Copy, Fact, Source
from coursefacts.suggest import nearest
from coursefacts.values import Band, DateValue, Quantity

# Content is found by path; this is where the course keeps its own.
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "facts"

# What to do about a key that is not there.
_MISSING = {
    "review_by": "add the day of the next review: 3 months for proposals, 6 for lists, 12 for statutes",
    "source": "add citation, locator, url, text_as_of and read_on; a fact without a source is not taught",
    "confidence": "add 'seen' or 'reported'; nothing else may be taught",
    "in_force": "add in_force with from, until and, where from is null, a note",
    "binds": "say whom it binds, or write null if that has not been read",
    "until": "write null where there is no last day",
}
_KEYS: dict[str, tuple[str, ...]] = {
    "": tuple(Fact.model_fields),
    "in_force": ("from", "until", "note"),
    "source": tuple(field.alias or name for name, field in Source.model_fields.items()),
    "copy": tuple(Copy.model_fields),
    "quantity": tuple(Quantity.model_fields),
    "date": tuple(DateValue.model_fields),
    "bands": tuple(Band.model_fields),
}
_PATTERN = {
    "url": "begin it with https://",
    "id": "use small letters, digits, dots and hyphens, as in us.4a906.a",
}


def load(folder: Path = DEFAULT_FOLDER) -> FactBook:
    """Read every fact below a folder; raise all faults at once."""
    if not folder.is_dir():
        raise InputFault("no folder of facts here", path=folder, remedy="give the folder with --facts DIR")
    return _load(folder, _stamp(folder))


def _stamp(folder: Path) -> str:
    """Sum up names and bytes: times are too coarse to tell two edits apart."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        with contextlib.suppress(OSError):
            total.update(f"{path}\0".encode() + path.read_bytes())
    return total.hexdigest()


@functools.lru_cache(maxsize=8)
def _load(folder: Path, stamp: str) -> FactBook:
    """Read the files; `stamp` stands for their content, so that nothing unchanged is parsed twice."""
    facts: dict[str, Fact] = {}
    documents: dict[str, yamltext.Document] = {}
    faults: list[InputFault] = []
    for path in sorted(folder.rglob("*.yml")):
        try:
            document = yamltext.read(path)
            fact = parse(document)
            _check_place(fact, document, folder, documents)
        except InputFault as fault:
            faults.extend(fault.faults if isinstance(fault, ManyFaults) else [fault])
            continue
        facts[fact.id], documents[fact.id] = fact, document
    faults.extend(_check_succession(facts, documents))
    if faults:
        raise ManyFaults(faults)
    return FactBook(facts, {name: document.path for name, document in documents.items()})


def parse(document: yamltext.Document) -> Fact:
    """Make a fact of one document."""
    if not isinstance(document.data, dict):
        raise document.fault("not a fact", remedy="write keys and values, beginning with 'id:'")
    try:
        fact = Fact.model_validate(document.data)
    except ValidationError as error:
        raise ManyFaults([explain(detail, document) for detail in error.errors()]) from None
    for found in PLACEHOLDER.finditer(fact.statement):
        try:
            fact.value(found[1])
        except InputFault as fault:
            raise document.fault(
                f"the statement asks for {{{found[1]}}}, which no value answers", ("statement",), fault.remedy
            ) from None
    return fact


def explain(
    detail: ErrorDetails,
    document: yamltext.Document,
    keys: dict[str, tuple[str, ...]] = _KEYS,
    missing: dict[str, str] = _MISSING,
    form: str = "book/facts/schema.json",
) -> InputFault:
    """Turn one error of a model into a line that an author can act on.

    keys: what may stand in each group; "" is the file itself.
    missing: what to do about a key that is not there.
    form: the schema that shows how the file is written.
    """
    # pydantic names the shape that it chose for a value: ("values", name, shape, …).
    shaped = len(detail["loc"]) > 2 and detail["loc"][0] == "values"
    shape = str(detail["loc"][2]) if shaped else ""
    where = detail["loc"][:2] + detail["loc"][3:] if shaped else detail["loc"]
    key = str(where[-1]) if where else ""
    group = shape or (str(where[-2]) if len(where) > 1 else "")
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = keys.get(group, keys[""])
        return document.fault(f"unknown key '{key}'", where, nearest(key, known, "the keys are"))
    if kind == "missing":
        remedy = missing.get(key, f"add '{key}:'")
        return document.fault(f"the key '{key}' is missing", where[:-1], remedy)
    if kind == "literal_error":
        allowed = detail["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        return document.fault(
            f"'{detail['input']}' is not a {key}", where, nearest(str(detail["input"]), allowed, "use one of")
        )
    return document.fault(*_message(detail, key, where, form))


def _message(
    detail: ErrorDetails, key: str, where: tuple[Any, ...], form: str
) -> tuple[str, tuple[Any, ...], str]:
    """Word the remaining kinds of error."""
    kind, text = detail["type"], detail["msg"]
    if kind == "value_error":
        what, _, remedy = text.removeprefix("Value error, ").partition("; ")
        return what, where, remedy
    if kind == "string_pattern_mismatch":
        return f"'{detail['input']}' is not a valid {key}", where, _PATTERN.get(key, "correct it")
    shown = f"{text[:1].lower()}{text[1:]}"
    return f"'{key}' is not right: {shown}", where, f"correct it; {form} shows the form"


def _check_place(
    fact: Fact, document: yamltext.Document, folder: Path, known: dict[str, yamltext.Document]
) -> None:
    """Hold a fact to its file name, its folder and to being the only one of its name."""
    path = document.path
    assert path is not None
    if fact.id in known:
        other = known[fact.id].path
        raise document.fault(
            f"the id '{fact.id}' is already in {other}", ("id",), "give this fact its own id"
        )
    if path.stem != fact.id:
        raise document.fault(
            f"the id '{fact.id}' and the file name differ",
            ("id",),
            f"name the file {fact.id}.yml or change the id",
        )
    if path.parent != folder and path.parent.name != fact.topic:
        raise document.fault(
            f"the topic '{fact.topic}' and the folder '{path.parent.name}' differ",
            ("topic",),
            f"move the file to {fact.topic}/ or change the topic",
        )


def _check_succession(facts: dict[str, Fact], documents: dict[str, yamltext.Document]) -> list[InputFault]:
    """Find facts that claim to replace what is not there."""
    return [
        documents[fact.id].fault(
            f"supersedes '{fact.supersedes}', which is no fact",
            ("supersedes",),
            nearest(fact.supersedes, facts, "the ids are"),
        )
        for fact in facts.values()
        if fact.supersedes is not None and (fact.supersedes not in facts or fact.supersedes == fact.id)
    ]
