"""The command line: one more way in. It renders and passes on; it decides nothing."""
