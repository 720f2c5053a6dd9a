"""Show a page to whoever sits before this machine."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path

__all__ = ["can_show_a_browser", "show"]


def can_show_a_browser() -> bool:
    """Tell whether a browser that this process opened would be seen by anyone."""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("CI"):
        return False
    if os.name == "nt" or Path("/System/Library").is_dir():
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show(page: Path) -> bool:
    """Open a file in the browser; tell whether there was one."""
    return webbrowser.open(page.resolve().as_uri())
