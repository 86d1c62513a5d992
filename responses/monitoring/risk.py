"""How much a mention could hurt the brand, 0 to 100, and why.

What is said weighs first: how negative it sounds, and words of harm, law, authorities, outrage, security and
press (model/risk.txt, to be edited). Who hears it (reach, a verified author, copies on several platforms)
weighs as much as what is said gives it reason to: a loud thank-you is no risk. A named author and the level
of a rule that matched are people's own judgement and are added.

The reasons are kept as codes and figures, and told in the reader's language.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Max
from django.db.models.functions import Lower

from .lexicon import NEGATIONS
from .models import Match, Mention, NamedAuthor
from .query.words import cut

FILE = Path(__file__).parent / "model" / "risk.txt"
TONE = 25  # points of the most negative text
SHARES = (1.0, 0.6, 0.4, 0.25, 0.25, 0.25)  # of the subjects' points, the gravest first
FULL = 35  # points of what is said from which on its audience counts fully
HEARD = 500  # fewer do not count; ten times as many are worth REACH points
REACH, REACH_MOST = 5, 18
VERIFIED = 5
COPIES, COPIES_MOST, PLATFORM, PLATFORMS_MOST = 3, 12, 4, 8
NAMED, BY_LEVEL, NAMED_MOST = 8, 3, 20
RULE = 4  # points per level of the gravest rule
SHOWN = 4  # words that a reason names


@dataclass(frozen=True)
class Subject:
    code: str
    points: int


def _read() -> tuple[dict[str, Subject], dict[str, Subject]]:
    """Words and phrases, and beginnings of words, with what they speak of."""
    whole: dict[str, Subject] = {}
    beginnings: dict[str, Subject] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, points, *words = line.split()
            for word in words:
                kept, key = (beginnings, word[:-1]) if word.endswith("*") else (whole, word.replace("_", " "))
                kept[key] = Subject(code, int(points))
    return whole, beginnings


WORDS, BEGINNINGS = _read()
_STARTS = tuple(BEGINNINGS)


# --- weighing


def weigh(mentions: Sequence[Mention]) -> None:
    """Set `risk` and `risk_why` of each; two queries for all together."""
    rules = dict(
        Match.objects.filter(mention__in=[mention.pk for mention in mentions if mention.pk])
        .order_by()
        .values_list("mention")
        .annotate(level=Max("rule__severity"))
    )
    authors = named(mentions)
    for mention in mentions:
        grave = said(mention)
        base = sum(reason["points"] for reason in grave)
        share = min(1.0, base / FULL)
        why = [
            *grave,
            *({**reason, "points": round(reason["points"] * share)} for reason in heard(mention)),
            *judged(authors.get(mention.author.lower()), rules.get(mention.pk) or 0),
        ]
        mention.risk_why = sorted((each for each in why if each["points"]), key=lambda each: -each["points"])
        mention.risk = min(100, sum(each["points"] for each in mention.risk_why))


def named(mentions: Sequence[Mention]) -> dict[str, NamedAuthor]:
    names = {mention.author.lower() for mention in mentions if mention.author}
    found = NamedAuthor.objects.annotate(small=Lower("name")).filter(small__in=names)
    return {author.small: author for author in found}


def said(mention: Mention) -> list[dict]:
    """What the text says: its tone and its subjects."""
    found = []
    if mention.sentiment == Mention.Sentiment.NEGATIVE:
        points = round(TONE * min(1.0, abs(mention.score)))
        found.append({"code": "negative", "points": points, "score": round(mention.score, 2)})
    kind = 0.5 if mention.sentiment == Mention.Sentiment.POSITIVE else 1.0
    spoken = subjects(f"{mention.title}\n{mention.text}" if mention.title != mention.text else mention.text)
    ordered = sorted(spoken.items(), key=lambda item: -item[0].points)
    for share, (subject, words) in zip(SHARES, ordered, strict=False):
        points = round(subject.points * share * kind)
        found.append({"code": subject.code, "points": points, "words": words[:SHOWN]})
    return found


def subjects(text: str) -> dict[Subject, list[str]]:
    """What the text speaks of, with the words that do; "walang nasaktan" speaks of nobody's harm."""
    words = [word.lstrip("#@") for word in cut(text)]
    found: dict[Subject, list[str]] = {}
    for before, _word, phrases in zip(["", *words], words, _phrases(words), strict=False):
        for phrase in phrases:
            subject = WORDS.get(phrase) or _beginning(phrase)
            if subject and before not in NEGATIONS and phrase not in found.setdefault(subject, []):
                found[subject].append(phrase)
    return {subject: words for subject, words in found.items() if words}


def _phrases(words: list[str]) -> Iterable[tuple[str, ...]]:
    """At each word: the word, and the phrases of up to three that begin with it."""
    ahead = [*words, "", ""]
    for place, word in enumerate(words):
        one, two = ahead[place + 1], ahead[place + 2]
        yield (word, f"{word} {one}", f"{word} {one} {two}")


def _beginning(word: str) -> Subject | None:
    if not word.startswith(_STARTS) or " " in word:
        return None
    return next(subject for start, subject in BEGINNINGS.items() if word.startswith(start))


def heard(mention: Mention) -> Iterable[dict]:
    """Who hears it: of what use as the text gives reason."""
    reach = mention.reach or 0
    if reach > HEARD:
        points = min(REACH_MOST, REACH * math.log10(reach / HEARD))
        yield {"code": "reach", "points": points, "count": reach}
    if mention.verified:
        yield {"code": "verified", "points": VERIFIED}
    story = mention.story
    if story is not None and story.mention_count >= COPIES:
        platforms = len(story.platforms)
        points = min(COPIES_MOST, 3 * math.log2(story.mention_count / 2))
        points += min(PLATFORMS_MOST, PLATFORM * (platforms - 1))
        yield {"code": "spread", "points": points, "count": story.mention_count, "platforms": platforms}


def judged(author: NamedAuthor | None, severity: int) -> Iterable[dict]:
    """What people have said beforehand."""
    if author is not None:
        points = min(NAMED_MOST, NAMED + BY_LEVEL * author.severity)
        yield {"code": "author", "points": points, "name": author.name, "note": author.note}
    if severity:
        yield {"code": "rule", "points": RULE * severity, "level": severity}


def keep(mentions: Sequence[Mention]) -> None:
    """Write risk and story of all of them in one statement; those that stay as they were are left alone."""
    if not mentions:
        return
    columns: list[list] = [
        [mention.pk for mention in mentions],
        [mention.story_id for mention in mentions],
        [mention.risk for mention in mentions],
        [json.dumps(mention.risk_why) for mention in mentions],
    ]
    sql = (
        f"UPDATE {Mention._meta.db_table} held SET story_id = told.story, risk = told.risk, "  # noqa: S608
        "risk_why = told.why FROM unnest(%s::int8[], %s::int8[], %s::int2[], %s::jsonb[]) "
        "told (id, story, risk, why) WHERE held.id = told.id AND (held.story_id, held.risk, held.risk_why) "
        "IS DISTINCT FROM (told.story, told.risk, told.why)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, tuple(columns))
