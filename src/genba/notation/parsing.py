"""Bytes to `Document`, safely.

Rules of this file:

1. Expat is the only parser, and it is a gate: a document type declaration (hence every entity and
   external reference), too much depth, too many elements or attributes, and too many bytes are
   refused before anything is built from them.
2. A file that cannot be read is a `Problem` with line and column, never an exception.
3. XML and namespaces only; what the elements mean is decided elsewhere.
"""

import codecs
import re
from xml.parsers import expat

from msgspec import Struct

from genba.notation.document import Comment, Document, Element, Instruction, Position
from genba.notation.model import Problem

# A form feed is not a character of XML 1.0, so it can never occur in a namespace or a name.
_SEPARATOR = "\x0c"
# What a handler refuses ends the parse only at the end of the chunk being fed, so the first chunk,
# where a document type declaration stands, is small. The rest is one chunk: expat before 2.6
# scans a long token again for every chunk.
_FIRST_CHUNK = 16_384
# Text longer than this arrives in pieces, which are joined one by one.
_TEXT_BUFFER = 1 << 20
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d{1,2}"
    r"|windows-?12\d\d|cp-?12\d\d|cp(437|850|852|866)|koi8-?[ru]|macintosh",
    re.IGNORECASE,
)


class Limits(Struct, frozen=True):
    """How much XML is accepted. `size` in bytes; `nodes` counts elements, comments, instructions.

    `attributes` and `declarations` (of namespaces) are each per element.
    """

    size: int = 8_000_000
    depth: int = 200
    nodes: int = 100_000
    attributes: int = 100
    declarations: int = 100


DEFAULT_LIMITS = Limits()

