"""Microsoft Teams as a channel: its declaration.

Rules of this file: pure. An outgoing webhook answers where it was called and sends nothing by
itself: cards come when somebody asks for them, and mail brings them otherwise.
"""

from genba.channels.chat.contract import Chat
from genba.channels.contract import Channel
from genba.channels.teams import reading, rendering

CHANNEL = Channel(
    name=reading.NAME,
    title="Microsoft Teams",
    carries=rendering.CARRIES,
    render=rendering.render,
    read=reading.read,
)
CHAT = Chat(channel=CHANNEL, signed=reading.signed, answer=rendering.answer)
