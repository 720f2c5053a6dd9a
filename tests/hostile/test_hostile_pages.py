"""The feedback on hostile hand-ins, opened in a real browser: nothing of it runs, and it loads nothing."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import attacks
from tests.hostile.course import HONEST

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SHOWING = [one.learner for one in attacks() if one.core and one.name.startswith("outputs/")]


@pytest.fixture(scope="module")
def page(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("learner", [*SHOWING, *HONEST])
def test_the_page_of_feedback_does_nothing_but_show_itself(learner, quick, page):
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("dialog", lambda one: said.append(one.message))
    path = quick.ended.places.course / "feedback" / learner / "pset" / "pset.html"
    page.goto(path.as_uri())
    for link in page.locator("details, img, a, button").all():
        link.dispatch_event("mouseover")
        link.dispatch_event("toggle")
    # Whatever would load has been asked for, and whatever would run has had its turn.
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("typeof window.owned") == "undefined"
    assert [one for one in asked if not one.startswith(("data:", path.as_uri()))] == []
    assert said == []
    assert page.locator("main").count() == 1
