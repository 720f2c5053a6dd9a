"""The learner's view of an incident: answers read as written, and what is there to look at."""

from __future__ import annotations

import datetime

import pytest
from answersheet import sealing
from coursefacts import load
from coursefacts.errors import InputFault
from courselab import incidents

NOON = datetime.datetime(2026, 10, 4, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def view():
    return incidents.view(sealing.for_practice("incidents", "a token").sheet)


@pytest.mark.parametrize(
    "written",
    [
        NOON,
        NOON.replace(tzinfo=None),
        "2026-10-04 12:00",
        "2026-10-04T12:00Z",
        "2026-10-04 14:00+02:00",
        NOON.astimezone(datetime.timezone(datetime.timedelta(hours=-7))),
    ],
)
def test_a_moment_is_read_however_it_is_written(written):
    assert incidents.as_utc(written) == NOON


@pytest.mark.parametrize("written", ["Monday", 12, None, "2026-13-01 10:00"])
def test_what_is_no_moment_is_refused_in_one_line(written):
    with pytest.raises(InputFault, match="no date with a time"):
        incidents.as_utc(written)


def test_each_note_names_the_fact_and_the_time_that_it_asks_for(view):
    facts = load()
    for note in view.notes:
        assert facts.get(note["fact"]).values[note["value"]].unit == "hours"
        assert note["partner"] in note["text"] and len(note["changes"]) == 4
        # The partner is named in the log, so that what happened to it can be found.
        assert any(note["partner"] in entry.text for entry in view.copies["mail"])


def test_the_telemetry_has_its_flaws_and_they_can_be_seen(view):
    broken = view.quiet > view.bits
    assert 20 < broken.any(axis=1).sum() < 110
    assert (view.night > view.bits).sum() == 1
    measured = view.quiet[~broken].mean() / view.bits
    assert abs(view.stated / measured - 1) > 0.05 and abs(4 / 3 * view.stated / measured - 1) > 0.05


def test_what_is_public_is_plain_data_of_the_sheet(view):
    public = view.public()

    assert public["token"] == view.token and public["practice"] is True
    assert set(public["log"]) == {"server", "backup", "mail"}
    assert len(public["notes"]) == 8 and len(public["comparisons"]["link"]) == 7
