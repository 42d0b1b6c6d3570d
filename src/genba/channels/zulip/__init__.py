"""Zulip: messages in Markdown, answered by words; a bot that is called by its name."""
