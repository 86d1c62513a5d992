"""The demo story: the same every time, alive on the clock, and a feed real readers accept."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import feedparser
import pytest
import regex

from responses.monitoring.query import compile_query
from responses.story import cast, papers, playbook
from responses.story.crisis import crisis, crisis_live, label_complaint, login_failures
from responses.story.feed import NEWEST, Story, StoryServer, rss, serve
from responses.story.ordinary import VOLUMES, one_day, ordinary, templates
from responses.story.post import MANILA, Post

NOW = datetime(2026, 11, 23, 5, 50, tzinfo=UTC)
SLUGS = tuple(VOLUMES)
ROLES = {
    "agency_director",
    "account_lead",
    "crisis_lead",
    "duty_monitor",
    "writer",
    "legal_reviewer",
    "spokesperson",
    "client_approver",
    "client_observer",
}


def everything(now=NOW):
    later = now + timedelta(hours=2)
    return {slug: Story(now).posts(slug, later) for slug in SLUGS}


def between(posts, start, end):
    since, until = NOW + timedelta(minutes=start), NOW + timedelta(minutes=end)
    return [post for post in posts if since < post.published_at <= until]


def test_told_twice_it_is_the_same_story():
    first = everything()
    one_day.cache_clear()
    assert everything() == first
    assert ordinary("isla", NOW, seed=1) != ordinary("isla", NOW, seed=2)


def test_no_two_posts_share_a_guid_or_an_address():
    posts = list(chain.from_iterable(everything().values()))
    assert len(posts) > 5000
    assert len({post.guid for post in posts}) == len(posts)
    assert len({post.url for post in posts}) == len(posts)


def test_no_text_is_empty_or_keeps_a_slot():
    for post in chain.from_iterable(everything().values()):
        assert post.text.strip() and post.author and post.lang in {"en", "fil"}, post
        assert not regex.search(r"[{}]|\bNone\b", post.text + post.title), post
        assert ".example/" in post.url


def test_phone_numbers_and_domains_are_invented():
    words = [post.text for post in chain.from_iterable(everything().values())]
    words += [v.body for paper in all_papers() for r in paper.revisions for v in r.variants]
    for text in words:
        assert not regex.search(r"\b09\d{2}(?! 555 01\d{2}\b)", text), text
        assert not regex.search(r"@\S+\.(?!example\b)\w+|https?://", text), text


@pytest.mark.parametrize("slug", SLUGS)
def test_enough_is_written_by_hand(slug):
    voices, news = templates(slug)
    at_least = 60 if slug in {"isla", "luzon", "ising"} else 25
    assert len(voices) + len(news) >= at_least
    assert len({text for _, text in voices}) == len(voices)
    assert {lang for lang, _ in voices} == {"en", "fil"}


@pytest.mark.parametrize("slug", SLUGS)
def test_volume_is_about_what_was_agreed(slug):
    posts = ordinary(slug, NOW, days=28)
    assert len(posts) / 28 == pytest.approx(VOLUMES[slug], rel=0.15)
    assert all(NOW - timedelta(days=28) < post.published_at <= NOW for post in posts)
    assert all(a.published_at < b.published_at for a, b in pairwise(posts))


@pytest.mark.parametrize("slug", SLUGS)
def test_nights_are_quiet_in_manila(slug):
    hours = Counter(post.published_at.astimezone(MANILA).hour for post in ordinary(slug, NOW))
    assert sum(hours[h] for h in (1, 2, 3, 4)) * 4 < sum(hours[h] for h in (17, 18, 19, 20))


def test_people_sail_at_weekends_and_bank_on_weekdays():
    def share(slug, days):
        posts = ordinary(slug, NOW, days=28)
        return sum(p.published_at.astimezone(MANILA).weekday() in days for p in posts) / len(posts)

    assert share("isla", {4, 5, 6}) > 3 / 7 * 1.1
    assert share("luzon", {5, 6}) < 2 / 7 * 0.8


def test_repeats_are_rare():
    posts = ordinary("isla", NOW)
    assert len({post.text for post in posts}) / len(posts) > 0.85


def test_an_hour_later_nothing_said_has_changed():
    before = ordinary("luzon", NOW)
    after = {post.guid: post for post in ordinary("luzon", NOW + timedelta(hours=1))}
    kept = [post for post in before if post.guid in after]
    assert len(before) - len(kept) <= 8  # only the oldest hour has left
    assert all(after[post.guid] == post for post in kept)
    assert len(after) > len(kept)


def test_the_crisis_begins_an_hour_ago_and_rises_steeply():
    posts = crisis(NOW)
    assert NOW - posts[0].published_at <= timedelta(minutes=66)
    assert 190 <= len(posts) <= 220
    assert posts[-1].published_at <= NOW
    assert 20 <= len(between(posts, -5, 0)) <= 32
    assert len(between(posts, -5, 0)) > 3 * len(between(posts, -60, -55))


def test_the_crisis_has_many_voices():
    posts = crisis(NOW)
    written = {post.text for post in posts if "“" not in post.text}  # the rest quote these
    assert len(written) >= 90
    assert {post.lang for post in posts} == {"en", "fil"}
    assert any("3 patay" in post.text for post in posts)
    assert any(post.author.startswith("Bantay-Dagat") and "no deaths" in post.text for post in posts)


def test_the_live_supply_runs_at_fifteen_seconds_and_calms_after_a_statement():
    assert len(between(crisis_live(NOW, 300), 0, 10)) == pytest.approx(40, abs=8)
    spoke_at = NOW + timedelta(minutes=10)
    calm = crisis_live(NOW, 300, statement_at=spoke_at)
    assert between(calm, 0, 10) == between(crisis_live(NOW, 300), 0, 10)
    assert len(between(calm, 20, 40)) * 2 < len(between(crisis_live(NOW, 300), 20, 40))


def test_the_live_supply_never_ends():
    posts = crisis_live(NOW, 3000, statement_at=NOW + timedelta(minutes=30))
    assert len({post.guid for post in posts}) == 3000
    assert posts[-1].published_at > NOW + timedelta(days=7)


def test_the_smaller_stories_are_smaller():
    logins = login_failures(NOW)
    assert len(logins) == pytest.approx(40, abs=2)
    assert all(NOW - timedelta(hours=5) <= post.published_at <= NOW for post in logins)
    assert len(label_complaint(NOW)) == 8


def test_seats_name_known_brands_and_roles():
    brands = {brand.slug: brand for brand in cast.BRANDS}
    assert len({person.email for person in cast.PEOPLE}) == len(cast.PEOPLE)
    assert set(brands) == set(SLUGS) == set(playbook.RULES) == set(playbook.PROTOCOLS_OF)
    for person in cast.PEOPLE:
        assert person.role in ROLES and set(person.seats.values()) <= ROLES
        assert set(person.seats) <= set(brands)
        assert person.agency in {"", *(brands[slug].agency for slug in person.seats)}
    assert {brand.colour for brand in cast.BRANDS} <= set(cast.COLOURS)


def test_rules_and_protocols_fit_together():
    protocols = {protocol.key: protocol for protocol in playbook.PROTOCOLS}
    assert len(playbook.HARM.steps) == 8
    assert [p.key for p in playbook.PROTOCOLS if p.is_default] == ["first-hour"]
    assert all(set(keys) <= set(protocols) for keys in playbook.PROTOCOLS_OF.values())
    for slug, rules in playbook.RULES.items():
        for rule in rules:
            assert rule.query.count("(") == rule.query.count(")") and rule.query.count('"') % 2 == 0
            assert not rule.protocol or rule.protocol in playbook.PROTOCOLS_OF[slug]
    assert all(step.role in ROLES for protocol in playbook.PROTOCOLS for step in protocol.steps)


def heard(slug, name, posts):
    written = next(rule.query for rule in playbook.RULES[slug] if rule.name == name)
    query = compile_query(written, playbook.SAVED.get(slug, {}))
    return [post for post in posts if query.matches(f"{post.title} {post.text}")]


def test_every_rule_can_be_read():
    for slug, rules in playbook.RULES.items():
        saved = playbook.SAVED.get(slug, {})
        for rule in rules:
            compile_query(rule.query, saved)
    assert any("saved:" in rule.query for rule in playbook.RULES["isla"])


@pytest.mark.parametrize(
    ("slug", "name", "day", "share"),
    [
        ("isla", "Fire or accident at sea", crisis, 0.25),
        ("isla", "MV Amihan by name", crisis, 0.35),
        ("luzon", "App and login failures", login_failures, 0.7),
        ("ising", "Labels and allergies", label_complaint, 0.7),
    ],
)
def test_the_rules_hear_the_day_and_leave_the_month_alone(slug, name, day, share):
    assert len(heard(slug, name, day(NOW))) >= share * len(day(NOW))
    assert len(heard(slug, name, ordinary(slug, NOW))) <= 3


def test_the_first_mention_of_the_fire_already_matches():
    assert heard("isla", "Fire or accident at sea", crisis(NOW)[:1])


def all_papers(now=NOW):
    return [papers.holding(now), papers.full_statement(now), papers.bank_notice(now), *papers.past(now)]


def test_statements_fit_their_channels_at_any_hour():
    for hour in range(24):
        for paper in all_papers(NOW + timedelta(hours=hour)):
            for variant in chain.from_iterable(r.variants for r in paper.revisions):
                assert variant.body and not regex.search(r"[{}]|[.]{2}", variant.body + variant.title)
                if variant.channel == "bluesky":
                    assert len(regex.findall(r"\X", variant.body)) <= 300
                else:
                    assert variant.title


def test_the_holding_statement_says_what_a_holding_statement_must():
    english, filipino, short = papers.holding(NOW).revisions[0].variants
    for words in ("12:40 pm", "November 23, 2026", "Calapan", "214", "sorry", "0917 555 0100", "4:00 pm"):
        assert words in english.body
    for words in ("12:40 ng tanghali", "Nobyembre 23, 2026", "214", "paumanhin", "4:00 ng hapon"):
        assert words in filipino.body
    assert (english.language, filipino.language, short.channel) == ("en", "fil", "bluesky")


def test_revisions_differ_and_the_past_is_past():
    first, second = papers.full_statement(NOW).revisions
    assert all(a.body != b.body for a, b in zip(first.variants, second.variants, strict=True))
    assert papers.bank_notice(NOW).change_request.by == "jun@bankoluzon.example"
    assert Counter(paper.brand for paper in papers.past(NOW)) == {"isla": 2, "luzon": 2}
    assert all(NOW - timedelta(days=31) < paper.published_at < NOW for paper in papers.past(NOW))


def test_the_feed_keeps_every_word():
    page = "https://x.example/?a=1&b=2"
    odd = Post("g<1>", NOW, "a & b", page, 'It\'s "5 < 6" & so', "1 < 2 & <b>bold</b>", page, "fil")
    feed = feedparser.parse(rss("isla", [odd], "http://127.0.0.1:1"), sanitize_html=False)
    entry = feed.entries[0]
    assert not feed.bozo
    assert (entry.id, entry.author, entry.link) == (odd.guid, odd.author, odd.url)
    assert entry.title == odd.title
    assert "1 &lt; 2 &amp; &lt;b&gt;bold" in entry.summary
    assert tuple(entry.published_parsed)[:6] == NOW.timetuple()[:6]


@pytest.fixture
def server():
    clock = [NOW]
    with StoryServer(Story(NOW), clock=lambda: clock[0]) as running:
        running.set_clock = lambda moment: clock.__setitem__(0, moment)
        yield running


def ask(url, **headers):
    with urlopen(Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})) as answer:
        return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_feed_reader_reads_every_feed(server, slug):
    status, headers, body = ask(server.url_for(slug))
    feed = feedparser.parse(body)
    assert status == 200 and not feed.bozo and feed.version == "rss20"
    assert headers["Content-Type"].startswith("application/rss+xml")
    assert [entry.id for entry in feed.entries] == [post.guid for post in server.story.posts(slug, NOW)]
    assert 0 < len(feed.entries) <= NEWEST


def test_an_unchanged_feed_answers_304_and_a_grown_one_200(server):
    url = server.url_for("isla")
    _, headers, body = ask(url)
    for condition in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
        with pytest.raises(HTTPError) as unchanged:
            ask(url, **condition)
        assert unchanged.value.code == 304
    server.set_clock(NOW + timedelta(minutes=5))
    status, later, grown = ask(url, If_None_Match=headers["ETag"])
    assert status == 200 and later["ETag"] != headers["ETag"]
    assert grown.count(b"<item>") >= body.count(b"<item>") + 12


def test_an_unknown_feed_is_404_and_a_bad_date_is_no_date(server):
    with pytest.raises(HTTPError) as missing:
        ask(server.base_url + "/nobody.xml")
    assert missing.value.code == 404
    assert ask(server.url_for("kape"), If_Modified_Since="yesterday, I think")[0] == 200


def test_serve_starts_at_once_and_stop_frees_the_port():
    running = serve(0, Story(NOW))
    port = running.port
    running.stop()
    again = serve(port, Story(NOW))
    assert again.port == port
    again.stop()
