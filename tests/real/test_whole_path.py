"""The path with the outside world real: a feed over HTTP, another project's Bluesky server, the worker."""

import itertools
import json
from datetime import UTC, datetime

import pytest

from tests.journeys.visiting import until
from tests.stack import Stack

pytestmark = [pytest.mark.real, pytest.mark.slow]

_numbers = itertools.count(1)
TEXT = (
    "Ligtas po ang lahat 👩‍👩‍👧 sa MV Amihan.  Two  spaces,\ta tab,\nand a line"
    " — “quoted” & <not markup> ñ é."
)
COMPLAINT = "Grabe, ang tagal ng pila sa Banko Luzon app login ngayon 😡 error na naman"

PREPARE = """
import json
from django.utils import timezone
from agency.models import User
from responses.core.actors import person
from responses.monitoring import sourcing
from responses.statements.models import Channel
from tenants import context
from tenants.models import Brand
asked = json.loads({asked!r})
tess = person(User.objects.get(email="tess@habi.example"))
with context.inside(Brand.objects.get(slug="luzon")):
    sourcing.add_source(kind="bluesky", name="A customer", by=tess, now=timezone.now(),
                        config={{"account": asked["customer"], "service_url": asked["url"]}})
    channel = Channel.objects.get(kind="bluesky")
    channel.config = {{"service": asked["url"], "handle": asked["brand"]}}
    channel.secret = asked["password"]
    channel.save()
"""
HEARD = """
import json
from responses.monitoring.models import Alert, Mention
from responses.incidents.models import Incident
from tenants import context
from tenants.models import Brand
with context.inside(Brand.objects.get(slug={slug!r})):
    found = Mention.objects.filter(text={text!r}).select_related("source").first()
    print(json.dumps(found and {{
        "source": found.source.kind, "author": found.author, "id": found.external_id,
        "rules": [match.rule.name for match in found.matches.select_related("rule")],
        "alerts": list(Alert.objects.filter(matches__mention=found).values_list("status", flat=True)),
        "incidents": [one.title for one in Incident.objects.filter(alert__matches__mention=found)],
    }}))
"""
APPROVE = """
import json
from django.utils import timezone
from agency.models import User
from responses.core.actors import person
from responses.statements import drafting, reviewing
from responses.statements.models import Channel, Step
from tenants import context
from tenants.models import Brand
def who(email): return person(User.objects.get(email=email))
now = timezone.now()
with context.inside(Brand.objects.get(slug="luzon")):
    channel = Channel.objects.get(kind="bluesky")
    statement = drafting.draft(title="To our customers", type="holding", texts={{channel.pk: {text!r}}},
                               language="en", by=who("ana@habi.example"), now=now)
    reviewing.submit(statement, by=who("ana@habi.example"), now=now)
    for email in ("ramon@habi.example", "jun@bankoluzon.example"):
        step = Step.objects.get(review__revision__statement=statement, status="active")
        seen = step.review.revision.hash
        reviewing.decide(step, revision_hash=seen, verdict="approved", by=who(email), now=now)
    print(statement.pk)
"""
APPROVED = """
from responses.statements.models import Statement, Variant
from tenants import context
from tenants.models import Brand
import json
with context.inside(Brand.objects.get(slug="luzon")):
    statement = Statement.objects.get(pk={pk})
    variant = Variant.objects.get(revision=statement.latest)
    print(json.dumps({{"status": statement.status, "text": variant.text}}))
"""


@pytest.fixture(scope="module")
def running(bluesky):
    with Stack(days=2, allow=(bluesky.url,)) as stack:
        yield stack


def asked(stack, code, **values):
    return json.loads(stack.python(code.format(**values)).splitlines()[-1])


def posts_of(server, account):
    listed = {"repo": account.did, "collection": "app.bsky.feed.post", "limit": 100}
    return server.client().com.atproto.repo.list_records(listed).records


def test_a_feed_over_http_became_mentions_an_alert_and_an_incident(running):
    """Staging has read it as it stood then; what people say next comes by the worker."""
    post = running.story.say("isla", "Sunog sa MV Amihan, mga pasahero nakita kong inililikas sa Calapan!")
    running.read_soon("isla")
    heard = until(lambda: asked(running, HEARD, slug="isla", text=post.text), 100, "the mention")
    assert (heard["source"], heard["author"], heard["id"]) == ("rss", "test.person", post.guid)
    assert "Fire or accident at sea" in heard["rules"]
    assert heard["alerts"] and heard["incidents"] == ["Fire or accident at sea"]


def test_a_post_on_bluesky_is_heard_and_the_approved_statement_stands_there_byte_for_byte(running, bluesky):
    number = next(_numbers)
    customer, brand = bluesky.create_account(f"customer{number}"), bluesky.create_account(f"brand{number}")
    said_at = datetime.now(UTC).isoformat()
    record = {"$type": "app.bsky.feed.post", "text": COMPLAINT, "createdAt": said_at, "langs": ["fil"]}
    posting = {"repo": customer.did, "collection": "app.bsky.feed.post", "record": record}
    posted = bluesky.client().com.atproto.repo.create_record(posting, headers=customer.headers)
    facts = {
        "url": bluesky.url,
        "customer": customer.handle,
        "brand": brand.handle,
        "password": brand.password,
    }
    running.python(PREPARE.format(asked=json.dumps(facts)))

    heard = until(lambda: asked(running, HEARD, slug="luzon", text=COMPLAINT), 100, "the post as a mention")
    assert (heard["source"], heard["author"], heard["id"]) == ("bluesky", customer.handle, posted.uri)
    assert "App and login failures" in heard["rules"]

    statement = int(running.python(APPROVE.format(text=TEXT)).splitlines()[-1])
    [there] = until(lambda: posts_of(bluesky, brand), 60, "the statement on the server")
    approved = until(
        lambda: (now := asked(running, APPROVED, pk=statement))["status"] == "published" and now,
        60,
        "its end",
    )
    assert there.value.text.encode() == approved["text"].encode() == TEXT.encode()
    assert len(posts_of(bluesky, brand)) == 1
