"""Mail about accounts (a new password), where no mail server is configured.

Rules of this file: only what Django sends by itself passes here; the mails of cases are the mail
channel's. Without a relay nothing leaves the machine: a mail is kept in the built-in mailbox.
"""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from typing_extensions import override

from genba.channels.mail.mailbox import keep
from genba.channels.mail.site import site


class MailboxBackend(BaseEmailBackend):
    """Puts mails into the built-in mailbox."""

    @override
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were kept."""
        folder = site().mailbox
        if folder is None:
            return 0
        for message in email_messages:
            keep(folder, message.message().as_bytes(), message.recipients())
        return len(email_messages)
