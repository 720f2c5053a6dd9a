"""The built book, sent as it is, to anyone on this machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.routing import Matcher
from tornado.web import StaticFileHandler

from coursebook.csp import policy_for

# Jupyter's own addresses; a folder of the book by one of these names must not hide them.
JUPYTERS = re.compile(
    r"(?:api|consoles|course|custom|doc|edit|files|kernelspecs|lab|login|logout|logos|lsp|metrics|nbconvert"
    r"|nbextensions|notebooks|static|terminals|tree|validate_assignment|view)(?:/|$)"
)
# A picture opened by itself must not run the scripts that an SVG may hold.
INERT = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


def page_for(folder: Path, address: str) -> str | None:
    """Name the file of the book that an address (still percent-encoded) means, or say that it means none."""
    try:
        name = unquote(address, errors="strict")
    except UnicodeDecodeError:
        return None
    name = name + "index.html" if name == "" or name.endswith("/") else name
    parts = name.split("/")
    plain = all(part and not part.startswith(".") for part in parts) and name.isprintable()
    if not plain or "\\" in name or ":" in name or JUPYTERS.match(name):
        return None
    file, home = (folder / name).resolve(), folder.resolve()
    # A page that is not there is the book's to miss: a reader gets "not found" and no sign-in form.
    return name if file.is_relative_to(home) and (file.is_file() or name.endswith(".html")) else None


class BookPages(Matcher):  # type: ignore[misc]  # Tornado is not followed by the type checker
    """Match the addresses that mean a file of the book; all others are Jupyter's."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.folder, self.base_url = folder, base_url

    def match(self, request: Any) -> dict[str, Any] | None:
        """Say which file is asked for."""
        path = str(request.path)
        if not path.startswith(self.base_url):
            return None
        name = page_for(self.folder, path[len(self.base_url) :])
        return None if name is None else {"path_args": [name], "path_kwargs": {}}


class BookHandler(JupyterHandler, StaticFileHandler):  # type: ignore[misc]  # see above
    """Send one file of the book. No sign-in is needed, but a foreign Host is refused, as everywhere."""

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the file; an address with a token has signed the reader in and is shown no longer."""
        if "token" in self.request.query_arguments:
            self.set_header("Cache-Control", "no-store")
            self.clear_header("Access-Control-Allow-Origin")  # Jupyter's courtesy to whoever has a token
            self.redirect(self.request.path)
            return
        await StaticFileHandler.get(self, path, include_body)

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def head(self, path: str) -> None:
        """Send the headers alone."""
        await self.get(path, include_body=False)

    def get_content_type(self) -> str:
        """Name the type by our own table, because some systems' tables are wrong."""
        fallback = str(StaticFileHandler.get_content_type(self))
        return TYPES.get(Path(self.absolute_path).suffix.lower(), fallback)

    def compute_etag(self) -> str:
        """Name the version by time and size; Tornado would keep a digest over the next build."""
        state = Path(self.absolute_path).stat()
        return f'"{state.st_mtime_ns:x}-{state.st_size:x}"'

    def set_extra_headers(self, path: str) -> None:
        """Add the book's policy, and keep old copies from being shown."""
        is_page = path.endswith(".html")
        # Never read from the page: what got into a page must not decide what it may do.
        self.set_header("Content-Security-Policy", policy_for("") if is_page else INERT)
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        if "v" not in self.request.query_arguments:  # Sphinx writes ?v=<digest> where a copy may be kept
            self.set_header("Cache-Control", "no-cache")
        if is_page:
            # Tells the page's script that this server is there, so that elsewhere it asks nobody.
            self.set_cookie("course_live", "1", path=self.base_url, samesite="Strict")
