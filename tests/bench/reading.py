"""Reading the feed of a brand with a million mentions, beside the feed of a brand with none."""

import sys
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from responses.monitoring.models import HourCount, Match, Mention, Rule, Source
from tenants import context, provisioning

from .figures import agency_of, alternate, brand_of, figure, line, opened, p95, signed_in

MENTIONS = 1_000_000
DAYS = 365
RARE, COMMON = "pambihira", "byahe"  # 5 of all, and a fifth of all
ROUNDS = 40
PAGES = {
    "unfiltered": "",
    "common word": f"?q={COMMON}",
    "rare word": f"?q={RARE}",
    "page 1000": "?page=1000",
    "a word and a tone": f"?q={COMMON}+-trapik&tone=negative",
}
SAID = """
INSERT INTO responses_mention (source_id, external_id, url, author, author_url, title, text, language,
    sentiment, score, reach, risk, published_at, seen_at)
SELECT %(source)s, 'n' || n, 'https://kwento.example/' || n, 'author' || n %% 5000, '', '',
    concat_ws(' ', CASE WHEN n %% 5 = 0 THEN %(common)s END, CASE WHEN n %% 200000 = 77 THEN %(rare)s END,
        words[1 + n %% 17], words[1 + n / 17 %% 19], words[1 + n / 323 %% 23], words[1 + n %% 29],
        words[1 + n / 7 %% 30], 'w' || n %% 9001, 'x' || n %% 50021, words[1 + n / 11 %% 30]),
    (ARRAY['en', 'fil', 'taglish'])[1 + n %% 3],
    (ARRAY['negative', 'neutral', 'neutral', 'positive'])[1 + n %% 4],
    0, CASE WHEN n %% 3 = 0 THEN n %% 90000 END, CASE WHEN n %% 4 = 0 THEN n %% 100 ELSE 0 END,
    %(now)s - (%(span)s / %(count)s) * n, %(now)s - (%(span)s / %(count)s) * n
FROM generate_series(%(count)s, 1, -1) n,
    (SELECT string_to_array('salamat po sa mabilis na tulong ng crew kahapon pero mahaba ang pila late grabe '
    'sana ayusin ninyo ito agad hindi na mauulit please lang trapik sa pier kaninang umaga', ' ') words) w
"""
COUNTED = """
INSERT INTO responses_hourcount (hour, negative, neutral, positive)
SELECT date_trunc('hour', published_at), count(*) FILTER (WHERE sentiment = 'negative'),
    count(*) FILTER (WHERE sentiment = 'neutral'), count(*) FILTER (WHERE sentiment = 'positive')
FROM responses_mention GROUP BY 1
"""
MATCHED = """
INSERT INTO responses_match (rule_id, mention_id, at)
SELECT %(rule)s, id, published_at FROM responses_mention WHERE search @@ to_tsquery('simple', %(common)s)
"""


def fill(now) -> None:
    """A year of talk in the schema that is entered: a million rows, written by the server itself."""
    source = Source.objects.create(kind=Source.Kind.WEBHOOK, name="Everything", due_at=None)
    rule = Rule.objects.create(name="Trips", query=COMMON)
    told = {"source": source.pk, "rule": rule.pk, "now": now, "span": timedelta(days=DAYS)}
    told |= {"common": COMMON, "rare": RARE, "count": MENTIONS}
    with connection.cursor() as cursor:
        later = without_indexes(cursor, Mention._meta.db_table)
        for statement in (SAID, *later, COUNTED, MATCHED):
            cursor.execute(statement, told if "%(" in statement else None)
        for model in (Mention, Match, HourCount):
            cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")  # what autovacuum does after a while


def without_indexes(cursor, table) -> list[str]:
    """Take the indexes away that uphold nothing, and return how to make them again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s "
        "AND indexdef NOT LIKE '%% UNIQUE %%'",
        [table],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


@figure
def feed():
    """Each page in turn with the empty brand's, and no query more than it needs there."""
    agency = agency_of("readers")
    for slug in ("silent", "spoken"):
        provisioning.carry_on(brand_of(agency, slug))
    brand = agency.engagements.get(brand__slug="spoken").brand
    with context.inside(brand):
        fill(timezone.now())
    client = signed_in(agency)
    worst = (0, 0)
    for name, query in PAGES.items():
        worst = max(worst, compared(client, name, query))
    yield line("feed.p95_ratio", worst[0], "× of the empty brand", worst[1], 3)


def compared(client, name, query):
    few, many = (lambda slug=slug: opened(client, f"/b/{slug}/feed/{query}") for slug in ("silent", "spoken"))
    alternate(few, many, rounds=5)
    empty, full = (p95(times) for times in alternate(few, many, rounds=ROUNDS))
    with CaptureQueriesContext(connection) as asked:
        many()
    figures = (
        f"{empty * 1000:.1f} ms empty, {full * 1000:.1f} ms full, {full / empty:.2f}, {len(asked)} queries"
    )
    print(f"{name}: {figures}", file=sys.stderr)
    return full / empty, empty
