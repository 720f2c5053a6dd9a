"""Say on standard error how far long work has come: count, rate and time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Progress", "shown"]

# In a log file a line now and then tells that work goes on; a bar would fill it with itself.
_EVERY = 10.0
# Before anything is counted there is no count to show.
_UNCOUNTED = "{desc} [{elapsed}]"


class Progress:
    """Counts what is done; a bar in a terminal, a line now and then elsewhere."""

    def __init__(self, what: str, unit: str) -> None:
        from tqdm import tqdm

        self._what, self._unit = what, unit
        tqdm.monitor_interval = 0  # no thread of its own: whatever is done is shown at once
        self._bar = tqdm(
            total=0, unit=unit, disable=not sys.stderr.isatty(), desc=what, bar_format=_UNCOUNTED
        )
        self._began: tuple[float, int] | None = None
        self._told = time.monotonic()

    def __call__(self, done: int, all_: int) -> None:
        """Note that `done` of `all_` are finished."""
        if not self._bar.disable:
            self._bar.bar_format = None
            self._bar.total = all_
            self._bar.update(done - self._bar.n)
            self._bar.refresh()
            return
        now = time.monotonic()
        if self._began is None:
            self._began = (now, done)
        if now - self._told >= _EVERY and done < all_:
            self._told = now
            sys.stderr.write(self._line(now, done, all_) + "\n")
            sys.stderr.flush()

    def stage(self, text: str) -> None:
        """Say what is being done before anything can be counted."""
        if not self._bar.disable:
            self._bar.set_description_str(f"{self._what}: {text}" if text else self._what)

    def _line(self, now: float, done: int, all_: int) -> str:
        since, at = self._began or (now, done)
        rate = (done - at) / (now - since) if now > since else 0.0
        left = f", {rate:.1f} a second, {_clock((all_ - done) / rate)} left" if rate > 0 else ""
        return f"{self._what}: {done} of {all_} {self._unit}s{left}"

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._bar.close()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def shown(what: str, unit: str) -> Iterator[Progress]:
    """Show progress while the block works."""
    progress = Progress(what, unit)
    try:
        yield progress
    finally:
        progress.close()
