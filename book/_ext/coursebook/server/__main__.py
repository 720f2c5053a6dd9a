"""Serve the book and JupyterLab at one address: `python -m coursebook.server --root .`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import warnings
from pathlib import Path
from typing import Any

import click

from autograder.screen import can_show_a_browser
from coursebook.server import jupyter
from coursebook.server.places import Places

MESSAGE = """
The course is ready:  {address}
Open that address once: it signs you in. Labs open from their pages. Ctrl-C stops the course.
Your work is in {workspace}
"""


def announce(app: Any, places: Places, lock: int | None) -> None:
    """Print the address when the server answers under it, and let the next start go on."""
    if lock is not None:
        os.close(lock)
    token = app.identity_provider.token
    address = f"http://127.0.0.1:{app.port}{app.base_url}?token={token}"
    click.echo(MESSAGE.format(address=address, workspace=places.workspace))


@click.command(epilog="Example: python -m coursebook.server --root . --port 8890")
@click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", show_default=True
)
@click.option("--port", type=click.IntRange(1, 65535), default=8888, show_default=True)
@click.option("--base-url", default="/", show_default=True, help="Where the server's addresses begin.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--lock", type=int, hidden=True, help="start.py's lock, open: held until the server answers.")
def main(root: Path, port: int, base_url: str, no_browser: bool, lock: int | None) -> None:
    """Serve the built book and JupyterLab; the book needs no token, JupyterLab keeps its own."""
    if lock is not None:
        os.set_inheritable(lock, False)  # a kernel must not hold it
    places = Places(root.resolve())
    places.prepare()
    jupyter.prepare(places)
    # Imported after the environment is set: Jupyter reads it when it is loaded.
    from jupyter_server.serverapp import JupyterServerAuthWarning, ServerApp
    from traitlets.config import Config

    # Jupyter's own terminals are announced as lacking a mark that their parent class carries.
    warnings.simplefilter("ignore", JupyterServerAuthWarning)
    base = f"/{base_url.strip('/')}/" if base_url.strip("/") else "/"
    browser = not no_browser and can_show_a_browser()
    # At a stop Jupyter leaves the requests that are still being answered as they are, and the threads
    # that work for them wait for ever; the runner ends them with its loop.
    with asyncio.Runner() as runner:
        runner.get_loop()  # from here on the loop of this thread, which Jupyter takes
        app = ServerApp.instance(config=Config(jupyter.settings(places, port, base, browser)))
        app.initialize(argv=[], find_extensions=False, new_httpserver=False)
        jupyter.refuse_unsafe(app)
        jupyter.refuse_taken(port)
        app.init_httpserver()
        # Away from a terminal Jupyter lets Ctrl-C break its loop, and kernels are not ended in order.
        signal.signal(signal.SIGINT, lambda *_: app.stop(from_signal=True))
        app.io_loop.add_callback(announce, app, places, lock)
        app.start()
        logging.disable()  # requests that are dropped from here on are nobody's errors


if __name__ == "__main__":
    main()
