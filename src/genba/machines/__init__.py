"""Programs that act: jobs of external workers, the tokens people give to their programs, and the
webhooks that tell programs what happened."""

from genba.machines import job_acts, openings, token_acts, webhook_acts

__all__ = ["job_acts", "openings", "token_acts", "webhook_acts"]
