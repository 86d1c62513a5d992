"""What the teams have done with the month: mentions worked through, corrected, kept as views of the feed."""

from datetime import timedelta

from responses.monitoring import correcting, triaging, viewing
from responses.monitoring.models import Mention

AT_ONCE = 400
WORKED_THROUGH = timedelta(hours=26)  # what is older, somebody has seen
# Per brand: (name, the feed's query, whether it is the whole team's).
VIEWS = {
    "isla": (
        ("Angry and new", "tone=negative&triage=new", True),
        ("Refunds in Taglish", "q=refund&language=taglish", False),
    ),
    "luzon": (("The app, negative", "q=app&tone=negative", True),),
}
# Per brand: what a mention says, set aside or read otherwise than Tugon reads it.
ASIDE = {"isla": ("Luntian Lines",), "luzon": ("raffle",), "ising": ("recipe",)}
MEANT = {
    "isla": (("sana naman walang cancel", "negative"),),
    "luzon": (("We live in the future", "positive"),),
}


def work_through(slug: str, lead, monitor, now) -> None:
    """The duty monitor has seen what is old and set some aside; the lead keeps views and mends readings."""
    old = Mention.objects.filter(published_at__lt=now - WORKED_THROUGH)
    numbers = list(old.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), AT_ONCE):
        some = old.filter(pk__in=numbers[start : start + AT_ONCE])
        triaging.triage(some, "seen", by=monitor, now=now - timedelta(hours=9))
    for words in ASIDE.get(slug, ()):
        some = Mention.objects.filter(pk__in=containing(words, now)[:12])
        triaging.triage(some, "set_aside", by=monitor, now=now - timedelta(hours=8))
    for name, query, is_shared in VIEWS.get(slug, ()):
        viewing.save_view(name=name, query=query, is_shared=is_shared, by=lead, now=now - timedelta(days=9))
    for words, tone in MEANT.get(slug, ()):
        for mention in Mention.objects.filter(pk__in=containing(words, now)[:3]):
            correcting.correct(mention, tone, by=lead, now=now - timedelta(hours=7))


def containing(words: str, now) -> list[int]:
    rows = Mention.objects.filter(text__icontains=words, published_at__lt=now - WORKED_THROUGH)
    return list(rows.order_by("-published_at", "-pk").values_list("pk", flat=True))
