"""Who is in the story. Every person, firm and address is invented."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AgencySeed:
    slug: str
    name: str
    city: str


@dataclass(frozen=True)
class BrandSeed:
    slug: str
    name: str
    tagline: str
    colour: str  # one of COLOURS
    languages: tuple[str, ...]
    agency: str  # slug of the agency
    own_colour: str = ""


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    role: str  # the role the person is known for; what they may do is read from `seats`
    language: str
    agency: str  # slug; empty for a client
    seats: dict[str, str] = field(default_factory=dict)  # brand slug → role


COLOURS = ("sea", "plum", "sun", "rose", "clay", "leaf")

HABI, KABILA = "habi", "kabila"

AGENCIES = (
    AgencySeed(HABI, "Habi Communications", "Manila"),
    AgencySeed(KABILA, "Kabila PR", "Quezon City"),
)

BRANDS = (
    BrandSeed("isla", "Isla Ferries", "Batangas to Mindoro", "sea", ("en", "fil"), HABI, "#0b7a94"),
    BrandSeed("luzon", "Banko Luzon", "Retail bank", "plum", ("en", "fil"), HABI),
    BrandSeed("ising", "Lola Ising Noodles", "Instant noodle chain", "sun", ("fil", "en"), HABI),
    BrandSeed("sampaguita", "Sampaguita Air", "Island hops", "rose", ("en", "fil"), HABI),
    BrandSeed("kape", "Kape Kalsada", "Street cafés", "clay", ("fil", "en"), HABI),
    BrandSeed("kabila-brand", "Dagitab Solar", "Roofs that pay", "leaf", ("en", "fil"), KABILA),
)

HABI_BRANDS = tuple(brand.slug for brand in BRANDS if brand.agency == HABI)


def _everywhere(role: str) -> dict[str, str]:
    return dict.fromkeys(HABI_BRANDS, role)


PEOPLE = (
    Person("Lea Reyes", "lea@habi.example", "crisis_lead", "en", HABI, _everywhere("crisis_lead")),
    Person("Paolo Santos", "paolo@habi.example", "duty_monitor", "fil", HABI, _everywhere("duty_monitor")),
    Person("Ana Villanueva", "ana@habi.example", "writer", "en", HABI, _everywhere("writer")),
    Person("Ramon Dela Cruz", "ramon@habi.example", "account_lead", "en", HABI, _everywhere("account_lead")),
    Person(
        "Atty. Celia Ong",
        "celia@habi.example",
        "legal_reviewer",
        "en",
        HABI,
        {"isla": "legal_reviewer", "luzon": "legal_reviewer", "ising": "legal_reviewer"},
    ),
    Person("Tess Lim", "tess@habi.example", "agency_director", "en", HABI, _everywhere("agency_director")),
    Person(
        "Capt. Rogelio Dizon",
        "rogelio@islaferries.example",
        "spokesperson",
        "fil",
        "",
        {"isla": "spokesperson"},
    ),
    Person(
        "Marta Cruz", "marta@islaferries.example", "client_approver", "fil", "", {"isla": "client_approver"}
    ),
    Person(
        "Noel Bautista", "noel@islaferries.example", "client_observer", "fil", "", {"isla": "client_observer"}
    ),
    Person(
        "Jun Pascual", "jun@bankoluzon.example", "client_approver", "en", "", {"luzon": "client_approver"}
    ),
    Person(
        "Ising Mercado", "ising@lolaising.example", "client_approver", "fil", "", {"ising": "client_approver"}
    ),
    Person(
        "Dina Robles",
        "dina@kabila.example",
        "agency_director",
        "en",
        KABILA,
        {"kabila-brand": "agency_director"},
    ),
)
