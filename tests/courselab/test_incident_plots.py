"""The figures of the labs on incidents say in words what they show, and are the same at each drawing."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET

import numpy as np
from courselab import alarms, incident_plots, telemetry
from courselab.alarms import Watch
from courselab.telemetry import Intrusion, Link


def drawings():
    rng = np.random.default_rng(1)
    link, watch = Link(), Watch(0.01, 0.0225)
    quiet = telemetry.nights(link, 200, rng)
    intruded = telemetry.nights(link, 200, rng, Intrusion(40, 0.1))
    levels = watch.levels(intruded.z, link.bits)
    found = alarms.trade(alarms.highest(watch.levels(quiet.z, link.bits)), alarms.highest(levels))
    day = datetime.datetime(2026, 10, 4, 22, 0, tzinfo=datetime.UTC)
    later = [day + datetime.timedelta(hours=hours) for hours in (0, 12, 84)]
    return {
        "night": incident_plots.night(intruded, 0),
        "alarm": incident_plots.night(intruded, 0, levels[0], 6.0),
        "trades": incident_plots.trades({"Z alone": found}),
        "costs": incident_plots.costs(found, 0.002, 1, 300),
        "belief": incident_plots.belief(0.9, 0.05, 0.002),
        "proof": incident_plots.tree(8, proved=5),
        "edit": incident_plots.tree(7, changed=2),
        "clocks": incident_plots.clocks(
            [("first login", later[0]), ("discovered", later[1])], [("72 h", later[1], later[2])]
        ),
    }


def test_every_figure_is_valid_svg_with_words_and_reproducible():
    first, second = drawings(), drawings()
    for name, picture in first.items():
        ET.fromstring(picture.data)
        assert len(picture.alt) > 40, name
        assert picture.data == second[name].data, f"{name} differs between two drawings"
        assert len(picture.data) < 120_000, name


def test_the_words_are_those_of_the_numbers():
    words = {name: picture.alt for name, picture in drawings().items()}

    assert "The alarm rings in window 4" in words["alarm"]
    assert "At one in 500 nights it is 3%" in words["belief"]
    # Entry 5 of 8: its neighbour, the pair beside it, and the other half.
    assert "3 hashes beside its way" in words["proof"]
    # Entry 2 of 7: itself, its pair, its half, and the head.
    assert "changes 4 hashes" in words["edit"]
    assert "72 h until Thursday 10:00" in words["clocks"]
