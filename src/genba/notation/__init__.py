"""BPMN XML <-> frozen model with source positions.

Pure: bytes in, values out. What the drawing does is the engine's business, not this layer's.
"""

from genba.notation.check import check_notation, describe
from genba.notation.document import Comment, Document, Element, Instruction, Position
from genba.notation.model import Definitions, Problem
from genba.notation.parsing import Limits, parse_document
from genba.notation.reading import read_bpmn, read_definitions
from genba.notation.writing import write_bpmn

__all__ = [
    "Comment",
    "Definitions",
    "Document",
    "Element",
    "Instruction",
    "Limits",
    "Position",
    "Problem",
    "check_notation",
    "describe",
    "parse_document",
    "read_bpmn",
    "read_definitions",
    "write_bpmn",
]
