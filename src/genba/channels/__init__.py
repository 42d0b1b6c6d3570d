"""Channels: the same card and the same acts, wherever a person is.

Rule of this package: a channel is two pure functions (a card becomes a rendering; a message
becomes who, what and how sure) and a thin adapter that moves bytes. It declares no verb, holds no
state of a case and decides no right. Adding an act touches no channel.
"""
