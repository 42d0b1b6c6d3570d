"""Feeds: what needs somebody and what happened in their cases, for programs that read along.

Only renders. A feed is read, never acted in: its links lead to cards.
"""
