"""The brand's own colours and host: shown as they are where nothing is read, and readable where it is."""

import re
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone

from agency import tints
from agency.forms import BrandChangeForm
from responses.publishing import newsroom_pages
from responses.statements import calling
from tenants.models import Brand, Domain
from tests.portal.in_hand import served
from tests.statements import desk

HOSTILE = {"yellow": "#ffff00", "black": "#000000", "white": "#ffffff", "lime": "#00ff00", "blue": "#0000ff"}
LEAST = 4.5  # WCAG 2.2 AA for text
READ = ".portal-top strong, .portal-top small, h1, .btn.go, .btn:not(.go), .chip, .quote, .quiet, main a"
# What stands there as the browser paints it: each text with its colour and the ground under it.
PAINTED = """(selector) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data] }
  const ground = (node) => { for (; node; node = node.parentElement) { const c = rgba(getComputedStyle(node).backgroundColor); if (c[3] > 250) return c } return rgba('white') }
  return [...document.querySelectorAll(selector)].filter((node) => node.innerText && node.checkVisibility()).map((node) => [node.innerText.slice(0, 30), rgba(getComputedStyle(node).color), ground(node)])
}"""  # noqa: E501


def luminance(colour):
    red, green, blue = (tints.linear(part / 255) for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [("#ffff00", (110, 2)), ("#0000ff", (260, 2)), ("#000000", 0), ("#ffffff", 0), ("#808080", 0)],
)
def test_a_colours_hue(colour, expected):
    found = tints.hue_and_chroma(colour)
    assert found == expected or found[1] == expected == 0


@pytest.mark.parametrize("written", ["red", "#fff", "#gggggg", '#fff"/>', "url(x)", "#ffffff;"])
def test_what_is_no_colour_is_refused_at_its_field(written, isla):
    form = BrandChangeForm({"name": "Isla", "own_colour": written}, instance=isla)
    assert "own_colour" in form.errors


def test_a_brand_without_one_keeps_its_tint(sign_in, isla, waits):
    page = sign_in("marta").get("/portal/isla/").content.decode()
    assert 'data-tint="sea"' in page
    assert "own-colour" not in page


def test_a_director_sets_it_and_the_portal_shows_it(sign_in, isla, waits):
    given = {"name": "Isla Ferries", "colour": "sea", "time_zone": "Asia/Manila", "language": "en"}
    where = f"/brands/{isla.pk}/change/"
    refused = sign_in("tess").post(where, {**given, "own_colour": "#12"})
    assert refused.status_code == 422
    assert 'value="#12"' in refused.content.decode()
    assert sign_in("tess").post(where, {**given, "own_colour": "#CC0066"}).status_code == 302
    page = sign_in("marta").get("/portal/isla/").content.decode()
    assert 'fill="#CC0066"' in page
    assert "data-hue" in page


def test_the_newsroom_shows_it_too(isla):
    isla.own_colour = "#ffff00"
    place = dict(newsroom_pages.places(isla))[""]
    page = newsroom_pages.home(place).body.decode()
    assert 'fill="#ffff00"' in page
    assert 'data-hue="110" data-chroma="2"' in page
    assert "style=" not in page


@pytest.fixture
def asked(committed_brand, now):
    by = committed_brand.by
    statement = desk.with_client(by.ana, by.lea, now)
    mail.outbox = []
    calling.call(desk.active(statement), now=timezone.now())
    path = re.search(r"/portal/\S+/link/\S+/", mail.outbox[0].body)[0]
    for server in served():
        yield SimpleNamespace(url=server.url + path, brand=committed_brand.brand, server=server, path=path)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_whatever_the_colour(asked, scheme, hand):
    def walk(phone):
        found = {}
        for name, colour in HOSTILE.items():
            Brand.objects.filter(pk=asked.brand.pk).update(own_colour=colour)
            for query in ("", "?do=approve"):
                phone.goto(asked.url + query)
                found[name, query] = phone.evaluate(PAINTED, READ)
            band = phone.locator(".own-colour rect").evaluate("(rect) => getComputedStyle(rect).fill")
            found[name, "band"] = band
        return found

    found = hand(walk, color_scheme=scheme)
    bad = [
        (key, words, round(contrast(colour, ground), 2))
        for key, texts in found.items()
        if key[1] != "band"
        for words, colour, ground in texts
        if contrast(colour, ground) < LEAST
    ]
    assert not bad
    assert all(len(texts) > 4 for key, texts in found.items() if key[1] != "band")
    assert found["yellow", "band"] == "rgb(255, 255, 0)", "the colour itself is shown as it is"
    buttons = {str(texts) for key, texts in found.items() if key[1] == "?do=approve"}
    assert len(buttons) >= 4, "each brand looks another"


@pytest.mark.browser
def test_on_the_brands_own_host(asked, hand):
    Domain.objects.create(domain="press-own.localhost", tenant=asked.brand, is_primary=True)
    Brand.objects.filter(pk=asked.brand.pk).update(own_colour="#cc0066")
    host = asked.server.url.replace("127.0.0.1", "press-own.localhost")
    where = host + asked.path.replace(f"/portal/{asked.brand.slug}/", "/portal/")

    def walk(phone):
        phone.goto(where)
        phone.get_by_role("link", name="Approve", exact=True).tap()
        phone.get_by_label("Type your name to approve").fill("Marta")
        phone.get_by_role("button", name="Yes, approve").tap()
        phone.get_by_role("heading", name="Thank you. You approved this statement.").wait_for()
        return phone.url, phone.locator(".own-colour rect").evaluate("(r) => getComputedStyle(r).fill")

    url, band = hand(walk)
    assert url.startswith(f"{host}/portal/link/")
    assert band == "rgb(204, 0, 102)"
