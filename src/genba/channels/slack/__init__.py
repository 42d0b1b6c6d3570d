"""Slack: Block Kit messages with buttons, modals for input, `/genba`, signed requests."""
