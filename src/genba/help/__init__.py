"""Help that ends in the case: ask, answer, notes that find the reader, stop the line."""

from genba.help import answer_acts, ask_acts, contributing_acts, line_acts, note_acts, openings

__all__ = ["answer_acts", "ask_acts", "contributing_acts", "line_acts", "note_acts", "openings"]
