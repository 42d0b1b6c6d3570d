"""The one inbound path: every act of every channel goes through `perform`.

Rules of this file:

1. No verb, no object and no channel is known here by name.
2. The order of the steps is the security of the system: authenticate, replay, resolve,
   authorise now, gone, assurance, validate, run once, remember, note. Rights are those of this
   moment, not of when the card was sent.
3. The act, its remembered answer and its attempt are one transaction. A refusal changes nothing
   but leaves an attempt.
4. An outsider learns nothing: an unknown person and an unknown object get the same words.
"""

from genba.acts.inbound import Inbound, Outcome


def perform(inbound: Inbound) -> Outcome:
    """Do what an inbound asks, exactly once, and answer in the actor's language."""
    raise NotImplementedError(inbound.act)
