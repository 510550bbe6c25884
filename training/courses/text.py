"""The text of a chapter: Markdown with anchors and named blocks, turned into sections of rendered blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin
from mdit_py_plugins.container import container_plugin

from training.courses.faults import Fault
from training.languages import Language

PROSE = "prose"
NAMED = (
    "case",
    "key",
    "short",
    "caution",
    "example",
    "practice",
    "dilemma",
    "recall",
    "reflection",
    "works",
    "reading",
)
WITH_ARGUMENT = {"example", "practice", "dilemma", "reflection"}
EMPTY = {"practice", "dilemma", "recall"}
_CITATION = re.compile(r"\[@([A-Z]{1,3}\d{1,3}[a-z]?(?:; ?@[A-Z]{1,3}\d{1,3}[a-z]?)*)\]")
_TAGS = {
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "sup",
    "h3",
    "h4",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "blockquote",
    "br",
    "span",
    "code",
    "div",
}
_ATTRIBUTES = {
    "a": {"href", "class", "title", "rel", "aria-label"},
    "p": {"id"},
    "ul": {"id"},
    "ol": {"id", "start"},
    "h3": {"id"},
    "h4": {"id"},
    "span": {"class", "lang"},
    "table": {"id"},
    "th": {"scope"},
    "blockquote": {"id"},
    "div": {"class", "tabindex", "role"},
}


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph, a list, a table, or a named block (`kind`, with its `argument`) of rendered HTML."""

    kind: str
    anchor: str
    html: str
    line: int
    argument: str = ""
    meaning: int = 1
    plain: str = ""
    citations: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    invented: bool = False
    """Whether the numbers of the block are made up, and say so."""

    @property
    def shape(self) -> tuple[object, ...]:
        """What has to be equal in all languages."""
        cited, terms = tuple(sorted(set(self.citations))), tuple(sorted(self.terms))
        return (self.kind, self.argument, self.anchor, cited, terms, self.invented)


@dataclass(frozen=True, kw_only=True)
class SectionText:
    """The blocks of one section."""

    id: str
    line: int
    blocks: tuple[Block, ...]


@dataclass
class _Place:
    """Where the renderer is: what the links and the numbers of the citations depend on."""

    language: Language
    course: str
    citations: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    chapters: list[str] = field(default_factory=list)


def parse(text: str, *, file: str, language: Language, course: str) -> tuple[list[SectionText], list[Fault]]:
    """Return the sections of a chapter's text and what is wrong with it."""
    return _Parser(text, file, _Place(language, course)).parse()


def words(text: str) -> int:
    """Return the number of words of a plain text."""
    return len(re.findall(r"\w+(?:[’'\-]\w+)*", text))


def blocks_of(sections: Sequence[SectionText]) -> list[Block]:
    """Return the blocks of some sections in their order."""
    return [block for section in sections for block in section.blocks]


