"""Sliders where a kernel answers, a still picture where none does."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Jupyter's server names the notebook to each kernel it starts; a book build does not.
_SERVED = "JPY_SESSION_NAME"
# Decides against the guess: 1 for sliders, 0 for still pictures.
_ASKED = "COURSE_LIVE"


@dataclass(frozen=True)
class Slider:
    """One knob: its range, its step, where it stands, and what it is called."""

    low: float
    high: float
    step: float
    value: float
    label: str = ""


def is_live() -> bool:
    """Whether a person can move a slider here."""
    asked = os.environ.get(_ASKED)
    return asked == "1" if asked in ("0", "1") else bool(os.environ.get(_SERVED))


def explore(show: Callable[..., Any], **sliders: Slider) -> Any:
    """Call `show` with the sliders' values: again at each move when live, once when not."""
    if not is_live():
        return show(**{name: slider.value for name, slider in sliders.items()})
    import ipywidgets

    knobs = {
        name: (ipywidgets.IntSlider if _whole(slider) else ipywidgets.FloatSlider)(
            value=slider.value,
            min=slider.low,
            max=slider.high,
            step=slider.step,
            description=slider.label or name,
            continuous_update=False,
            readout_format="d" if _whole(slider) else ".4g",
            style={"description_width": "15em"},
            layout={"width": "38em"},
        )
        for name, slider in sliders.items()
    }
    # Without the option only what `show` prints would appear, and not the picture that it returns.
    return ipywidgets.interactive(show, {"auto_display": True}, **knobs)


def _whole(slider: Slider) -> bool:
    return all(float(x).is_integer() for x in (slider.low, slider.high, slider.step, slider.value))
