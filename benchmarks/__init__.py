"""Genba against other engines, in one run on one machine: `make bench`.

Rules of this folder: a model is generated here, in the dialect each engine reads; what a step
does is only to count; a figure is CPU time, the median of interleaved rounds. The other engines
are installed for the benchmark only, into folders git ignores, and never imported by Genba.
"""
