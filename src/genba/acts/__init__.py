"""The verb registry, the card, and the one inbound path. Knows no verb by name."""