# Expat's error code -> (rule, words, advice); any other code is "xml.malformed" in expat's words.
_MALFORMED: dict[int, tuple[str, str, str]] = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]: (
        "xml.empty",
        "the file ends before it contains anything",
        "export the drawing again; the file is empty or cut off",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]: (
        "xml.truncated",
        "the file ends in the middle of a tag",
        "export or copy the file again; its end is missing",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]: (
        "xml.malformed",
        "a closing tag does not match the tag that is open",
        "close the tags in the order they were opened",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: (
        "xml.malformed",
        "the same attribute is given twice on one element",
        "remove one of the two",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: (
        "xml.entity",
        "the file uses an entity that XML does not define",
        "write the character itself, or its number such as &#160;",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]: (
        "xml.prefix",
        "a name uses a prefix that is not declared",
        'declare it with xmlns:prefix="…", or remove the name',
    ),
    expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]: (
        "xml.malformed",
        "there is a character here that XML does not allow",
        "check for an unescaped & or < and for the encoding of the file",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]: (
        "xml.encoding",
        "the encoding the file declares is not known",
        "save the file as UTF-8",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING]: (
        "xml.encoding",
        "the file is not written in the encoding it declares",
        "save the file as UTF-8 and let its first line say so",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: (
        "xml.malformed",
        "there is something after the end of the document",
        "remove what follows the last closing tag",
    ),
}
_MALFORMED_ADVICE = "export the drawing again, or repair the file at this place"


class _RefusedError(Exception):
    """Carries a `Problem` out of an expat handler; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def parse_document(
    data: bytes, file: str = "", *, limits: Limits = DEFAULT_LIMITS
) -> Document | Problem:
    """Read XML into a lossless `Document`, or say in a located `Problem` why not.

    `file` is only used in words. Document type declarations are refused, so no entity is ever
    expanded and nothing outside `data` is ever read (XML 1.0 §2.8, §4).
    """
    if len(data) > limits.size:
        return _refused(
            "xml.size",
            f"{file or 'the file'} is larger than {limits.size:,} bytes",
            Position(1, 1),
            advice="remove pictures or other content embedded in the drawing",
        )
    builder = _Builder(limits)
    try:
        builder.parser.Parse(data[:_FIRST_CHUNK], False)
        builder.parser.Parse(data[_FIRST_CHUNK:], True)
    except _RefusedError as refused:
        return refused.problem
    except expat.ExpatError as error:
        return _malformed(error, builder)
    except (LookupError, ValueError):
        return _malformed_encoding(builder)
    return builder.finish(data)


# An open element: name parts, where it stands, attributes, declarations, its elder siblings.
_Frame = tuple[
    tuple[str, str, str],
    Position,
    tuple[tuple[str, str], ...],
    tuple[tuple[str, str], ...],
    list[Element | Comment | Instruction | str],
]


class _Builder:
    """Collects what expat reports. Mutable, used once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.parser = parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.nodes = 0
        self.encoding: str | None = None
        self.standalone: bool | None = None
        self.root: Element | None = None
        self.outside: tuple[list[Comment | Instruction], list[Comment | Instruction]] = ([], [])
        self.names: dict[str, tuple[str, str, str]] = {}
        self.open: list[_Frame] = []
        self.siblings: list[Element | Comment | Instruction | str] = []  # of what comes next
        self.declared: list[tuple[str, str]] = []
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.buffer_size = _TEXT_BUFFER
        parser.namespace_prefixes = True
        parser.XmlDeclHandler = self.declaration
        parser.StartDoctypeDeclHandler = self.document_type
        parser.EntityDeclHandler = self.entity
        parser.ExternalEntityRefHandler = self.entity
        parser.StartNamespaceDeclHandler = self.namespace
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.CommentHandler = self.comment
        parser.ProcessingInstructionHandler = self.instruction

    @property
    def here(self) -> Position:
        return Position(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def refuse(self, rule: str, message: str, *, advice: str) -> None:
        raise _RefusedError(_refused(rule, message, self.here, advice=advice))

    def declaration(self, _version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding
        self.standalone = None if standalone < 0 else bool(standalone)
        if encoding is not None and not _ENCODINGS.fullmatch(encoding):
            self.refuse(
                "xml.encoding",
                f"the encoding '{encoding[:40]}' is not read",
                advice="save the file as UTF-8",
            )

    def document_type(self, *_: object) -> None:
        self.refuse(
            "xml.doctype",
            "the file has a document type declaration (<!DOCTYPE …>)",
            advice="remove it; drawings need none, and it is a way to attack the reader",
        )

    def entity(self, *_: object) -> int:
        self.refuse("xml.entity", "the file declares entities", advice="remove them")
        return 0

    def namespace(self, prefix: str | None, uri: str | None) -> None:
        self.declared.append((prefix or "", uri or ""))

    def start(self, name: str, attributes: list[str]) -> None:
        limits = self.limits
        self.nodes += 1
        if (
            self.nodes > limits.nodes
            or len(self.open) >= limits.depth
            or len(attributes) > 2 * limits.attributes
            or len(self.declared) > limits.declarations
        ):
            self.refuse_element()
        known = self.names
        pairs: tuple[tuple[str, str], ...] = ()
        if len(attributes) == 2:
            key, value = attributes
            pairs = (((known.get(key) or self.name(key))[2], value),)
        elif attributes:
            written = [(known.get(key) or self.name(key))[2] for key in attributes[::2]]
            pairs = tuple(zip(written, attributes[1::2], strict=True))
        parts = known.get(name) or self.name(name)
        parser = self.parser
        here = Position(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        declared: tuple[tuple[str, str], ...] = ()
        if self.declared:
            declared = tuple(self.declared)
            self.declared = []
        self.open.append((parts, here, pairs, declared, self.siblings))
        self.siblings = []

    def refuse_element(self) -> None:
        if self.nodes > self.limits.nodes:
            self.refuse_nodes()
        if len(self.open) >= self.limits.depth:
            self.refuse(
                "xml.depth",
                f"elements are nested more than {self.limits.depth} deep",
                advice="no drawing needs that; export it again",
            )
        self.refuse(
            "xml.attributes",
            f"an element has more than {self.limits.attributes} attributes",
            advice="no drawing needs that; export it again",
        )

    def refuse_nodes(self) -> None:
        self.refuse(
            "xml.nodes",
            f"the file has more than {self.limits.nodes:,} elements",
            advice="split the drawing into several files",
        )

    def name(self, name: str) -> tuple[str, str, str]:
        """The parts of a name; a file has few names, and each is taken apart once."""
        parts = self.names[name] = _names(name)
        return parts

    def end(self, _name: str) -> None:
        (namespace, local, tag), position, pairs, declared, siblings = self.open.pop()
        children = tuple(self.siblings)
        element = Element(tag, namespace, local, position, pairs, declared, children)
        self.siblings = siblings
        if self.open:
            siblings.append(element)
        else:
            self.root = element

    def characters(self, text: str) -> None:
        siblings = self.siblings
        if siblings and isinstance(siblings[-1], str):
            siblings[-1] += text  # expat's buffer was full
        else:
            siblings.append(text)

    def comment(self, text: str) -> None:
        self.add(Comment(text))

    def instruction(self, target: str, text: str) -> None:
        self.add(Instruction(target, text))

    def add(self, node: Comment | Instruction) -> None:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            self.refuse_nodes()
        if self.open:
            self.siblings.append(node)
        else:
            self.outside[0 if self.root is None else 1].append(node)

    def finish(self, data: bytes) -> Document:
        root = self.root
        if root is None:
            raise AssertionError("expat accepted a document without a root")
        return Document(
            root=root,
            before=tuple(self.outside[0]),
            after=tuple(self.outside[1]),
            encoding=self.encoding or _marked(data),
            standalone=self.standalone,
        )


def _names(name: str) -> tuple[str, str, str]:
    """Expat's "uri SEP local SEP prefix" as (namespace, local, name as written)."""
    namespace, separator, rest = name.partition(_SEPARATOR)
    if not separator:
        return "", name, name
    local, separator, prefix = rest.partition(_SEPARATOR)
    return namespace, local, f"{prefix}:{local}" if separator else local


def _marked(data: bytes) -> str:
    """The encoding a byte order mark tells of (XML 1.0 appendix F)."""
    return "UTF-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "UTF-8"


def _malformed(error: expat.ExpatError, builder: _Builder) -> Problem:
    rule, message, advice = _MALFORMED.get(
        error.code, ("xml.malformed", f"not XML: {expat.ErrorString(error.code)}", "")
    )
    if rule == "xml.empty" and builder.open:
        rule, message = "xml.truncated", f"the file ends while <{builder.open[-1][0][2]}> is open"
        advice = "export or copy the file again; its end is missing"
    position = Position(error.lineno, error.offset + 1)
    element = builder.open[-1][0][2] if builder.open else ""
    return _refused(rule, message, position, advice=advice or _MALFORMED_ADVICE, element=element)


def _malformed_encoding(builder: _Builder) -> Problem:
    return _refused(
        "xml.encoding",
        f"the encoding '{builder.encoding or ''}' cannot be read",
        Position(1, 1),
        advice="save the file as UTF-8",
    )


def _refused(
    rule: str, message: str, position: Position, *, advice: str, element: str = ""
) -> Problem:
    return Problem(
        severity="refused",
        rule=rule,
        message=message,
        position=position,
        element=element,
        advice=advice,
    )
