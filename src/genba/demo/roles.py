"""Who takes part in the demonstration: roles, not persons.

Rules of this file: data only. Teams carry the names of the drawings' lanes.
"""

from msgspec import Struct


class Role(Struct, frozen=True):
    """An account of the demonstration. `key` is how `story` names it."""

    key: str
    address: str
    name: str
    locale: str
    groups: tuple[str, ...]


ROLES = (
    Role("sales", "sales@demo.example", "Sales", "en", ("Staff",)),
    Role("buying", "buying@demo.example", "Buying desk", "en", ("Buying",)),
    Role("lead", "lead@demo.example", "Sales lead", "en", ("Team lead", "Staff")),
    Role("it", "it@demo.example", "IT support", "en", ("IT",)),
    Role("finance", "finance@demo.example", "Finance", "en", ("Staff",)),
    Role("atelier", "atelier@demo.example", "Atelier", "fr", ("Équipe",)),
    Role("chef", "chef@demo.example", "Chef d'atelier", "fr", ("Responsable", "Équipe")),
    Role("rh", "rh@demo.example", "Ressources humaines", "fr", ("Ressources humaines",)),
)
