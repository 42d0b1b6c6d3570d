"""Webhooks: the events of somebody's cases, sent to an address of theirs, signed.

Only renders and sends: what a webhook is stands in `machines.webhooks`. An event says what happened
and where to read it, not what is in a case; who receives it asks with their own rights.
"""
