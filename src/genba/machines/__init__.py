"""Programs that act: jobs of external workers, and the tokens people give to their programs."""

from genba.machines import job_acts, openings, token_acts

__all__ = ["job_acts", "openings", "token_acts"]
