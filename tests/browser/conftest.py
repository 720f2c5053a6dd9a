"""Pages of cases for the browser tests: one site, and a page that must stay quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.front_page import served, write_site


@pytest.fixture(scope="module")
def case_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample pages on a plain server."""
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def opened(chromium: Browser, case_site: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the site in a fresh browser; what it complains of or asks elsewhere is a fault."""
    contexts, troubles, asked = [], [], []

    def open_page(name: str, **options: object) -> Page:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("request", lambda request: asked.append(request.url))
        # Printing for real would open a dialogue; what was asked for is kept instead.
        page.add_init_script("window.print = () => { window.printed = (window.printed ?? 0) + 1; }")
        page.goto(f"{case_site}/{name}.html")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
    assert [url for url in asked if not url.startswith((case_site, "data:", "blob:"))] == []
