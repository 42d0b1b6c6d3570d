"""Conversation on a case: comment, mention, follow, attach, ask."""

from genba.talk import acts, files

__all__ = ["acts", "files"]
