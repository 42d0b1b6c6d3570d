"""Many at once: a file in, each of its lines an act with a result of its own; cases out as a file.

Only reads and renders: what a line does is the act it is for, with the rights of whoever sends it.
"""
