"""How strict models of this package are made, and how their faults read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from autograder.records import times
from autograder.records.canonical import CONTROL, TURNS, WIDTHLESS
from autograder.records.errors import Fault

Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """No unknown field, no silent conversion, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _plain(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("holds a control character")
    return text


def _seen(text: str) -> str:
    """Two ids that look the same must be the same."""
    if TURNS.search(text) or WIDTHLESS.search(text):
        raise ValueError("holds a character that nobody sees")
    return text


def _moment(text: str) -> str:
    times.moment(text)
    return text


def _period(text: str) -> str:
    times.after(times.now(), text)
    return text


Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_plain)]
Short = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_plain)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$")]
# Words that reach the office and never a record. A learner may have a hand in them and must
# not stop a class, so they are made harmless and not refused.
Words = Annotated[str, Field(max_length=2000), AfterValidator(lambda text: CONTROL.sub(" ", text))]
Person = Annotated[str, Field(pattern=r"^[^\s/\\]{1,100}$"), AfterValidator(_plain), AfterValidator(_seen)]
Moment = Annotated[str, AfterValidator(_moment)]
Period = Annotated[str, AfterValidator(_period)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Https = Annotated[str, Field(pattern=r"^https://[^\s<>\"{}|\\^`#]{1,300}$")]


def load(model: type[Model], content: Any, path: Path | str) -> Model:
    """Fill a model, or say at which JSON path the first fault stands."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        place, message, more = first_fault(error)
        also = f" (and {more} more)" if more else ""
        raise Fault(f"{place}: {message}{also}", path=path) from None


def first_fault(error: ValidationError) -> tuple[str, str, int]:
    """JSON path, words and number of further faults; never the value, which may be personal."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    message = faults[0]["msg"].removeprefix("Value error, ")
    return json_path(faults[0]["loc"]), message[:1].lower() + message[1:], len(faults) - 1


def json_path(place: tuple[int | str, ...]) -> str:
    """Write `("learners", 3, "name")` as `$.learners[3].name`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
