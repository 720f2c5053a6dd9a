"""Records of things as a register keeps them, with tier and next look: hidden data for a learner's function.

A record has `marked`, `listed`, `promised` (true or not), and `flaw_until`, `agreement_until`, `waits_for`: a
day or None. A condition holds before its day and not on it. Days lie on today, next to it, and beyond a year,
where a register is read wrongly most often.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

RECORDS = 80
CONDITIONS = {"flaw_until": 3, "agreement_until": 2, "waits_for": 1}
NEAR, FAR = (-1, 0, 1, 364, 365, 366), (-500, 700)


def trials(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draw records; give for each the arguments, and the answer as [tier, day of the next look]."""
    found = []
    for _ in range(RECORDS):
        today = datetime.date(2027, 1, 1) + datetime.timedelta(days=int(rng.integers(1500)))
        record: dict[str, Any] = {
            name: bool(rng.random() < 0.12) for name in ("marked", "listed", "promised")
        }
        for name in CONDITIONS:
            record[name] = _day(today, rng)
        tier, look = answer(record, today)
        found.append({"record": record, "today": today.isoformat(), "answer": [tier, look]})
    return found


def _day(today: datetime.date, rng: np.random.Generator) -> str | None:
    if rng.random() < 0.45:
        return None
    away = int(rng.choice(NEAR)) if rng.random() < 0.5 else int(rng.integers(*FAR))
    return (today + datetime.timedelta(days=away)).isoformat()


def answer(record: dict[str, Any], today: datetime.date) -> tuple[int, str]:
    """Give the tier, and the next look: on the first day still to come, after a year at the latest."""
    ahead = {name: day for name in CONDITIONS if (day := record[name]) and day > today.isoformat()}
    tier = max([0, *(CONDITIONS[name] for name in ahead)])
    if record["listed"] or record["promised"]:
        tier = 3
    if record["marked"]:
        tier = 4
    year = today + datetime.timedelta(days=365)
    return tier, min([*ahead.values(), year.isoformat()])
