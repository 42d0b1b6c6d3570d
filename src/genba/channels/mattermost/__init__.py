"""Mattermost: messages with interactive attachments, dialogs for input, `/genba`."""
