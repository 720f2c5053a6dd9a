"""Running the marking page until somebody stops it."""

from __future__ import annotations

import asyncio
import errno
import signal
from collections.abc import Callable
from contextlib import suppress

from coursefacts.errors import InputFault
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from autograder.gradebook import gradebook
from autograder.marking.app import make_app
from autograder.marking.desk import Desk
from autograder.marking.signin import SignIn
from autograder.marking.store import ensure

__all__ = ["serve"]

_LARGEST = 1_000_000  # bytes of a form


def serve(desk: Desk, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C.

    ready: is told the address that signs in, when the server answers under it.
    """
    if not desk.look().letters:
        raise InputFault(
            f"'{desk.settings.exercise}' has no written part that a person marks",
            path=desk.course.root,
            remedy="check the name, or grade first: autograder grade EXERCISE",
        )
    # Also brings nbgrader in now, so that the first mark is saved as quickly as the others.
    with gradebook(desk.course) as book, book.engine.begin() as own:
        ensure(own)
    with asyncio.Runner() as runner:
        runner.run(_run(desk, port, ready))
    desk.letters.close()


async def _run(desk: Desk, port: int, ready: Callable[[str], None]) -> None:
    try:
        sockets = bind_sockets(port, "127.0.0.1")
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise InputFault(f"port {port} {why}", remedy="give another one with --port") from None
    door = SignIn(sockets[0].getsockname()[1])
    server = HTTPServer(make_app(desk, door), max_body_size=_LARGEST)
    server.add_sockets(sockets)
    stopped = asyncio.Event()
    with suppress(NotImplementedError):  # Windows breaks the loop by itself
        for kind in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(kind, stopped.set)
    ready(door.address)
    await stopped.wait()
    server.stop()
    await server.close_all_connections()
