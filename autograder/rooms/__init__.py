"""Rooms for learner code: walls from Linux's own means, and a warm parent that forks a room in milliseconds.

    from autograder.rooms import WarmParent

    with WarmParent(imports=("numpy",)) as parent, parent.open() as room:
        print(room.ask({"source": "result = 6 * 7"}, seconds=10))   # {'value': 42, 'error': None}

`autograder grade` runs every submission in two of them and proves their walls first; `autograder doctor` says
what they are.
"""

from __future__ import annotations

from autograder.rooms.findings import Finding, NoIsolation
from autograder.rooms.handle import Room, RoomLost, WarmParent
from autograder.rooms.limits import Limits

__all__ = ["Finding", "Limits", "NoIsolation", "Room", "RoomLost", "WarmParent"]
