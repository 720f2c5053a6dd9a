"""The incident of a learner: clocks from facts, answers read as written, a pool that names its faults."""

from __future__ import annotations

import datetime

import pytest
from coursefacts import load
from coursefacts.errors import InputFault
from courselab import incident_pool, incidents, variants

NOON = datetime.datetime(2026, 10, 4, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def variant():
    return variants.mine("incidents", "practice: ada")


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


def test_the_time_of_a_clock_is_that_of_its_fact(variant):
    facts = load()
    for name, end in variant.deadlines(facts).items():
        regime = incidents.pool().regimes[name]
        if end is not None:
            hours = (end - variant.times[regime.starts]).total_seconds() / 3600
            assert hours == facts.get(regime.fact).values[regime.value].value


def test_nothing_that_is_proposed_ever_runs():
    facts = load()
    for number in range(20):
        found = variants.mine("incidents", f"practice: {number}").deadlines(facts)
        running = [name for name, end in found.items() if end]
        assert not {"circia", "far-cui", "omnibus"} & set(running)


def test_everybody_is_told_what_decides(variant):
    told = " ".join(variant.body)
    for regime in {item.regime for item in variant.circumstances}:
        assert {"nis2": "", "gdpr": "server", "dfars": "", "seer": "SEER", "cra": "boxes"}[regime] in told


def test_the_pool_is_sound():
    incident_pool.check(incident_pool.load(), load())


def test_a_clock_that_was_only_reported_cannot_start():
    pool = incident_pool.load()
    regime = incident_pool.Regime("nis2", "us.circia.proposed", "incident", "significant", "…")
    wrong = incident_pool.Pool(
        **{name: getattr(pool, name) for name in pool.__dataclass_fields__} | {"regimes": {"nis2": regime}}
    )

    with pytest.raises(InputFault, match="reported"):
        incident_pool.check(wrong, load())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("people: 3\n", "needs 'as_of'"),
        (
            'as_of: "soon"\npeople: []\nsources: {}\nevents: []\nbodies: {}\nregimes: {}\n'
            "circumstances: []\n",
            "as_of is not a date",
        ),
        (
            'as_of: "2026-11-25"\npeople: []\nsources: {}\nevents: []\nbodies: {}\nregimes: {}\n'
            "circumstances:\n  - {regime: x, binds: true, bodies: [], body: y}\n",
            "'x' is no regime",
        ),
    ],
)
def test_a_broken_pool_names_file_and_line(tmp_path, text, says):
    path = tmp_path / "pool.yml"
    path.write_text(text)

    with pytest.raises(InputFault, match=says) as caught:
        incident_pool.load(path)

    assert str(path) in str(caught.value)
