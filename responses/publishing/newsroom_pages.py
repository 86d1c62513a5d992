"""The pages of a brand's newsroom, drawn without a request: the same bytes for a reader and for the disk."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responses.incidents.states import LIVE
from responses.statements import breaking
from tenants.models import Brand

from . import newsroom, newsroom_pictures
from .models import NewsroomPost

# What the public reads over a statement; how finished it is within the desk is not theirs to wonder about.
WORDS: dict[str, str | Promise] = {
    "holding": gettext_lazy("Statement"),
    "full": gettext_lazy("Statement"),
    "update": gettext_lazy("Update"),
    "apology": gettext_lazy("Apology"),
    "correction": gettext_lazy("Correction"),
    "resolution": gettext_lazy("Resolution"),
    "retraction": gettext_lazy("Retraction"),
}
LANGUAGES = {"en": "English", "fil": "Filipino"}  # each in its own words
FEEDS = {"feed", "json_feed"}  # each language has its own
ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
HTML = "text/html; charset=utf-8"
_AS_TEXT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Page:
    body: bytes
    modified: int | None = None  # seconds since 1970
    content_type: str = HTML
    language: str = "en"
    status: int = 200

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


@dataclass(frozen=True)
class Place:
    """Where a newsroom is read: on which host, and in which language its own words are."""

    brand: Brand
    origin: str  # "https://press.isla.example"
    urlconf: str
    language: str = ""  # empty: the brand's, at the address without a language

    @property
    def spoken(self) -> str:
        return self.language or self.brand.language

    def path(self, slug: str = "", name: str = "") -> str:
        """Of the list, of a statement by its slug, or of a feed by its name."""
        words = {"brand": self.brand.slug}
        if name:
            words |= {"language": self.language} if self.language and name in FEEDS else {}
            return reverse(f"newsroom:{name}", self.urlconf, kwargs=words)
        words |= {"slug": slug} if slug else {}
        words |= {"language": self.language} if self.language else {}
        return reverse(f"newsroom:{'post' if slug else 'home'}", self.urlconf, kwargs=words)

    def url(self, slug: str = "", name: str = "") -> str:
        return urljoin(self.origin, self.path(slug, name))

    def picture(self, slug: str, name: str) -> tuple[str, str]:
        """Path and address of a statement's picture: the same in every language."""
        path = reverse("newsroom:picture", self.urlconf, args=[self.brand.slug, slug, name])
        return path, urljoin(self.origin, path)

    def in_language(self, code: str) -> "Place":
        return replace(self, language="" if code == self.brand.language else code)


def places(brand: Brand) -> Iterator[tuple[str, Place]]:
    """Every host the newsroom stands on, the common one as an empty name."""
    yield "", Place(brand, settings.TUGON_ADDRESS, settings.ROOT_URLCONF)
    for domain in brand.domains.order_by("domain"):
        yield domain.domain, Place(brand, f"https://{domain.domain}", settings.BRAND_HOST_URLCONF)


def told(place: Place, number: int = 1) -> tuple[list[NewsroomPost], bool]:
    """One page of the list, each statement in the place's language where it has a version of it."""
    posts, is_more = newsroom.posts(number)
    return [newsroom.in_language(post, place.spoken) for post in posts], is_more


# --- the pages


def home(place: Place, number: int = 1) -> Page | None:
    """One page of the list, the newest first; None past its end."""
    posts, is_more = told(place, number)
    if number > 1 and not posts:
        return None
    older = f"?page={number + 1}" if is_more else ""
    newer = "" if number == 1 else f"?page={number - 1}" if number > 2 else place.path()
    context = {
        "posts": posts,
        "older": older,
        "newer": newer,
        "is_first": number == 1,
        "status": status_of(posts) if number == 1 else None,
        "schema": schema(organisation(place)),
    }
    if number > 1:
        context["here"] = f"{place.url()}?page={number}"
    return drawn(place, "newsroom/home.html", context, posts)


def statement(place: Place, slug: str) -> Page | None:
    post = newsroom.standing().filter(slug=slug).first()
    if post is None:
        return None
    newsroom.in_language(post, place.spoken)
    return drawn(place, "newsroom/post.html", of_post(place, post), [post])


def of_post(place: Place, post: Any) -> dict:
    newsroom_pictures.attach(place, [post])
    words = {
        "@type": "NewsArticle",
        "headline": post.title,
        "articleBody": post.text,
        "inLanguage": post.language,
        "datePublished": post.published_at.isoformat(),
        "mainEntityOfPage": place.url(post.slug),
        "publisher": organisation(place),
        "author": organisation(place),
        **({"image": [each.url for each in post.pictures]} if post.pictures else {}),
    }
    return {"post": post, "here": place.url(post.slug), "schema": schema(words), "shown": post.slug}


def atom(place: Place) -> Page:
    posts, _is_more = told(place)
    feed_id = newsroom.feed_id(place.brand, "" if place.spoken == place.brand.language else place.spoken)
    context = {"posts": posts, "feed_id": feed_id, "here": place.url(name="feed")}
    return replace(drawn(place, "newsroom/atom.xml", context, posts), content_type=ATOM)


