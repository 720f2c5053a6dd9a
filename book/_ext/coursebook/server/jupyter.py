"""Jupyter's settings for the course, kept apart from the learner's own Jupyter."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import Any

import zmq
from tornado.netutil import bind_sockets

from autograder.workspace import HOME
from coursebook.server.handout import write_whole
from coursebook.server.places import Places

EXTENSIONS = (
    "jupyterlab",
    "notebook",
    "notebook_shim",
    "jupyter_server_terminals",
    "coursebook.server",
)
# News would be fetched from another host; the others are an instructor's tools, ask for language servers that
# are not installed, or turn text into notebooks. Validate runs the visible checks alone, and calls nonsense
# that passes them a success.
SWITCHED_OFF = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyter/nbgrader:assignment-list",
    "@jupyter/nbgrader:course-list",
    "@jupyter/nbgrader:create-assignment",
    "@jupyter/nbgrader:formgrader",
    "@jupyter/nbgrader:menu",
    "@jupyter/nbgrader:validate-assignment",
    "jupyterlab-jupytext",
)
OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
# A figure of the course asks the page around it whether it is dark; JupyterLab's dark themes do not say so.
STYLE = """body[data-jp-theme-light="false"] .jp-OutputArea-output img { color-scheme: dark; }
"""
# These would change who may come in; the course decides that alone.
DROPPED = ("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE", "JUPYTER_NO_CONFIG", "JUPYTER_PORT")


def environment(places: Places) -> dict[str, str]:
    """Name the folders that take the place of ~/.jupyter, ~/.local/share/jupyter and ~/.ipython."""
    home, programs = places.jupyter, str(Path(sys.executable).parent)
    before = os.environ.get("PATH", os.defpath)
    return {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        # So that `practice` and `handin` are found in JupyterLab's terminals, and find the workspace.
        HOME: str(places.root),
        "PATH": os.pathsep.join(dict.fromkeys([programs, *before.split(os.pathsep)])),
    }


def prepare(places: Places) -> None:
    """Write the settings files, and point this process and its kernels to them."""
    for name in DROPPED:
        os.environ.pop(name, None)
    os.environ.update(environment(places))
    for folder in ("config", "data", "runtime", "ipython"):
        path = places.jupyter / folder
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)  # the runtime folder holds keys
    labels = places.jupyter / "config" / "labconfig"
    page = {"disabledExtensions": dict.fromkeys(SWITCHED_OFF, True)}
    write_whole(labels / "page_config.json", json.dumps(page, indent=1).encode())
    write_whole(places.jupyter / "config" / "custom" / "custom.css", STYLE.encode())
    write_whole(labels / "default_setting_overrides.json", json.dumps(OVERRIDES, indent=1).encode())


def settings(places: Places, port: int, base_url: str, open_browser: bool) -> dict[str, dict[str, Any]]:
    """Write the configuration of the server, class by class."""
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port": port,
            "port_retries": 0,
            "base_url": base_url,
            "default_url": base_url,
            "root_dir": str(places.workspace),
            "open_browser": open_browser,
            "answer_yes": True,  # one Ctrl-C stops the server
            "quit_button": False,
            "extra_template_paths": [str(Path(__file__).parent / "templates")],
            "allow_root": True,  # a container's only user is often root; only this machine is answered
            "allow_origin": "",
            "allow_remote_access": False,
            "allow_unauthenticated_access": False,
            "disable_check_xsrf": False,
            "jpserver_extensions": dict.fromkeys(EXTENSIONS, True),
            "log_level": "ERROR",  # each refused request would else be a line in the learner's terminal
            "log_format": "%(message)s",
            "terminado_settings": _shell(),
            "tornado_settings": {"xsrf_cookie_kwargs": {"path": base_url, "samesite": "Strict"}},
        },
        "IdentityProvider": {
            "token": secrets.token_hex(24),
            "cookie_options": {"samesite": "Strict"},
        },
        # The token changes at each start; a password would stay.
        "PasswordIdentityProvider": {"allow_password_change": False},
        # The extensions would otherwise each tell what they load.
        "ExtensionApp": {"log_level": "ERROR"},
        # Kernels listen on ports of this machine, which others on it can reach as well.
        "KernelManager": {"transport_encryption": "auto" if zmq.has("curve") else "disabled"},
        "LabApp": {
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
            "custom_css": True,
        },
        "LabServerApp": {"copy_absolute_path": False},
        "CourseServer": {"root": str(places.root)},
    }


def _shell() -> dict[str, list[str]]:
    """Name the shell of JupyterLab's terminals; as a login shell it would forget where our commands are."""
    shell = os.environ.get("SHELL") or shutil.which("bash") or shutil.which("sh")
    return {} if os.name == "nt" or not shell else {"shell_command": [shell]}


def refuse_unsafe(app: Any) -> None:
    """End when a configuration file of this machine has opened what must stay closed."""
    provider = app.identity_provider
    closed = app.ip == "127.0.0.1" and provider.token and not app.allow_origin and not app.allow_origin_pat
    if not (closed and not app.allow_remote_access and not app.disable_check_xsrf):
        raise SystemExit(
            "A Jupyter configuration file of this machine opens the server to others, so it was not started; "
            "`jupyter --paths` lists where such files lie."
        )


def refuse_taken(port: int) -> None:
    """End in one line when somebody has taken the port since start.py looked; Jupyter's own needs a guide."""
    try:
        for taken in bind_sockets(port, "127.0.0.1"):
            taken.close()
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise SystemExit(f"Port {port} {why}; for another address: make start PORT=NUMBER") from None
