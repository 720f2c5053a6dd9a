"""Moments and days, written one way: UTC, to the second, with a Z."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
PERIOD = re.compile(r"P(?=\d)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,4})D)?")


def now() -> datetime:
    """The present second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def text(moment: datetime) -> str:
    """Write a moment as `2026-11-22T10:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(written: str) -> datetime:
    """Read `2026-11-22T10:00:00Z`; ValueError for any other form or an impossible date."""
    if not MOMENT.fullmatch(written):
        raise ValueError("is not a moment like 2026-11-22T10:00:00Z")
    return datetime.fromisoformat(written.replace("Z", "+00:00"))


def any_moment(written: str) -> datetime:
    """Read an XML Schema dateTime with a zone, as other issuers write them."""
    if not ZONED.fullmatch(written):
        raise ValueError("is not a moment with a time zone")
    return datetime.fromisoformat(written).astimezone(UTC)


def day_or_moment(written: str, *, last: bool = False) -> datetime:
    """Read a day (its first second, UTC, or its last) or a moment."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        day = datetime.fromisoformat(written).replace(tzinfo=UTC)
        return day + timedelta(days=1, seconds=-1) if last else day
    return moment(written)


def after(start: datetime, period: str) -> datetime:
    """Add an ISO 8601 period of years, months and days; 29 February becomes the 28th where there is none."""
    found = PERIOD.fullmatch(period)
    if found is None or not any(int(part or 0) for part in found.groups()):
        raise ValueError("is not a period like P3Y, P18M or P90D")
    years, months, days = (int(part or 0) for part in found.groups())
    month = start.month - 1 + months
    year, month = start.year + years + month // 12, month % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, _last(year, month))) + timedelta(
        days=days
    )


def _last(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
