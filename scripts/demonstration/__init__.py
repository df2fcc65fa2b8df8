"""An invented city at any size: people with credit records, units with shops and clerks.

Pure and seeded: the same city folder, seed and day give the same people, and the first thousand of
a million are the thousand one gets alone. Knows no database; whoever calls it stores what it yields.
Every name, number, code and address is drawn by chance and belongs to nobody.
"""

from scripts.demonstration.population import Person, demonstration_people, generate_people
from scripts.demonstration.records import PersonRecord
from scripts.demonstration.units import Clerk, Shop, Unit, generate_units

__all__ = [
    "Clerk",
    "Person",
    "PersonRecord",
    "Shop",
    "Unit",
    "demonstration_people",
    "generate_people",
    "generate_units",
]
