"""Matrix: messages in HTML, threads a case, reactions, and a bot that listens."""
