"""Conversation on a case, a decision, a row of its table: comment, ask, follow, attach."""

from genba.talk import acts, files

__all__ = ["acts", "files"]
