"""The tags of the interface: what they say, and that they escape."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

NOW = datetime(2026, 3, 4, 6, 7, tzinfo=UTC)  # 14:07 in Manila


@pytest.fixture(autouse=True)
def in_manila():
    with timezone.override("Asia/Manila"):
        yield


def shown(source, **context):
    return Template(source).render(Context({"now": NOW, **context}))


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=6), "6 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(minutes=-22), "in 22 min"),
        (timedelta(days=30), "2 Feb, 14:07"),
    ],
)
def test_ago_says_it_as_a_person_would(apart, words):
    assert f">{words}</time>" in shown("{% ago at %}", at=NOW - apart)


def test_clock_is_in_the_persons_zone_and_adds_the_day_when_it_was_not_today():
    assert ">14:07</time>" in shown("{% clock at %}", at=NOW)
    assert ">3 Mar, 14:07</time>" in shown("{% clock at %}", at=NOW - timedelta(days=1))


def test_duration_takes_seconds_and_timedeltas():
    assert shown("{% duration 4140 %}") == shown("{% duration d %}", d=timedelta(minutes=69))
    assert ">1 h 09</time>" in shown("{% duration 4140 %}")


def test_diff_marks_what_went_and_what_came_and_escapes_both():
    html = shown("{% diff_words old new %}", old="We <b>regret</b> it", new="We <i>own</i> it")
    assert "<del>&lt;b&gt;regret&lt;/b&gt;</del><ins>&lt;i&gt;own&lt;/i&gt;</ins>" in html
    assert shown("{% diff_words old old %}", old="a  <b\n") == "a  &lt;b\n"


def test_severity_has_a_word_beside_its_bars():
    assert "Critical" in shown("{% severity 4 %}")
    assert "Calm" in shown("{% severity None %}")


def test_chart_tells_its_numbers_without_eyes_and_escapes_marks():
    buckets = [{"at": NOW + timedelta(minutes=5 * i), "neg": i, "neu": 1, "pos": 0} for i in range(6)]
    marks = [{"at": NOW + timedelta(minutes=10), "label": "<script>"}]
    html = shown("{% volume_chart buckets marks %}", buckets=buckets, marks=marks)
    assert "At most 6 at once" in html
    assert html.count('<th scope="row">') == 6
    assert "<script>" not in html


def test_a_brand_colour_outside_the_palette_becomes_the_house_colour():
    assert shown("{{ c|palette }}", c="rose") == "rose"
    assert shown("{{ c|palette }}", c='"><script>') == "sea"


HOUR = timedelta(hours=1)


def hours(*counts, first=None):
    first = first or NOW - len(counts) * HOUR
    return [{"at": first + n * HOUR, "neg": count, "neu": 0, "pos": 0} for n, count in enumerate(counts)]


def test_what_happens_in_the_last_step_of_a_chart_is_marked():
    marks = [{"at": NOW - timedelta(minutes=1), "label": "Late alarm"}]
    assert ">Late alarm " in shown("{% volume_chart buckets marks %}", buckets=hours(1, 2, 3), marks=marks)


def test_a_step_that_is_not_over_is_no_part_of_the_area():
    over = shown("{% volume_chart buckets %}", buckets=hours(*[5] * 40), now=NOW)
    assert "L100.00," in over and "so far" not in over and "Dashed" not in over
    going_on = shown("{% volume_chart buckets %}", buckets=hours(*[5] * 40), now=NOW - HOUR / 2)
    assert "L97.50," in going_on and "L100.00," not in going_on
    assert 'class="neg open"' in going_on and "so far" in going_on and "Dashed: not over yet" in going_on


@pytest.mark.parametrize(
    ("counts", "is_area"), [([4] * 40, True), ([4] * 20, False), ([4, 0, 0, 0] * 10, False)]
)
def test_few_or_scattered_mentions_are_bars(counts, is_area):
    html = shown("{% volume_chart buckets %}", buckets=hours(*counts), now=NOW)
    assert ("<path" in html) == is_area
    assert ('<rect class="neg"' in html) != is_area


def test_a_share_of_few_mentions_is_faint():
    html = shown("{% net_chart buckets %}", buckets=hours(5, 4), now=NOW)
    assert html.count('class="neg few"') == 1 and html.count('class="neg"') == 1
    assert "−100 of 4 mentions" in html and "Faint: fewer than 5 mentions" in html


def test_each_step_of_a_chart_leads_to_its_mentions():
    html = shown("{% volume_chart buckets feed='/f/?about=own' %}", buckets=hours(1, 2), now=NOW)
    first = timezone.localtime(NOW - 2 * HOUR)
    until = f"{first + HOUR:%Y-%m-%dT%H:%M}"
    assert f'href="/f/?about=own&amp;since={first:%Y-%m-%dT%H:%M}&amp;until={until}"' in html
    midnight = timezone.localtime(NOW).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [{"at": midnight + timedelta(days=n), "neg": 1, "neu": 0, "pos": 0} for n in range(2)]
    html = shown("{% volume_chart buckets feed='/f/' %}", buckets=days, now=NOW)
    assert f'href="/f/?since={midnight:%Y-%m-%d}&amp;until={midnight:%Y-%m-%d}"' in html


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (5, 0, "new"),
        (0, 0, "as before"),
        (4, 4, "as before"),
        (9, 3, "3 times"),
        (7, 5, "+40%"),
        (1, 2, "−50%"),
    ],
)
def test_change_is_told_in_a_word(now, before, words):
    assert shown("{{ now|change:before }}", now=now, before=before) == words


def test_an_alert_drawn_in_the_middle_of_an_hour_does_not_seem_to_fall():
    at = NOW.replace(minute=0)
    chart = {"first": (at - 2 * HOUR).isoformat(), "minutes": 60, "counts": [0, 40, 3], "usual": []}
    chart |= {"at": (at - HOUR).isoformat(), "until": (at + HOUR / 10).isoformat()}
    small = shown("{% course chart %}", chart=chart)
    assert "From 0 to 40" in small
    begun_in_it = shown("{% course chart %}", chart=chart | {"at": at.isoformat()})
    assert "From 0 to 3" in begun_in_it
    assert 'class="neg open"' in shown("{% usual_chart chart %}", chart=chart, now=NOW + 9 * HOUR)
