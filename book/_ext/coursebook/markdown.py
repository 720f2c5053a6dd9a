"""A resolved page as plain Markdown: what a reader of the page sees, without any directive or role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from docutils import nodes

from coursebook.answers import SUMMARY

Piece = str | nodes.container
"""Either a block of Markdown, or the container of a code cell."""

_SILENT = (
    nodes.comment,
    nodes.target,
    nodes.raw,
    nodes.index if hasattr(nodes, "index") else nodes.comment,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.docinfo,
)


class Markdown:
    """Write one page's doctree as Markdown blocks and code cells, in order."""

    def __init__(self, docname: str, images: Mapping[str, str], introduction: str = "") -> None:
        self.docname = docname
        self.images = images
        self.introduction = introduction
        self.level = 0
        self._blocks: dict[str, Callable[[Any], Iterator[Piece]]] = {
            "section": self._section,
            "title": self._title,
            "rubric": self._bold,
            "paragraph": self._paragraph,
            "bullet_list": self._list,
            "enumerated_list": self._list,
            "definition_list": self._definitions,
            "block_quote": self._quote,
            "literal_block": self._literal,
            "math_block": self._formula,
            "figure": self._figure,
            "image": self._image,
            "table": self._table,
            "transition": lambda node: iter(["---"]),
            "container": self._container,
            "Answers": self._fold,
            "footnote": self._footnote,
            "citation": self._footnote,
            "glossary": self._inside,
        }

    def pieces(self, node: nodes.Element) -> Iterator[Piece]:
        """Yield the blocks below a node."""
        for child in node.children:
            yield from self.block(child)

    def block(self, node: nodes.Node) -> Iterator[Piece]:
        """Yield the blocks of one node; what is unknown is passed through to what it holds."""
        if isinstance(node, _SILENT) or (
            isinstance(node, nodes.Element) and node.tagname in {"toctree", "compound"}
        ):
            return
        if isinstance(node, nodes.Admonition):
            yield from self._admonition(node)
        elif isinstance(node, nodes.Text):
            yield from filter(None, [escape(node.astext()).strip()])
        elif isinstance(node, nodes.Inline):
            yield from filter(None, [self.inline(node)])
        elif isinstance(node, nodes.Element):
            yield from self._blocks.get(node.tagname, self._inside)(node)

    def _inside(self, node: nodes.Element) -> Iterator[Piece]:
        yield from self.pieces(node)

    def _section(self, node: nodes.Element) -> Iterator[Piece]:
        self.level += 1
        yield from self.pieces(node)
        self.level -= 1

    def _title(self, node: nodes.Element) -> Iterator[Piece]:
        if isinstance(node.parent, nodes.section):
            yield f"{'#' * max(1, min(6, self.level))} {self.text(node)}"
            if self.level == 1 and self.introduction:
                yield self.introduction
                self.introduction = ""
        else:
            yield f"**{self.text(node)}**"

    def _bold(self, node: nodes.Element) -> Iterator[Piece]:
        yield f"**{self.text(node)}**"

    def _paragraph(self, node: nodes.Element) -> Iterator[Piece]:
        yield from filter(None, [self.text(node)])

    def _list(self, node: nodes.Element) -> Iterator[Piece]:
        lines = []
        start = int(node.get("start", 1))
        for at, item in enumerate(node.children):
            mark = f"{start + at}." if node.tagname == "enumerated_list" else "-"
            body = self.joined(item).replace("\n", "\n" + " " * (len(mark) + 1))
            lines.append(f"{mark} {body}")
        yield "\n".join(lines)

    def _definitions(self, node: nodes.Element) -> Iterator[Piece]:
        for item in node.children:
            terms = [self.text(part) for part in item.children if isinstance(part, nodes.term)]
            meaning = [self.joined(part) for part in item.children if isinstance(part, nodes.definition)]
            yield f"**{', '.join(terms)}**: " + "\n\n".join(meaning)

    def _fold(self, node: nodes.Element) -> Iterator[Piece]:
        yield f"<details><summary>{SUMMARY}</summary>\n\n{self.joined(node)}\n\n</details>"

    def _quote(self, node: nodes.Element) -> Iterator[Piece]:
        yield quoted(self.joined(node))

    def _admonition(self, node: Any) -> Iterator[Piece]:
        titled = bool(node.children) and isinstance(node.children[0], nodes.title)
        body = self.joined(node)
        head = "" if titled else f"**{node.tagname.capitalize()}**\n\n"
        yield quoted(head + body)

    def _literal(self, node: nodes.Element) -> Iterator[Piece]:
        fence = "````" if "```" in node.astext() else "```"
        language = node.get("language", "")
        yield f"{fence}{'' if language in {'none', 'default'} else language}\n{node.astext()}\n{fence}"

    def _formula(self, node: nodes.Element) -> Iterator[Piece]:
        number = f" \\tag{{{node['number']}}}" if node.get("number") else ""
        yield f"$$\n{node.astext().strip()}{number}\n$$"

    def _figure(self, node: nodes.Element) -> Iterator[Piece]:
        for child in node.children:
            if isinstance(child, nodes.caption):
                yield f"*{self.text(child)}*"
            else:
                yield from self.block(child)

    def _image(self, node: nodes.Element) -> Iterator[Piece]:
        yield self._picture(node)

    def _picture(self, node: nodes.Element) -> str:
        name = self.images.get(node["uri"])
        address = f"/_images/{name}" if name else node["uri"]
        return f"![{escape(node.get('alt', ''))}]({address})"

    def _table(self, node: nodes.Element) -> Iterator[Piece]:
        for child in node.children:
            if isinstance(child, nodes.title):
                yield f"**{self.text(child)}**"
        rows = [
            [self.joined(entry).replace("\n", " ").replace("|", "\\|") for entry in row.children]
            for row in node.findall(nodes.row)
        ]
        if rows:
            lines = [f"| {' | '.join(row)} |" for row in rows]
            lines.insert(1, "|" + " --- |" * len(rows[0]))
            yield "\n".join(lines)

    def _container(self, node: nodes.Element) -> Iterator[Piece]:
        if node.get("nb_element") == "cell_code" and isinstance(node, nodes.container):
            yield node
            # The picture is drawn again when the cell runs; what the page says under it is prose.
            for caption in node.findall(nodes.caption):
                yield f"*{self.text(caption)}*"
        elif "prompt" not in node["classes"]:  # without its folds a question would stand beside its answer
            yield from self.pieces(node)

    def _footnote(self, node: nodes.Element) -> Iterator[Piece]:
        label = next((part.astext() for part in node.children if isinstance(part, nodes.label)), "")
        body = "\n\n".join(
            str(piece)
            for part in node.children
            if not isinstance(part, nodes.label)
            for piece in self.block(part)
        )
        yield f"[{label}] {body}" if label else body

    def joined(self, node: Any) -> str:
        """Write all blocks below a node as one text; code cells do not occur there."""
        return "\n\n".join(piece for piece in self.pieces(node) if isinstance(piece, str))

    def text(self, node: nodes.Element) -> str:
        """Write what a node holds as one run of inline Markdown."""
        return "".join(map(self.inline, node.children)).strip()

    def inline(self, node: nodes.Node) -> str:
        """Write one inline node."""
        if isinstance(node, nodes.Text):
            return escape(node.astext())
        if not isinstance(node, nodes.Element) or isinstance(node, _SILENT):
            return ""
        inner = "".join(map(self.inline, node.children))
        match node.tagname:
            case "strong" | "emphasis":
                mark = "**" if node.tagname == "strong" else "*"
                return f"{mark}{inner}{mark}"
            case "literal":
                return f"`{node.astext()}`"
            case "math":
                return f"${node.astext().strip()}$"
            case "image":
                return self._picture(node)
            case "reference" | "number_reference":
                return self._link(node, inner)
            case "FactMark":
                return " ".join(filter(None, [inner, node["standing"], self._source(node)]))
            case "problematic":
                return node.astext()
        return inner

    def _source(self, node: nodes.Element) -> str:
        """Link a fact to its source: in a notebook there is no foot of the page."""
        return f'[§]({node["url"]} "{escape(node["cited"]).replace(chr(34), chr(39))}")'

    def _link(self, node: nodes.Element, inner: str) -> str:
        """Link to the same place in the served book; another site stays as it is."""
        address = node.get("refuri") or f"#{node.get('refid', '')}"
        return f"[{inner}]({self.address(address)})"

    def address(self, uri: str) -> str:
        """Make a page's relative address absolute on the course's server."""
        if "://" in uri or uri.startswith("mailto:"):
            return uri
        if uri.startswith("#") or not uri:
            return f"/{self.docname}.html{uri}"
        parts = self.docname.split("/")[:-1]
        path, hash_, fragment = uri.partition("#")
        for step in path.split("/"):
            if step == "..":
                parts = parts[:-1]
            elif step not in {"", "."}:
                parts.append(step)
        return "/" + "/".join(parts) + hash_ + fragment


def quoted(text: str) -> str:
    """Write a text as a block quote."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def escape(text: str) -> str:
    """Keep prose from being read as Markdown: only what would change its meaning is escaped."""
    for mark in ("\\", "*", "`", "$", "<"):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " ")
