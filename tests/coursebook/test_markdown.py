"""The doctree of a page as plain Markdown: nothing of the book's own syntax is left."""

from __future__ import annotations

import pytest
from coursebook.answers import Answers
from coursebook.facts import FactMark
from coursebook.markdown import Markdown, escape, quoted
from docutils import nodes


def written(*blocks: nodes.Node, docname: str = "a/b") -> str:
    writer = Markdown(docname, {"plot.png": "plot.png"})
    return "\n\n".join(str(piece) for block in blocks for piece in writer.block(block))


def paragraph(*parts: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *parts)


def test_marks_survive_and_text_is_not_read_as_marks() -> None:
    text = written(paragraph(nodes.Text("2*3 "), nodes.strong("", "bold"), nodes.literal("", "x*y")))
    assert text == "2\\*3 **bold**`x*y`"


def test_sections_nest_and_the_introduction_follows_the_title() -> None:
    inner = nodes.section("", nodes.title("", "Inner"), paragraph(nodes.Text("t")))
    outer = nodes.section("", nodes.title("", "Outer"), inner)
    writer = Markdown("a/b", {}, introduction="Hello.")
    assert list(writer.block(outer)) == ["# Outer", "Hello.", "## Inner", "t"]


def test_lists_nest_by_indentation() -> None:
    inner = nodes.bullet_list("", nodes.list_item("", paragraph(nodes.Text("b"))))
    outer = nodes.enumerated_list("", nodes.list_item("", paragraph(nodes.Text("a")), inner), start=3)
    assert written(outer) == "3. a\n   \n   - b"


def test_an_admonition_is_a_quote_with_its_title() -> None:
    assert written(nodes.note("", paragraph(nodes.Text("Look.")))) == "> **Note**\n>\n> Look."
    titled = nodes.admonition("", nodes.title("", "Mind this"), paragraph(nodes.Text("Look.")))
    assert written(titled) == "> **Mind this**\n>\n> Look."


def test_answers_stay_folded_and_a_fact_keeps_the_link_to_its_source() -> None:
    assert written(Answers("", paragraph(nodes.Text("Forty-two.")))) == (
        "<details><summary>Answers, for after you have tried</summary>\n\nForty-two.\n\n</details>"
    )
    fact = FactMark("", "", nodes.Text("45 days"), standing="(reported)")
    fact["url"], fact["cited"] = "https://law.example/a", 'The "Act", section 2'
    assert written(paragraph(fact)) == (
        "45 days (reported) [§](https://law.example/a \"The 'Act', section 2\")"
    )


def test_formulas_keep_their_dollars_and_numbers() -> None:
    assert written(paragraph(nodes.math("", "x^2"))) == "$x^2$"
    assert written(nodes.math_block("", "a = b", number=2)) == "$$\na = b \\tag{2}\n$$"


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("../index.html", "/index.html"),
        ("c.html#x", "/a/c.html#x"),
        ("#here", "/a/b.html#here"),
        ("https://list.example/", "https://list.example/"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("../../../etc", "/etc"),
    ],
)
def test_links_lead_to_the_served_book_or_elsewhere(uri: str, address: str) -> None:
    assert Markdown("a/b", {}).address(uri) == address


def test_tables_and_pictures() -> None:
    def row(*cells: str) -> nodes.row:
        return nodes.row("", *(nodes.entry("", paragraph(nodes.Text(cell))) for cell in cells))

    group = nodes.tgroup("", nodes.thead("", row("a", "b")), nodes.tbody("", row("1", "x|y")))
    table = nodes.table("", nodes.title("", "Caption"), group)
    assert written(table) == "**Caption**\n\n| a | b |\n| --- | --- |\n| 1 | x\\|y |"
    assert written(nodes.image(uri="plot.png", alt="A line")) == "![A line](/_images/plot.png)"


def test_what_has_no_place_in_a_notebook_is_left_out() -> None:
    assert written(nodes.comment("", "x"), nodes.raw("", "<b>", format="html"), nodes.target("", "")) == ""
    question = nodes.container("", paragraph(nodes.Text("The answer.")), classes=["case", "prompt"])
    assert written(question) == ""


def test_a_code_cell_comes_through_as_itself_with_its_caption_after_it() -> None:
    figure = nodes.figure("", nodes.image(uri="plot.png"), nodes.caption("", "A line."))
    cell = nodes.container("", figure, nb_element="cell_code", cell_index=0)
    assert list(Markdown("a/b", {}).block(nodes.container("", cell))) == [cell, "*A line.*"]


def test_quoting_and_escaping() -> None:
    assert quoted("a\n\nb") == "> a\n>\n> b"
    assert escape("a\n$5 <b> `c`") == "a \\$5 \\<b> \\`c\\`"
