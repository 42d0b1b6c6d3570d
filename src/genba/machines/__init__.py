"""Programs that act: jobs of external workers, the tokens people give to their programs, and the
webhooks that tell programs what happened; the directory an identity provider keeps."""

from genba.machines import (
    chat_acts,
    job_acts,
    openings,
    provisioning_acts,
    token_acts,
    webhook_acts,
)

__all__ = ["chat_acts", "job_acts", "openings", "provisioning_acts", "token_acts", "webhook_acts"]
