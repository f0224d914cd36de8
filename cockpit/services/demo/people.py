"""Who works at a customer, and who of them belongs to the value network."""

from __future__ import annotations

from random import Random

from cockpit.services.demo.company import Company, Contact
from cockpit.services.demo.names import DRIVER_TITLES, GENERATOR_TITLES, OTHER_TITLES, person_name
from db.terms import NetworkRole

BARE_MOST = 2
"""People of an account that is told in short."""


def staff(rng: Random, company: Company) -> None:
    """Fills ``people``: members of the value network first, a driver at their head."""
    low, high = company.segment.people
    minimum = company.segment.network
    if company.has("small"):
        size = rng.randint(0, minimum - 1)
    elif company.is_detailed:
        size = rng.randint(max(minimum, 2 if company.has("coverage") else 1), max(minimum, high - 2) + 1)
    else:
        size = minimum if minimum < BARE_MOST else BARE_MOST
    others = rng.randint(max(1, low - size), max(1, high - size)) if company.is_detailed else max(0, 1 - size)
    others += 1 if company.has("left") else 0
    taken: set[str] = set()
    for n in range(size + others):
        company.people.append(_person(rng, company, n, is_member=n < size, taken=taken))


def _person(rng: Random, company: Company, n: int, *, is_member: bool, taken: set[str]) -> Contact:
    given, family = person_name(rng)
    while f"{given} {family}" in taken:
        given, family = person_name(rng)
    taken.add(f"{given} {family}")
    drives = is_member and (n == 0 or n % 3 == 0)
    role = (NetworkRole.DRIVER if drives else NetworkRole.GENERATOR) if is_member else None
    titles = DRIVER_TITLES if drives else GENERATOR_TITLES if is_member else OTHER_TITLES
    email = f"{given}.{family}@{company.domain}".lower()
    return Contact(f"{given} {family}", email, rng.choice(titles), role)
