"""Genba: the process platform for the people who do the work."""

__version__ = "0.1.0"
