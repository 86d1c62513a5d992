"""What a text will look like: cut, counted and marked as the channel does it, and nothing of it is markup."""

import pytest
from django.urls import reverse

from responses.publishing.previewing import marked, shown
from responses.statements.models import Channel
from tenants import context

from .making import drafted, newsroom

LINK = "https://www.isla.example/updates/2026/november?a=1&b=2"
TEXT = f'Salamat @coast@guard.example #Ligtas <b>"{LINK}"</b> juan@x.ph'


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        ("mastodon", ["@coast", "#Ligtas", "isla.example/updates/2026/nove…"]),
        ("x", ["@coast@guard.example", "#Ligtas", "isla.example/updates/2026/n…"]),
        ("newsroom", ["https://www.isla.example/updates/2026/november?a=1&amp;b=2"]),
        ("slack", ["https://www.isla.example/updates/2026/november?a=1&amp;b=2"]),
    ],
)
def test_marked_as_it_is_there(kind, marks):
    markup = marked(kind, TEXT)
    found = [part.partition("</span>")[0] for part in markup.split('<span class="marked">')[1:]]
    assert found == marks
    assert "<b>" not in markup
    assert "&lt;b&gt;" in markup


def test_a_thread_is_shown_post_by_post():
    long = Channel(kind="bluesky", name="B", config={"thread": True})
    posts = shown(long, " ".join(f"Pangungusap bilang {number} ito." for number in range(40)))
    assert len(posts) > 2
    assert all(post.length <= post.most == 300 for post in posts)


def test_the_page(sign_in, brands, by, now):
    with context.inside(brands.isla):
        bluesky = Channel.objects.create(kind="bluesky", name="B", config={"thread": True}, position=1)
        texts = {newsroom(): "Long text.", bluesky: "Maikli ito. " * 40}
        statement = drafted(by, now, texts)
    page = sign_in("paolo").get(reverse("responses:statement_preview", args=["isla", statement.pk]))
    assert "2 posts" in page.content.decode()
    editor = sign_in("ana").get(reverse("responses:statement", args=["isla", statement.pk])).content.decode()
    assert "a thread of 2 posts" in editor
    assert sign_in("charlie").get(page.request["PATH_INFO"]).status_code == 404