class _Parser:
    def __init__(self, text: str, file: str, place: _Place) -> None:
        self.file = file
        self.place = place
        self.faults: list[Fault] = []
        self.markdown = _markdown()
        self.environment: dict[str, Any] = {"place": place}
        self.tokens = self.markdown.parse(text, self.environment)

    def parse(self) -> tuple[list[SectionText], list[Fault]]:
        sections: list[SectionText] = []
        blocks: list[Block] = []
        current: tuple[str, int] | None = None
        for group in _groups(self.tokens):
            first = group[0]
            line = (first.map or [0])[0] + 1
            if first.type == "heading_open" and first.tag == "h1":
                if current:
                    sections.append(SectionText(id=current[0], line=current[1], blocks=tuple(blocks)))
                current, blocks = (group[1].content.strip(), line), []
            elif current is None:
                self._blame(line, "a text stands before the first `# section`")
            else:
                blocks.append(self._block(group, line))
        if current:
            sections.append(SectionText(id=current[0], line=current[1], blocks=tuple(blocks)))
        seen: set[str] = set()
        for block in (block for section in sections for block in section.blocks):
            if block.anchor in seen:
                self._blame(block.line, f"the anchor {block.anchor!r} stands twice")
            seen.add(block.anchor)
        return sections, self.faults

    def _block(self, group: list[Token], line: int) -> Block:
        first = group[0]
        anchor = str(first.attrs.get("id", ""))
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", anchor):
            self._blame(line, "a block without an anchor: put {#name} on the line before it")
        kind, argument = PROSE, ""
        inner = group
        if first.type.startswith("container_"):
            kind, _space, argument = first.info.strip().partition(" ")
            argument = argument.strip()
            inner = group[1:-1]
            self._check_container(kind, argument, inner, line)
        place = self.place
        place.citations, place.terms, place.chapters = [], [], []
        rendered = self.markdown.renderer.render(inner, self.markdown.options, self.environment)
        html = nh3.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)
        return Block(
            kind=kind,
            anchor=anchor,
            argument=argument,
            html=html.strip(),
            line=line,
            meaning=int(str(first.attrs.get("meaning", 1))),
            plain=_plain(inner),
            citations=tuple(place.citations),
            terms=tuple(place.terms),
            chapters=tuple(place.chapters),
            invented="invented" in str(first.attrs.get("class", "")).split(),
        )

    def _check_container(self, kind: str, argument: str, inner: list[Token], line: int) -> None:
        if (kind in WITH_ARGUMENT) != bool(argument):
            self._blame(line, f"::: {kind} {'needs' if kind in WITH_ARGUMENT else 'takes no'} identifier")
        if (kind in EMPTY) == bool(inner):
            self._blame(line, f"::: {kind} {'stays empty' if inner else 'is empty'}")

    def _blame(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.file, line, message))


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    markdown.use(attrs_block_plugin)
    for name in NAMED:
        markdown.use(container_plugin, name)
    markdown.inline.ruler.before("link", "citation", _citation)
    markdown.add_render_rule("citation", _render_citation)
    markdown.add_render_rule("link_open", _render_link)
    markdown.add_render_rule("heading_open", _render_heading)
    markdown.add_render_rule("heading_close", _render_heading)
    markdown.add_render_rule("table_open", _render_table)
    markdown.add_render_rule("th_open", lambda *_args: '<th scope="col">')
    markdown.add_render_rule("table_close", lambda *_args: "</table></div>")
    markdown.validateLink = _link_is_ours  # type: ignore[assignment,method-assign]  # the parser asks to be told so
    return markdown


def _link_is_ours(address: str) -> bool:
    return address.startswith(("https://", "term:", "chapter:"))


def _citation(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  the parser calls it so
    found = _CITATION.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"keys": [key.strip().removeprefix("@") for key in found.group(1).split(";")]}
    state.pos = found.end()
    return True


def _render_citation(_self: RendererHTML, tokens: list[Token], index: int, _options: Any, env: dict[str, Any]) -> str:
    place: _Place = env["place"]
    keys = tokens[index].meta["keys"]
    place.citations.extend(keys)
    return "".join(f'<a class="cite" href="#source-{escape(key)}">{escape(key)}</a>' for key in keys)


def _render_link(renderer: RendererHTML, tokens: list[Token], index: int, options: Any, env: dict[str, Any]) -> str:
    place: _Place = env["place"]
    address = str(tokens[index].attrs["href"])
    home = f"/{place.language.value}"
    if address.startswith("term:"):
        term = address.removeprefix("term:")
        place.terms.append(term)
        return f'<a class="term" href="{home}/glossary#{escape(term)}">'
    if address.startswith("chapter:"):
        chapter, _hash, anchor = address.removeprefix("chapter:").partition("#")
        place.chapters.append(f"{chapter}#{anchor}" if anchor else chapter)
        end = f"#{escape(anchor)}" if anchor else ""
        return f'<a href="{home}/courses/{place.course}/{escape(chapter)}/{end}">'
    return f'<a href="{escape(address)}" rel="external noreferrer">'


def _render_heading(renderer: RendererHTML, tokens: list[Token], index: int, options: Any, env: dict[str, Any]) -> str:
    token = tokens[index]
    token.tag = {"h2": "h3", "h3": "h4"}.get(token.tag, token.tag)  # a section's title is the page's h2
    return renderer.renderToken(tokens, index, options, env)


def _render_table(_self: RendererHTML, tokens: list[Token], index: int, _options: Any, _env: dict[str, Any]) -> str:
    anchor = escape(str(tokens[index].attrs.get("id", "")))
    return f'<div class="table-scroll" tabindex="0"><table id="{anchor}">'


def _groups(tokens: list[Token]) -> list[list[Token]]:
    """Return the top-level blocks: runs of tokens from an opening one to its closing one."""
    groups: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            groups.append([])
        groups[-1].append(token)
        depth += token.nesting
    return groups


def _plain(tokens: list[Token]) -> str:
    """Return the words of some tokens, without citations, a line for each paragraph, item or cell."""
    lines: list[str] = []
    for token in tokens:
        if token.type == "inline":
            pieces = [_words_of(child) for child in token.children or []]
            lines.append(re.sub(" +", " ", "".join(pieces)).strip(" "))
    return "\n".join(line for line in lines if line)


def _words_of(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content if token.type in {"text", "code_inline"} else ""
