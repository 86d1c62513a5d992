"""The newsroom as files, written when something is published, so that it stands while everyone looks.

`agency.standing` gives them out without Django and without a database; any web server can. A page is written
beside the old one and then put in its place. What stands longest in nobody's way comes last: first the newest
statement, the list and the feeds, then the older pages of the list. A brand has one writer at a time, who
draws what stands by then: so no older page is put over a newer one.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from agency.standing import COMMON, HOSTS
from tenants import context, locks
from tenants.models import Brand, Domain

from . import newsroom, newsroom_pages, newsroom_pictures
from .newsroom_pages import Page, Place


def root() -> Path | None:
    """Where the pages stand; None when this house draws them at each request."""
    return Path(settings.TUGON_NEWSROOM) if settings.TUGON_NEWSROOM else None


def write(brand: Brand, slug: str = "") -> int:
    """All pages of the brand, whose schema is entered, on all its hosts, that of `slug` first; how many."""
    folder = root()
    if folder is None:
        return 0
    with locks.waited_for(locks.NEWSROOM, brand.pk):
        return write_all(folder, Brand.objects.get(pk=brand.pk), slug)


def write_all(folder: Path, brand: Brand, slug: str) -> int:
    posts, count = list(newsroom.standing()), 0
    for host, place in newsroom_pages.places(brand):
        here = folder_of(folder, brand, host)
        for file, content in newsroom_pictures.missing_below(here, posts):
            put(file, content)
        for name, page in pages_of(place, slug):
            put(here / name, page.body)
            count += 1
    return count


def folder_of(folder: Path, brand: Brand, host: str) -> Path:
    """An address of the host leads to the file of the same name below it."""
    return folder / HOSTS / host if host else folder / COMMON / "newsroom" / brand.slug


def pages_of(place: Place, slug: str = "") -> Iterator[tuple[str, Page]]:
    """(file, page) of everything that stands at a place, in both languages."""
    languages = [place, *(place.in_language(code) for code in newsroom_pages.LANGUAGES)]
    spoken = {each.language: each for each in languages}
    slugs = newsroom.standing().values_list("slug", flat=True)
    ordered = [slug, *(each for each in slugs if each != slug)] if slug else list(slugs)
    for each in spoken.values():
        yield from named(each, "index.html", newsroom_pages.home(each))
        for one in ordered[:1]:
            yield from named(each, f"{one}/index.html", newsroom_pages.statement(each, one))
    for each in spoken.values():
        yield from named(each, "atom.xml", newsroom_pages.atom(each))
        yield from named(each, "feed.json", newsroom_pages.json_feed(each))
    yield "missing.html", newsroom_pages.missing(place)
    for each in spoken.values():
        for one in ordered[1:]:
            yield from named(each, f"{one}/index.html", newsroom_pages.statement(each, one))
        number = 2
        while page := newsroom_pages.home(each, number):
            yield from named(each, f"page-{number}.html", page)
            number += 1


def named(place: Place, name: str, page: Page | None) -> Iterator[tuple[str, Page]]:
    if page is not None:
        yield (f"{place.language}/{name}" if place.language else name), page


def put(file: Path, body: bytes) -> None:
    """Whole or not at all; what is the same already is left alone, so that caches keep it."""
    try:
        if file.read_bytes() == body:
            return
    except OSError:
        file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".new-", delete=False) as new:
        beside = Path(new.name)
        try:
            new.write(body)
            new.flush()
            beside.chmod(0o644)
            beside.replace(file)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def rewrite(brand: Brand) -> int:
    """Write a brand's pages, or take them away when it is no longer to be read."""
    with locks.waited_for(locks.NEWSROOM, brand.pk):
        brand = Brand.objects.get(pk=brand.pk)
        if not brand.is_readable:
            remove(brand.slug, brand.domains.values_list("domain", flat=True))
            return 0
        with context.inside(brand):
            return write(brand)


def remove(slug: str, hosts=()) -> None:
    folder = root()
    if folder is not None:
        for gone in (folder / COMMON / "newsroom" / slug, *(folder / HOSTS / host for host in hosts)):
            shutil.rmtree(gone, ignore_errors=True)


def tidy() -> int:
    """Take away what stands of brands and hosts that are gone; returns how many folders went."""
    folder, count = root(), 0
    if folder is None:
        return 0
    slugs = {brand.slug for brand in Brand.objects.all() if brand.is_readable}
    hosts = set(Domain.objects.filter(tenant__slug__in=slugs).values_list("domain", flat=True))
    for below, known in ((folder / COMMON / "newsroom", slugs), (folder / HOSTS, hosts)):
        for each in below.iterdir() if below.is_dir() else ():
            if each.name not in known:
                shutil.rmtree(each, ignore_errors=True)
                count += 1
    return count
