"""One program an engine: reads measurements asked for on standard input, answers with figures."""
