"""Changes: what alters how work goes, and what it does to the cases that run. Pure."""