def json_feed(place: Place) -> Page:
    """As https://www.jsonfeed.org/version/1.1/ says."""
    posts, _is_more = told(place)
    newsroom_pictures.attach(place, posts)
    with translation.override(place.spoken):
        title = _("%(name)s, official statements") % {"name": place.brand.name}
    words = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": place.url(),
        "feed_url": place.url(name="json_feed"),
        "language": place.spoken,
        "authors": [{"name": place.brand.name}],
        "items": [item(place, post) for post in posts],
    }
    body = json.dumps(words, ensure_ascii=False, indent=1).encode()
    return Page(body, modified_at(posts), JSON_FEED, place.spoken)


def item(place: Place, post: Any) -> dict:
    return {
        "id": post.publication.key.urn,
        "url": place.url(post.slug),
        "title": post.title,
        "content_html": str(newsroom.markup(post.text)),
        "content_text": post.text,
        "date_published": post.published_at.isoformat(),
        "language": post.language,
        "tags": [post.type],
        **({"image": post.pictures[0].url, "attachments": attachments(post)} if post.pictures else {}),
    }


def attachments(post: Any) -> list[dict]:
    return [
        {"url": each.url, "mime_type": each.media_type, "title": each.alt, "size_in_bytes": each.size}
        for each in post.pictures
    ]


def missing(place: Place) -> Page:
    return replace(drawn(place, "newsroom/missing.html", {"shown": None}, []), status=404)


# --- what they are drawn from


def status_of(posts: Sequence[Any]) -> Any:
    """The newest statement, when the incident it answers goes on or has come to its end."""
    for newest in posts[:1]:
        if incident := breaking.incident_of(newest.publication.statement):
            newest.goes_on = incident.status in LIVE
            return newest
    return None


def organisation(place: Place) -> dict:
    return {"@type": "Organization", "name": place.brand.name, "url": place.url()}


def schema(told: dict) -> SafeString:
    """As schema.org's JSON-LD; no sign of it can end the element it stands in."""
    words = json.dumps({"@context": "https://schema.org"} | told, ensure_ascii=False)
    return mark_safe(words.translate(_AS_TEXT))


def drawn(place: Place, template: str, context: dict, posts: Sequence[Any]) -> Page:
    related = [newsroom.in_language(post, place.spoken) for post in newsroom.related(posts)]
    newsroom_pictures.attach(place, posts)
    with translation.override(place.spoken), timezone.override(place.brand.time_zone):
        for post in posts:
            post.html, post.word = newsroom.markup(post.text), WORDS.get(post.type, _("Statement"))
            post.link, post.path = place.url(post.slug), place.path(post.slug)
            post.versions = versions(place, post)
            post.answers, post.answered_by = relations(place, post, related)
        text = render_to_string(template, shared(place, context.get("shown", "")) | context)
    return Page(newsroom.for_xml(text).encode(), modified_at(posts), language=place.spoken)


def versions(place: Place, post: NewsroomPost) -> list[tuple[str, str, str]]:
    """(language, its name, address) of the other versions of a statement."""
    codes = [code for code in newsroom.languages_of(post)[1:] if code in LANGUAGES]
    return [(code, LANGUAGES[code], place.in_language(code).url(post.slug)) for code in codes]


def relations(place: Place, post: NewsroomPost, related: Sequence[NewsroomPost]) -> tuple[list, list]:
    """What this one corrects, updates or retracts, and what did so to it: each with its word and path."""
    statement = post.publication.statement
    answers = [each for each in related if each.publication.statement_id == statement.about_id]
    answered = [each for each in related if each.publication.statement.about_id == statement.pk]
    return [seen(place, each) for each in answers], [seen(place, each) for each in answered]


def seen(place: Place, post: NewsroomPost) -> dict:
    word = WORDS.get(post.type, _("Statement"))
    return {"post": post, "word": word, "path": place.path(post.slug), "retracts": post.type == "retraction"}


def shared(place: Place, slug: str | None) -> dict:
    """What every page says of its newsroom. `slug`: of its own statement, None where nothing stands."""
    brand = place.brand
    others = [(code, name, place.in_language(code)) for code, name in LANGUAGES.items()]
    return {
        "brand": brand,
        "home_url": place.path(),
        "here": place.url(),
        "home_link": place.url(),
        "feed_link": place.url(name="feed"),
        "json_link": place.url(name="json_feed"),
        "subscribe_url": place.path(name="subscribe"),
        "spoken": place.spoken,
        "city": brand.time_zone.rpartition("/")[2].replace("_", " "),  # “PST” is two zones: name none
        "languages": LANGUAGES,
        "in_other_words": [
            (code, name, other.path(slug or ""), other.url(slug or "")) for code, name, other in others
        ],
        "stands": slug is not None,
    }


def modified_at(posts: Sequence[NewsroomPost]) -> int | None:
    return int(max((post.published_at.timestamp() for post in posts), default=0)) or None
