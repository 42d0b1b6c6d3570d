"""Durable memory: append, read, snapshot, work items, outbox. One contract, several stores."""
