"""A lossless XML document with source positions.

Rules of this file:

1. Only the data type lives here: parsing is `reading`, serialising is `writing`.
2. It knows XML and namespaces, not BPMN. Nothing is interpreted, nothing is dropped: comments,
   processing instructions, text, attribute order, prefixes and namespace declarations are kept,
   so that a file nobody changed is written back the same after canonicalisation (C14N).
3. Values only, built from the leaves up: there are no cycles, so the collector need not look.
"""

from collections.abc import Iterator

from msgspec import Struct


class Position(Struct, frozen=True, gc=False):
    """Where something stands in a file: 1-based line and column."""

    line: int
    column: int


class Comment(Struct, frozen=True, gc=False):
    """An XML comment."""

    text: str


class Instruction(Struct, frozen=True, gc=False):
    """A processing instruction."""

    target: str
    text: str


class Element(Struct, frozen=True, gc=False):
    """An XML element.

    `tag` is the qualified name as written ("bpmn:task"); `namespace` and `local` are resolved.
    `attributes` keeps the written names, in order, without namespace declarations, which are
    in `declarations` as (prefix or "", URI). `children` mixes elements, text and comments.
    """

    tag: str
    namespace: str
    local: str
    position: Position
    attributes: tuple[tuple[str, str], ...] = ()
    declarations: tuple[tuple[str, str], ...] = ()
    children: tuple["Element | Comment | Instruction | str", ...] = ()

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of the attribute written `name`."""
        for key, value in self.attributes:
            if key == name:
                return value
        return default

    def elements(self) -> Iterator["Element"]:
        """The child elements, in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child

    @property
    def text(self) -> str:
        """The element's own character data, joined."""
        children = self.children
        if len(children) == 1 and isinstance(children[0], str):
            return children[0]
        return "".join([child for child in children if isinstance(child, str)])


class Document(Struct, frozen=True, gc=False):
    """A whole file: what stands before the root, the root, and what stands after."""

    root: Element
    before: tuple[Comment | Instruction, ...] = ()
    after: tuple[Comment | Instruction, ...] = ()
    encoding: str = "UTF-8"
    standalone: bool | None = None
