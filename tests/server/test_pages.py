"""Which address means a file of the book: the book's own files, and nothing else on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from coursebook.server.pages import page_for


@pytest.fixture
def html(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    for name in ("index.html", "modules/a/index.html", "_static/a b.css", ".buildinfo", "lab/index.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "out").symlink_to(tmp_path)
    return folder


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("", "index.html"),
        ("index.html", "index.html"),
        ("modules/a/", "modules/a/index.html"),
        ("_static/a%20b.css", "_static/a b.css"),
        ("modules/a/nothing.html", "modules/a/nothing.html"),  # for a plain "not found"
    ],
)
def test_files_of_the_book_are_found(html, address, name):
    assert page_for(html, address) == name


@pytest.mark.parametrize(
    "address",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt",
        "%252e%252e%252fsecret.txt",
        "..%5csecret.txt",
        "_static/../../secret.txt",
        "./index.html",
        "//etc/passwd",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "C:/secret.txt",
        "out/secret.txt",  # a link that leads out
        ".buildinfo",
        "modules/.git/config",
        "index.html%00.css",
        "index.html%0a",
        "%ff",
        "modules",
        "nothing",
        "lab/index.html",  # Jupyter's own address
        "lab/index.html/",
        "api/contents",
        "login",
        "index.html/",
    ],
)
def test_nothing_else_is(html, address):
    name = page_for(html, address)
    assert name is None or not (html / name).exists()
