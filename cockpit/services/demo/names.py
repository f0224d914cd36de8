"""Invented names: companies that differ up to hundreds of thousands, people, the places they are in."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

FIRST = (
    "Acorn", "Alder", "Amber", "Anchor", "Aster", "Aurora", "Basalt", "Beacon", "Birch", "Boreal", "Brook", "Cairn",
    "Cedar", "Chalk", "Cinder", "Clover", "Cobalt", "Copper", "Coral", "Crane", "Delta", "Dune", "Ember", "Falcon",
    "Fern", "Fjord", "Flint", "Gable", "Garnet", "Glacier", "Granite", "Grove", "Harbor", "Hazel", "Heron", "Hollow",
    "Indigo", "Iris", "Ivory", "Jade", "Juniper", "Kestrel", "Lagoon", "Lantern", "Larch", "Laurel", "Linden", "Lotus",
    "Lumen", "Maple", "Marble", "Meadow", "Mesa", "Mistral", "Moss", "Nimbus", "North", "Oak", "Ochre", "Onyx", "Orchard",
    "Osprey", "Otter", "Pebble", "Pine", "Plover", "Prairie", "Quartz", "Quill", "Raven", "Reed", "Ridge", "Rowan",
    "Saffron", "Sage", "Sierra", "Slate", "Sparrow", "Spruce", "Summit", "Tamarack", "Teal", "Thistle", "Tidal", "Timber",
    "Tundra", "Umber", "Vale", "Verdant", "Violet", "Walnut", "Willow", "Wren", "Yarrow", "Zephyr",
)  # fmt: skip
_HEAD = (
    "Alv", "Ard", "Bel", "Bor", "Bral", "Cal", "Cor", "Dal", "Dor", "Eld", "Fal", "Fen", "Gal", "Hel", "Ild", "Jor", "Kal",
    "Kor", "Lor", "Lum", "Mar", "Mel", "Mor", "Nal", "Nor", "Ol", "Or", "Pel", "Quor", "Ral", "Sel", "Sol", "Tal", "Tor",
    "Ul", "Val", "Ver", "Vol", "Wes", "Yor", "Zan", "Zel",
)  # fmt: skip
_TAIL = (
    "adia", "ador", "ani", "aris", "ast", "avo", "ena", "endo", "enta", "era", "eron", "esta", "eva", "iana", "idon", "ika",
    "ina", "inor", "ista", "iva", "ola", "ona", "ora", "osta", "ovia", "una", "ura", "uvo", "yra", "yst",
)  # fmt: skip
COINED = tuple(head + tail for head in _HEAD for tail in _TAIL)

INDUSTRIES: dict[str, tuple[str, ...]] = {
    "Robotics": ("Robotics", "Automation", "Controls", "Drives", "Machines", "Mechatronics", "Motion", "Dynamics"),
    "Food": ("Foods", "Dairy", "Bakeries", "Provisions", "Kitchens", "Mills", "Beverages", "Produce"),
    "Health": ("Health", "Clinics", "Care", "Diagnostics", "Therapeutics", "Medical", "Dental", "Wellness"),
    "Logistics": ("Logistics", "Freight", "Shipping", "Transport", "Warehousing", "Carriers", "Parcel", "Haulage"),
    "Energy": ("Energy", "Power", "Solar", "Wind", "Grid", "Utilities", "Storage", "Hydro"),
    "Finance": ("Capital", "Credit", "Insurance", "Payments", "Advisory", "Trust", "Leasing", "Ledger"),
    "Retail": ("Outfitters", "Stores", "Markets", "Apparel", "Home", "Supply", "Trading", "Goods"),
    "Software": ("Software", "Systems", "Data", "Cloud", "Labs", "Analytics", "Networks", "Digital"),
    "Materials": ("Chemicals", "Steel", "Polymers", "Glass", "Paper", "Coatings", "Ceramics", "Textiles"),
    "Construction": (
        "Builders",
        "Construction",
        "Engineering",
        "Structures",
        "Interiors",
        "Surveying",
        "Cement",
        "Joinery",
    ),
    "Education": ("Academy", "Learning", "Schools", "Tutors", "Publishing", "Campus", "Training", "Library"),
    "Travel": ("Travel", "Hotels", "Cruises", "Airways", "Resorts", "Tours", "Rentals", "Hospitality"),
}

GIVEN = (
    "Adele", "Aino", "Alba", "Amara", "Anders", "Anouk", "Arjun", "Asha", "Bea", "Bram", "Carla", "Celia", "Dana", "Dario",
    "Edda", "Elif", "Elin", "Emeka", "Enzo", "Esra", "Farid", "Fleur", "Freya", "Gemma", "Goran", "Hana", "Hugo", "Ilse",
    "Imani", "Ines", "Ivo", "Jana", "Jonas", "Kaito", "Karim", "Katya", "Laila", "Lars", "Leila", "Lena", "Luca", "Maja",
    "Malik", "Marta", "Mateo", "Mei", "Mila", "Nadia", "Nico", "Nils", "Noor", "Olga", "Omar", "Paolo", "Petra", "Priya",
    "Rafael", "Ravi", "Renata", "Rosa", "Sami", "Sanne", "Selma", "Signe", "Sofia", "Stefan", "Tariq", "Tess", "Tomas",
    "Ulla", "Vera", "Viktor", "Wanda", "Yara", "Yusuf", "Zoe",
)  # fmt: skip
FAMILY = (
    "Abara", "Alder", "Almeida", "Ansel", "Aydin", "Baptista", "Barros", "Bergman", "Boateng", "Brandt", "Calder", "Castell",
    "Chandra", "Costa", "Dahl", "Delgado", "Demir", "Duarte", "Eklund", "Engel", "Falk", "Ferro", "Fontana", "Frost",
    "Gallo", "Haas", "Hadley", "Halloran", "Holm", "Ibanez", "Iversen", "Jansen", "Joshi", "Kato", "Keller", "Kovac",
    "Kruse", "Lang", "Larsen", "Lindholm", "Maki", "Malik", "Marin", "Mensah", "Meyer", "Mori", "Nakata", "Navarro",
    "Nowak", "Nunes", "Okoro", "Olsen", "Ortiz", "Osei", "Pavlov", "Pereira", "Pires", "Quist", "Rao", "Reyes", "Ricci",
    "Roth", "Salo", "Santos", "Sato", "Serra", "Silva", "Soto", "Strand", "Suzuki", "Takeda", "Toth", "Vance", "Varga",
    "Vidal", "Vogel", "Weber", "Winter", "Yilmaz", "Zeman",
)  # fmt: skip
DRIVER_TITLES = (
    "VP Operations", "Head of Operations", "Project manager", "Director of IT", "Team manager", "COO", "Head of Planning",
    "Programme lead", "Director of Quality", "Plant manager",
)  # fmt: skip
GENERATOR_TITLES = (
    "Process engineer", "Analyst", "Administrator", "Planner", "Key user", "Shift lead", "Data specialist", "Coordinator",
    "Operations specialist", "Business analyst",
)  # fmt: skip
OTHER_TITLES = ("Accounts payable", "IT support", "Procurement", "User", "Assistant", "Security officer")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer is, as far as it matters."""

    region: str
    time_zone: str
    language: str


