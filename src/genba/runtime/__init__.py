"""The runtime: claim, decide, commit, publish. Knows neither Django nor HTTP."""
