"""REST: the same cards and the same acts for programs, at `/api/`."""
