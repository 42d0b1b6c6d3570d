"""Workers that ask for jobs over HTTP: Genba's own words, and those of Camunda 7.

Only renders and reads: what a job is stands in `machines`, locks in `runtime.leases`, and what a
worker says of a job is an act like any other.
"""
