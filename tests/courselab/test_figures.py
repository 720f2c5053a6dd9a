"""Figures are the same at each drawing, carry words, and sliders appear only where somebody can move them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from coursefacts import controls, load
from courselab import (
    diagrams,
    figures,
    listplots,
    live,
    machines,
    plots,
    plots_release,
    reports,
)
from courselab.benchmarking import Design, benchmark
from courselab.circuit_files import planted
from courselab.devices import simple
from courselab.layouts import Layout
from courselab.live import Slider, explore
from courselab.posterior import believe, by_band

BANDS = controls.bands(load().get("us.4a906.a"))


@pytest.fixture(scope="module")
def result():
    return benchmark(simple(0.01), (0, 1), Design((1, 20, 60), samples=3, shots=200), seed=1)


def drawings(result):
    chances = by_band(believe(0.003, (0.0028, 0.0032), qubits=400), BANDS)
    machine = machines.named("book")
    return {
        "decays": plots.decays(result),
        "verdict": plots.verdict(result, [0.005]),
        "repeats": plots.repeats([("one", [result])]),
        "map": plots.device_map(machine.device.layout, machine.out_of_spec),
        "stands": plots.stands(BANDS, {"counted": 400}, 0.003, (0.0028, 0.0032)),
        "probabilities": plots.probabilities({"now": chances}),
        "amplifier": listplots.amplifier(0.35, 6e9, 0.015),
        "columns": diagrams.columns(
            [diagrams.Column("Law", (diagrams.Question("Is it public?", "Free"),), "Look at the list")]
        ),
        "staircase": listplots.staircase(BANDS, [("yours", 133, 7.1e-3)]),
        "survival": plots.survival({"grid": ([0, 0.1], [1, 0.9])}),
    }


def test_every_figure_is_valid_svg_with_words_and_reproducible(result):
    first, second = drawings(result), drawings(result)
    for name, picture in first.items():
        ET.fromstring(picture.data)
        assert len(picture.alt) > 40, name
        assert picture.data == second[name].data, f"{name} differs between two drawings"
        assert len(picture.data) < 120_000, name


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_a_figure_has_a_name_that_the_page_decides(result):
    pictures = drawings(result) | {
        "circuit": plots_release.circuit(planted(), "A circuit with names that tell more than they should.")
    }
    for name, picture in pictures.items():
        sheet, drawn = picture.data.decode().split("</style>", 1)
        assert "prefers-color-scheme:dark" in sheet, name
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\"])", drawn.replace('href="#', "")) == [], name
        assert "var(--" in drawn, name


@pytest.mark.parametrize("theme", [dict(zip(figures.DARK, figures.DARK, strict=True)), figures.DARK])
def test_words_and_marks_of_a_figure_stand_out_in_both_themes(theme):
    for text in (figures.INK, figures.QUIET, figures.ACCENT, figures.WARN):
        assert contrast(theme[text], theme[figures.PAPER]) >= 4.5, text
    assert contrast(theme[figures.INK], theme[figures.WASH]) >= 4.5
    assert contrast(theme[figures.INK], theme[figures.RULE]) >= 4.5


def test_a_large_device_stays_a_drawing_and_stays_small():
    layout = Layout.about("heavy-hex", 2000)
    assert len(plots.device_map(layout, layout.couplers[:10]).data) < 160_000


def test_a_figure_shows_itself_as_an_image_with_its_words(result):
    shown = plots.verdict(result)._repr_html_()

    assert re.match(r'<img src="data:image/svg\+xml;base64,', shown)
    assert 'alt="On an axis of C-NOT error' in shown


def test_a_table_has_a_caption_scopes_and_escaped_cells():
    shown = figures.table("A <b> caption", ("a", "b"), [(1, "x & y")])._repr_html_()

    assert "<caption>A &lt;b&gt; caption</caption>" in shown
    assert 'scope="col"' in shown and 'scope="row"' in shown and "x &amp; y" in shown


def test_a_table_reads_as_text_too():
    assert repr(figures.table("T", ("one", "two"), [("a", "b")])).splitlines() == [
        "T",
        "one  two",
        "a    b  ",
    ]


def test_errors_are_written_as_people_read_them():
    assert figures.short(0.0024871) == "2.49\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻³"


def test_places_are_shown_with_their_standing():
    shown = reports.places(400, 0.0025, machines.AS_OF, load())

    assert [row[1] for row in shown.table.rows][:2] == ["4A906.a.4", "4A506.a.4"]
    assert [row[3] for row in shown.table.rows] == ["yes", "yes", "yes", "yes", "no", "no"]


def test_a_page_gets_the_still_picture(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.delenv("COURSE_LIVE", raising=False)

    assert explore(lambda x: f"drawn at {x}", x=Slider(0, 10, 1, 4)) == "drawn at 4"


def test_a_live_notebook_gets_sliders(monkeypatch):
    monkeypatch.setenv("COURSE_LIVE", "1")
    found = explore(lambda x, y: x, x=Slider(0, 10, 1, 4, "how many"), y=Slider(0, 1, 0.1, 0.5))
    knobs = {knob.description: knob for knob in found.children[:2]}

    assert knobs["how many"].value == 4 and type(knobs["how many"]).__name__ == "IntSlider"
    assert type(knobs["y"]).__name__ == "FloatSlider"


def test_what_the_sliders_draw_is_shown(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_LIVE", "1")
    found = explore(lambda x: f"drawn at {x}", x=Slider(0, 10, 1, 4))

    found.update()
    assert "drawn at 4" in capsys.readouterr().out


def test_a_kernel_of_the_server_is_live_and_a_build_is_not(monkeypatch):
    monkeypatch.delenv("COURSE_LIVE", raising=False)
    monkeypatch.setenv("JPY_SESSION_NAME", "labs/lab.ipynb")
    assert live.is_live()

    monkeypatch.setenv("COURSE_LIVE", "0")
    assert not live.is_live()
