"""`Document` to bytes, losing nothing.

Rules of this file:

1. What was read is written: same canonical form (C14N 1.0) as the file it came from. Only what XML
   itself does not count as content may differ: quotes, spaces inside tags, CDATA sections.
2. It writes what it is given and judges nothing.
"""

from genba.notation.document import Comment, Document, Element, Instruction

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_VALUE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_STANDALONE = {None: "", True: ' standalone="yes"', False: ' standalone="no"'}


def write_bpmn(document: Document) -> bytes:
    """The file of `document`, in its own encoding, or in UTF-8 when that cannot hold its words."""
    parts: list[str] = []
    for outside in document.before:
        parts += (_outside(outside), "\n")
    _write_element(document.root, parts)
    parts.append("\n")
    for outside in document.after:
        parts += (_outside(outside), "\n")
    body = "".join(parts)
    standalone = _STANDALONE[document.standalone]
    try:
        return _declared(body, document.encoding, standalone)
    except (UnicodeEncodeError, LookupError):
        return _declared(body, "UTF-8", standalone)


def _declared(body: str, encoding: str, standalone: str) -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"{standalone}?>\n'
    return (head + body).encode(encoding)


def _write_element(root: Element, parts: list[str]) -> None:
    """Write depth first with an own stack: a document built in memory may be of any depth."""
    pending: list[Element | Comment | Instruction | str] = [root]
    closing: list[tuple[int, str]] = []  # (length of `pending` when the element is done, its tag)
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            parts.append(node.translate(_TEXT))
        elif isinstance(node, Element):
            _write_start(node, parts)
            if node.children:
                closing.append((len(pending), node.tag))
                pending += reversed(node.children)
        else:
            parts.append(_outside(node))
        while closing and closing[-1][0] == len(pending):
            parts.append(f"</{closing.pop()[1]}>")


def _write_start(element: Element, parts: list[str]) -> None:
    parts.append(f"<{element.tag}")
    for prefix, uri in element.declarations:
        name = f"xmlns:{prefix}" if prefix else "xmlns"
        parts.append(f' {name}="{uri.translate(_VALUE)}"')
    for name, value in element.attributes:
        parts.append(f' {name}="{value.translate(_VALUE)}"')
    parts.append(">" if element.children else "/>")


def _outside(node: Comment | Instruction) -> str:
    if isinstance(node, Comment):
        return f"<!--{node.text}-->"
    return f"<?{node.target} {node.text}?>" if node.text else f"<?{node.target}?>"
