"""SCIM 2.0 (RFC 7643, 7644) at `/scim/v2`: an identity provider keeps people and teams here.

Only renders and reads: the protocol is scim2-server's, what is kept stands in
`machines.provisioning`, and what a provider wants is an act like any other.
"""
