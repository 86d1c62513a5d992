"""What the public sees: the posts of the brand's newsroom, their words as safe markup, their addresses."""

import re
import uuid
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from responses.statements.image_models import RevisionImage
from tenants import context
from tenants.models import Brand, Domain

from .models import NewsroomPost

ON_A_PAGE = 20
LINK = re.compile(r"https?://[^\s<>\"'“”]+", re.IGNORECASE)
AFTER_A_LINK = ".,;:!?…)]}»"
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def posts(page: int = 1) -> tuple[list[NewsroomPost], bool]:
    """One page of what stands, newest first, and whether there are older ones."""
    start = (page - 1) * ON_A_PAGE
    rows = list(standing()[start : start + ON_A_PAGE + 1])
    return rows[:ON_A_PAGE], len(rows) > ON_A_PAGE


def standing():
    """Each knows whether its wording shows pictures, so that none are asked for where there are none."""
    shown = RevisionImage.objects.filter(revision=OuterRef("publication__revision"))
    posts = NewsroomPost.objects.select_related("publication__statement__incident")
    return posts.annotate(is_illustrated=Exists(shown))


def in_language(post: NewsroomPost, language: str) -> NewsroomPost:
    """The post in a reader's language where it has a version of it; else as it is. It is not to be saved."""
    told = post.also.get(language)
    if told and post.language != language:
        post.also = {**post.also, post.language: {"title": post.title, "text": post.text}}
        post.title, post.text, post.language = told["title"], told["text"], language
    return post


def languages_of(post: NewsroomPost) -> list[str]:
    return [post.language, *(code for code in post.also if code != post.language)]


def related(posts) -> list[NewsroomPost]:
    """What these correct, update or retract, and what did so to them, oldest first."""
    about = {post.publication.statement.about_id for post in posts} - {None}
    own = {post.publication.statement_id for post in posts}
    linked = Q(publication__statement__in=about) | Q(publication__statement__about__in=own)
    return list(standing().filter(linked).order_by("published_at", "pk")) if own else []


def markup(text: str) -> SafeString:
    """Plain text as paragraphs, with its web links made clickable and everything else escaped."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return format_html_join("", "<p>{}</p>", ((lines(part),) for part in paragraphs if part.strip()))


def lines(paragraph: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((linked(line),) for line in paragraph.split("\n")))


def linked(line: str) -> SafeString:
    parts, end = [], 0
    for match in LINK.finditer(line):
        url = without_tail(match.group())
        parts.append(escape(line[end : match.start()]))
        parts.append(format_html('<a href="{}" rel="noopener nofollow">{}</a>', url, url))
        end = match.start() + len(url)
    parts.append(escape(line[end:]))
    return SafeString("".join(parts))


def without_tail(url: str) -> str:
    """A link ends before the full stop of its sentence, and before a bracket it did not open."""
    while url and url[-1] in AFTER_A_LINK and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url


def for_xml(text: str) -> str:
    """Without the characters that XML has no spelling for."""
    return NOT_XML.sub("", text)


def feed_id(brand: Brand, language: str = "") -> str:
    """Stays the same when the brand moves to another host or takes another name. Of a second language's feed
    it is another one.
    """
    name = f"{brand.schema_name} {brand.created_at.isoformat()} {language}".rstrip()
    return uuid.uuid5(uuid.NAMESPACE_OID, name).urn


def public_url(slug: str = "") -> str:
    """The address to hand on: on the brand's own host when it has one."""
    brand = context.here()
    return address(lambda urlconf: path(brand, slug, urlconf))


def address(path_in) -> str:
    """The same for any path of the newsroom; `path_in` gives it for a host's addresses."""
    domain = Domain.objects.filter(tenant=context.here()).order_by("-is_primary").first()
    if domain:
        return urljoin(f"https://{domain.domain}", path_in(settings.BRAND_HOST_URLCONF))
    return urljoin(settings.TUGON_ADDRESS, path_in(settings.ROOT_URLCONF))


def path(brand, slug="", urlconf=None) -> str:
    """The path of the newsroom or of one post; on the brand's own host the brand's part is empty."""
    if slug:
        return reverse("newsroom:post", urlconf, [brand.slug, slug])
    return reverse("newsroom:home", urlconf, [brand.slug])
