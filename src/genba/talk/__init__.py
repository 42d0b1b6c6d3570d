"""Conversation on a case, a decision, a row of its table: comment, ask, follow, attach, mark."""

from genba.talk import acts, files, marking, private_acts, settling

__all__ = ["acts", "files", "marking", "private_acts", "settling"]
