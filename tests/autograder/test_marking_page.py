"""Twelve hostile letters on the marking page, in a real Chromium: nothing acts, nothing is asked for."""

from __future__ import annotations

import pytest

from tests.autograder.conftest import copied
from tests.autograder.letters import LETTERS
from tests.autograder.marking import marking

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_nothing_of_a_letter_acts_on_the_page_and_nothing_leaves_it(hostile, tmp_path, chromium):
    course = copied(hostile, tmp_path)
    seen, troubles = set(), []
    with marking(course, "--names") as served:
        context = chromium.new_context()
        page = context.new_page()
        page.on("dialog", lambda one: (troubles.append(one.message), one.dismiss()))
        page.on("request", lambda one: one.url.startswith((served.base, "data:")) or troubles.append(one.url))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(served.address)
        letters = page.locator("tbody a").evaluate_all("all => all.map(one => one.href)")
        assert len(letters) == len(LETTERS)
        for address in letters:
            answer = page.goto(address)
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            seen.add(page.locator("header nav").inner_text().rpartition("(")[2].partition(")")[0])
            assert page.locator(".letter").inner_text().strip(), address
            # Of the letter there is nothing to click, to load or to run.
            odd = (
                ".letter :is(a, script, img, iframe, svg, style, form, base, meta, details, button, [style])"
            )
            assert page.locator(odd).count() == 0, address
            page.wait_for_load_state("networkidle")
            page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            assert page.evaluate("typeof window.owned") == "undefined", address
            assert page.evaluate("getComputedStyle(document.body).visibility") == "visible"
            assert page.url == address
        assert seen == set(LETTERS)
        assert troubles == []
        # And if something of it came through as HTML, the policy would still keep it from running.
        page.evaluate(
            "document.querySelector('.letter').innerHTML = "
            '\'<img src=http://192.0.2.1/x onerror="window.owned = 1">'
            '<iframe srcdoc="<script>parent.owned = 1</script>"></iframe>\''
        )
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        assert page.evaluate("typeof window.owned") == "undefined"
        context.close()
