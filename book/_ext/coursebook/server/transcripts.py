"""What a book page may save of a case that was played to its end: `transcript/2`, and nothing else."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from coursefacts.errors import InputFault
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from coursebook.server.handout import write_whole
from coursebook.server.places import NAME

LARGEST = 64_000


def _moment(text: str) -> str:
    """Accept a date and time with its zone."""
    try:
        zone = datetime.fromisoformat(text).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise ValueError("not a date and time with its zone")
    return text


Choice = Annotated[int, Field(ge=1, le=999)]
Typed = Annotated[str, Field(min_length=1, max_length=80)]
Moment = Annotated[str, Field(max_length=40), AfterValidator(_moment)]


class Revision(BaseModel):
    """Choices that were taken back, and how many stood before them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    at: Annotated[int, Field(ge=0, le=2000)]
    choices: Annotated[list[Choice], Field(min_length=1, max_length=2000)]


class Transcript(BaseModel):
    """The choices of one walk; whoever reads it plays them again, so it holds no score."""

    model_config = ConfigDict(extra="forbid", strict=True)

    form: Annotated[Literal["transcript/1", "transcript/2"], Field(alias="schema")]
    case: Annotated[str, Field(pattern=f"^{NAME.pattern}$", max_length=80)]
    case_digest: Annotated[str, Field(pattern=r"^[A-Za-z0-9:+/=_-]{8,128}$")]
    choices: Annotated[
        list[Choice | Typed | Annotated[list[Choice], Field(min_length=0, max_length=50)]],
        Field(max_length=2000),
    ]
    started: Moment
    finished: Moment
    revised: Annotated[list[Revision], Field(max_length=200)] | None = None
    mended: Annotated[list[Choice], Field(max_length=200)] | None = None
    note: Annotated[str, Field(max_length=2000)] | None = None
    seed: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")] | None = None
    parts: (
        Annotated[
            dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]],
            Field(max_length=200),
        ]
        | None
    ) = None


KEYS = frozenset(field.alias or name for name, field in Transcript.model_fields.items())


def parse(body: bytes, case: str) -> Transcript:
    """Read what a page sent; an InputFault says what is wrong with it."""
    if len(body) > LARGEST:
        raise InputFault("the transcript is too large", remedy=f"at most {LARGEST} bytes are taken")
    try:
        transcript = Transcript.model_validate(strict_json(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        where = key if key in KEYS else "transcript"  # a key that is not ours may hold anything
        raise InputFault(f"{where}: {first['msg']}") from None
    if transcript.case != case:
        raise InputFault("the transcript is of another case", remedy=f"send it as {transcript.case}")
    if datetime.fromisoformat(transcript.finished) < datetime.fromisoformat(transcript.started):
        raise InputFault("finished lies before started")
    return transcript


def strict_json(body: bytes) -> Any:
    """Read JSON strictly: UTF-8, each key once, no NaN."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        # The decoder's words may quote the input; only our own are passed on.
        known = str(error) if isinstance(error, _Unfit) else "it cannot be read as JSON"
        raise InputFault(known) from None


class _Unfit(ValueError):
    """JSON that Python would take and the format does not."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice, because readers would disagree about which one counts."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise _Unfit("a key stands twice")
    return dict(pairs)


def _refuse(word: str) -> None:
    """Refuse NaN and infinities, which JSON does not have."""
    raise _Unfit("NaN and Infinity are not JSON")


def save(transcript: Transcript, workspace: Path) -> Path:
    """Keep a finished walk for the hand-in; the last one of a case stands."""
    name = Path("transcripts") / f"{transcript.case}.json"
    text = json.dumps(transcript.model_dump(by_alias=True, exclude_none=True), indent=1)
    write_whole(workspace / name, text.encode())
    return name
