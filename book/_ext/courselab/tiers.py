"""The course's own scheme of five tiers, and the reasons that decide. It is for teaching and binds nobody."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_REVIEW_DAYS = 365


@dataclass(frozen=True)
class Tier:
    """One step of the scheme: who may have it, and who decides that."""

    tier: int
    name: str
    who: str
    decides: str


SCHEME = (
    Tier(0, "Open", "anyone", "the authors"),
    Tier(
        1,
        "Open later",
        "the group and named collaborators, until a day that is written down",
        "whoever leads the project",
    ),
    Tier(
        2,
        "Partners",
        "people whom an agreement, a licence or a label lets in",
        "whoever gave it to you",
    ),
    Tier(
        3,
        "Restricted",
        "named people who need it; the responsible office is asked first",
        "whoever leads the project, with the office",
    ),
    Tier(
        4,
        "Not ours",
        "nobody here: not opened, not copied, handed to the office",
        "the authority that marked it",
    ),
)
REASONS = {
    "published": "It is public already.",
    "ours": "It is our own result, nobody else has a say, and nothing waits for it.",
    "ours-later": "It is our own result, and something with a date comes first.",
    "agreement": "An agreement, a licence or a label of whoever gave it says who may have it.",
    "listed": "It is an item or unpublished technology that a control list describes.",
    "security": "It opens a system, or tells of a flaw that is not yet fixed.",
    "person": "It tells something about a person.",
    "marked": "A government's or an institution's marking puts it under rules of their own.",
}