PLACES: dict[str, tuple[Place, ...]] = {
    "West": (Place("AMER", "America/Los_Angeles", "en"), Place("AMER", "America/Denver", "en"),
             Place("APAC", "Australia/Sydney", "en"), Place("APAC", "Asia/Tokyo", "ja")),
    "East": (Place("AMER", "America/New_York", "en"), Place("AMER", "America/Chicago", "en"),
             Place("AMER", "America/Toronto", "en"), Place("AMER", "America/Sao_Paulo", "pt")),
    "Europe": (Place("EMEA", "Europe/Berlin", "de"), Place("EMEA", "Europe/Amsterdam", "nl"),
               Place("EMEA", "Europe/London", "en"), Place("EMEA", "Europe/Madrid", "es"),
               Place("EMEA", "Europe/Stockholm", "sv")),
    "default": (Place("EMEA", "Europe/London", "en"), Place("AMER", "America/New_York", "en"),
                Place("APAC", "Asia/Singapore", "en")),
}  # fmt: skip


class CompanyNames:
    """Company names that no two customers share."""

    def __init__(self, rng: Random, wanted: int) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        self._first: tuple[str, ...] = FIRST if wanted <= 2_500 else FIRST + COINED
        self._industries = tuple(INDUSTRIES)

    def new(self) -> tuple[str, str]:
        """(name, industry) of one more company."""
        pick = self._rng.choice
        while True:
            industry = pick(self._industries)
            name = f"{pick(self._first)} {pick(INDUSTRIES[industry])}"
            if name in self._taken and len(self._taken) > 40_000:
                name = f"{pick(COINED)} & {name}"
            if self.take(name):
                return name, industry

    def take(self, name: str) -> bool:
        """Keeps a name for one company; False when it is taken."""
        if name in self._taken:
            return False
        self._taken.add(name)
        return True


def domain_of(company: str) -> str:
    """A domain that cannot exist (RFC 2606)."""
    return "".join(char for char in company.lower() if char.isalnum()) + ".example"


def person_name(rng: Random) -> tuple[str, str]:
    """(given name, family name) of nobody in particular."""
    return rng.choice(GIVEN), rng.choice(FAMILY)
