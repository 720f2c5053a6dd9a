"""The learner's server: the book and JupyterLab at one address.

The modules:

places       where the built book, the notebooks and the learner's workspace lie
pages        which file of the book an address means, and how it is sent
handout      copies for the learner that never overwrite what the learner wrote
transcripts  what may be saved of a played case
progress     a learner's progress, kept in the workspace
handlers     the addresses under /course/
exercises    those of one exercise: "am I right?", the zip for the instructor, the feedback
jupyter      the settings of Jupyter, kept apart from the learner's own
__main__     the command: python -m coursebook.server --root .

The book needs no token. Everything that runs code or writes a file asks for Jupyter's sign-in, and a request
that changes something for its XSRF token as well. Only this machine is answered, under its own names.
"""

from __future__ import annotations

from typing import Any

__all__ = ["_jupyter_server_extension_points", "_load_jupyter_server_extension"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter's server that this package extends it."""
    return [{"module": "coursebook.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Add the book and the course's addresses to a running server application."""
    # Imported here, so that the parts without Jupyter can be used and tested without it.
    from coursebook.server.handlers import add_to

    add_to(app)
