"""DMN XML (1.1 to 1.5) <-> frozen model with source positions.

Pure: bytes in, values out. What a table decides is the business of `genba.decisions`. A file is
written back from its lossless `Document`, as a drawing is.
"""

from genba.notation.dmn.model import (
    BoxedContext,
    BoxedList,
    BusinessKnowledge,
    Conditional,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    Expression,
    Filter,
    FunctionDefinition,
    Import,
    InputData,
    Invocation,
    ItemDefinition,
    Iteration,
    LiteralExpression,
    Quantified,
    Relation,
    Variable,
)
from genba.notation.dmn.reading import is_dmn, read_dmn, read_dmn_document

__all__ = [
    "BoxedContext",
    "BoxedList",
    "BusinessKnowledge",
    "Conditional",
    "Decision",
    "DecisionService",
    "DecisionTable",
    "Definitions",
    "Expression",
    "Filter",
    "FunctionDefinition",
    "Import",
    "InputData",
    "Invocation",
    "ItemDefinition",
    "Iteration",
    "LiteralExpression",
    "Quantified",
    "Relation",
    "Variable",
    "is_dmn",
    "read_dmn",
    "read_dmn_document",
]
