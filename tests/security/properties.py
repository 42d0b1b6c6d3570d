"""What must never happen, however somebody acts: the security properties by name.

Rules of this file: names and sentences only. A test of a property is marked with its name,
`@pytest.mark.security("S7")`; `pytest -m security` runs them all, wherever they are. A property
that belongs to what is not built yet stands in `NOT_BUILT` with the reason, and nowhere else.
"""

PROPERTIES: dict[str, str] = {
    "S1": "Reading never acts: whatever opens, scans or prefetches a link changes nothing.",
    "S2": "Once only: what is sent again with the same key gets the first answer again.",
    "S3": "One winner: of many who act at the same moment one does it, the others hear that.",
    "S4": "A card that was overtaken is refused with what became of it: who, when, through what.",
    "S5": "Rights are those of now, not those of when the card was sent.",
    "S6": "A link that was stolen does nothing without the person it was made for.",
    "S7": "A mail that was forwarded lets nobody act for the person it was sent to.",
    "S8": "A sender that nobody vouches for acts no more than a stranger.",
    "S9": "The same mail, delivered again, has no second effect.",
    "S10": "A mail that a machine wrote by itself never acts and is never answered.",
    "S11": "Words of ours that somebody quotes never act.",
    "S12": "A secret opens one thing, to one person, for one purpose, until it ends.",
    "S13": "Input that is missing or wrong does not use up the card.",
    "S14": "The same rights in every channel.",
    "S15": "Outsiders learn nothing, and no two machines answer each other for ever.",
    "S16": "Every attempt is noted, refused ones too, and a log that was changed is found out.",
    "S17": "An edited message is not a command.",
    "S18": "A program does what its person lets it do, and cannot grant itself more.",
}

NOT_BUILT: dict[str, str] = {}
