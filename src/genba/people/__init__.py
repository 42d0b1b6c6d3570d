"""Accounts and teams, and the single doors to access. Everything about a case is elsewhere."""
