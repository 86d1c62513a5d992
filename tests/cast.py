"""The cast. Lea leads, Paolo watches, Ana writes, Tess directs, Marta approves for the client.

Charlie is of the other agency and never gets in.

Brands: isla and luzon belong to Habi Communications, kabila to another agency.
"""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from agency.models import Agency, Engagement, Seat, User
from agency.roles import Role
from responses.core import actors
from tenants import context, provisioning
from tenants.models import Brand, BrandPulse

PASSWORD = "correct-horse-battery"
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 14:00 in Manila, a Monday

PEOPLE = {  # name: (e-mail, agency slug or None, {brand slug or None: role})
    "tess": ("tess@habi.example", "habi", {None: Role.DIRECTOR}),
    "ramon": ("ramon@habi.example", "habi", {"isla": Role.ACCOUNT_LEAD, "luzon": Role.ACCOUNT_LEAD}),
    "lea": ("lea@habi.example", "habi", {"isla": Role.CRISIS_LEAD, "luzon": Role.CRISIS_LEAD}),
    "paolo": ("paolo@habi.example", "habi", {"isla": Role.DUTY_MONITOR}),
    "ana": ("ana@habi.example", "habi", {"isla": Role.WRITER}),
    "ong": ("ong@habi.example", "habi", {"isla": Role.LEGAL}),
    "marta": ("marta@isla.example", None, {"isla": Role.CLIENT_APPROVER}),
    "nilo": ("nilo@isla.example", None, {"isla": Role.CLIENT_OBSERVER}),
    "jun": ("jun@luzon.example", None, {"luzon": Role.CLIENT_APPROVER}),
    "charlie": ("charlie@kabila.example", "kabila", {"kabila": Role.ACCOUNT_LEAD}),
    "kara": ("kara@kabila-client.example", None, {"kabila": Role.CLIENT_APPROVER}),
    "nobody": ("nobody@nowhere.example", None, {}),
}
BRANDS = {
    "isla": ("Isla Ferries", "habi"),
    "luzon": ("Banko Luzon", "habi"),
    "kabila": ("Kabila Foods", "kabila"),
}


def make_world():
    """Write agencies, brands with their schemas, people and seats. Once per test run."""
    agencies = {slug: Agency.objects.create(slug=slug, name=slug.title()) for slug in ("habi", "kabila")}
    brands = {slug: make_brand(slug, name, agencies[owner]) for slug, (name, owner) in BRANDS.items()}
    for name, (email, agency, seats) in PEOPLE.items():
        user = User.objects.create_user(email, PASSWORD, name=name.title(), agency=agencies.get(agency))
        for slug, role in seats.items():
            brand = brands.get(slug)
            owner = agencies[BRANDS[slug][1]] if slug else agencies[agency]
            Seat.objects.create(user=user, agency=owner, brand=brand, role=role)


def make_brand(slug, name, agency):
    """A brand through the same steps that the job runs."""
    brand = Brand.objects.create(slug=slug, name=name, schema_name=f"b_{slug}")
    BrandPulse.objects.create(brand=brand)
    Engagement.objects.create(agency=agency, brand=brand)
    return provisioning.carry_on(brand)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def people(db):
    """The cast by name: people.lea, people.marta …"""
    users = {user.email: user for user in User.objects.all()}
    return SimpleNamespace(**{name: users[row[0]] for name, row in PEOPLE.items()})


@pytest.fixture
def brands(db):
    """The brands by short name: brands.isla, brands.luzon, brands.kabila."""
    return SimpleNamespace(**{brand.slug: brand for brand in Brand.objects.filter(slug__in=BRANDS)})


@pytest.fixture
def isla(brands):
    """Isla Ferries, its schema entered: for tests of deeds."""
    with context.inside(brands.isla):
        yield brands.isla


@pytest.fixture
def by(people):
    """The cast as actors: by.lea, by.marta …"""
    return SimpleNamespace(**{name: actors.person(user) for name, user in vars(people).items()})


@pytest.fixture
def sign_in(client, people):
    """sign_in("lea") → a Django test client in which Lea is signed in."""

    def as_person(name):
        client.force_login(getattr(people, name))
        return client

    return as_person
