"""One of everything in one brand, with ids that no other brand has, so that a leak cannot pass for one's own.

Shared by the tests of isolation and of the API.
"""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from django.db import connection

from api import keys
from api.scopes import Scope
from responses.incidents import lifecycle, protocols
from responses.incidents.models import Incident, Task
from responses.monitoring import excluding, naming, recognising, ruling, sourcing, viewing
from responses.monitoring.correcting import correct
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Mention, Story
from responses.monitoring.sources.base import Item
from responses.publishing import releasing, subscribing
from responses.publishing.models import Subscriber
from responses.statements import (
    breaking,
    commenting,
    deputising,
    drafting,
    grounding,
    illustrating,
    knowing,
    lint_rules,
    overruling,
    policies,
    reviewing,
    templating,
)
from responses.statements.link_models import ApprovalLink
from responses.statements.models import Channel, Step

CANARY = "kanaryo"
FAR = 90001
TOKEN = "t" * 43
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def far_away() -> None:
    """Let ids of this brand begin where no other brand's are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER SEQUENCE "{name}" RESTART WITH {FAR}')


def print_of(schema: str) -> dict[str, str]:
    """A fingerprint of every row of every table of the schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        names = [name for (name,) in cursor.fetchall()]
        prints = {}
        for name in names:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {schema}.{name} t"
            )
            prints[name] = cursor.fetchone()[0]
    return prints


def make(by, now) -> SimpleNamespace:
    """Everything, by the deeds of the slices, in the brand whose schema is entered."""
    far_away()
    made = SimpleNamespace()
    make_heard(made, by, now)
    make_run(made, by, now)
    make_said(made, by, now)
    made.key, made.spelled = keys.issue(
        name=f"{CANARY} key", scopes=list(Scope), by=by.ramon, now=now, per_minute=100_000
    )
    made.token = TOKEN
    return made


def make_heard(made, by, now):
    made.source = sourcing.add_source(kind="webhook", name=f"{CANARY} hook", config={}, by=by.lea, now=now)
    made.rule = ruling.add_rule(name=f"{CANARY} rule", query=CANARY, by=by.lea, now=now)
    made.named_query = naming.add_named_query(name=f"{CANARY}-words", query=CANARY, by=by.lea, now=now)
    made.exclusion = excluding.add_exclusion(
        field="site", value=f"{CANARY}.example", reason=CANARY, by=by.lea, now=now
    )
    made.author = recognising.add_author(name=f"{CANARY} author", by=by.lea, now=now)
    item = Item("one", "https://example.com/1", text=f"the {CANARY} sings")
    ingest(made.source, [item], now=now)
    made.view = viewing.save_view(name=f"{CANARY} view", query="q=x", is_shared=True, by=by.lea, now=now)
    made.mention, made.alert = Mention.objects.get(), Alert.objects.get()
    made.story = Story.objects.create(
        title=f"{CANARY} story", first_mention=made.mention, mention_count=2, platforms=[f"{CANARY}.example"],
        first_at=now, last_at=now,
    )  # fmt: skip
    Mention.objects.update(story=made.story)
    made.correction = correct(made.mention, "positive", by=by.lea, now=now)


def make_run(made, by, now):
    Incident.objects.create(pk=FAR, number=FAR, title=f"{CANARY} before", opened_at=now)
    steps = [{"title": f"call the {CANARY}", "role": "duty_monitor", "due_minutes": 5}]
    made.protocol = protocols.save_protocol(name=f"{CANARY} protocol", steps=steps, by=by.lea, now=now)
    made.incident = lifecycle.open_incident(
        title=f"{CANARY} incident", severity=2, by=by.lea, now=now, protocol=made.protocol
    )
    made.task = Task.objects.get(incident=made.incident)


def make_said(made, by, now):
    made.image = illustrating.add_image(PICTURE, by=by.ana, now=now)
    made.image_name = made.image.name
    made.channel = Channel.objects.create(kind="bluesky", name=f"{CANARY} channel", config={}, position=9)
    made.template = templating.add_template(
        name=f"{CANARY} template",
        type="holding",
        language="en",
        body=f"We speak of the {CANARY}.",
        by=by.ana,
        now=now,
    )
    made.point = grounding.add_point(
        kind="message", text=f"{CANARY} sings", by=by.ana, now=now, incident=made.incident
    )
    made.statement = written(made, by, now)
    made.lint_rule = lint_rules.add_rule(
        kind="do_not_say", phrases=[CANARY], reason=CANARY, by=by.lea, now=now
    )
    made.overruling = let_stand(made.statement, by, now)
    made.revision = made.statement.latest
    made.review = reviewing.submit(made.statement, by=by.ana, now=now)
    made.step = made.review.steps.get(position=1)
    reviewing.decide(made.step, revision_hash=made.revision.hash, verdict="approved", by=by.ong, now=now)
    made.comment = commenting.comment(
        made.revision, text=f"Is the {CANARY} ours?", quote=CANARY, by=by.lea, now=now
    )
    made.suggestion = commenting.comment(
        made.revision, text="", quote=CANARY, replacement=f"{CANARY} bird", by=by.lea, now=now
    )
    made.client_step = made.review.steps.get(position=2)
    made.client_step.refresh_from_db()
    ApprovalLink.objects.create(
        step=made.client_step,
        person_id=by.marta.id,
        person_name=by.marta.name,
        email="marta@isla.example",
        token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(),
        created_at=now,
        expires_at=now + timedelta(hours=72),
    )
    made.policy = policies.save_policy(
        name=f"{CANARY} policy",
        types=["memo"],
        steps=[{"groups": [{"function": "legal"}]}],
        by=by.ramon,
        now=now,
    )
    made.deputy = deputising.name_deputy(person=by.ong, deputy=by.ana, by=by.ong, now=now)
    made.standing_by, made.glass = let_out(made, by, now)
    made.sent = sent(made, by, now)
    made.subscriber = Subscriber.objects.create(email=f"{CANARY.lower()}@reader.example", asked_at=now)
    subscribing.confirm(made.subscriber, now=now)
    made.said = made.sent.statement
    made.approved = approved(made, by, now)
    made.publication = releasing.queue(made.approved, by=by.lea, now=now)[0]


def let_out(made, by, now):
    """A text that stood by and was let out at Critical by two named people."""
    fire = lifecycle.open_incident(title=f"{CANARY} fire", severity=4, by=by.lea, now=now)
    breaking.set_rule(is_on=True, people=[by.lea.id, by.ramon.id], by=by.ramon, now=now)
    statement = written(made, by, now, incident=None)
    let_stand(statement, by, now)
    review = reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    for position, who in ((1, by.ong), (2, by.marta)):
        step = Step.objects.get(review=review, position=position)
        who = replace(who, is_fresh=True)
        reviewing.decide(step, revision_hash=review.revision.hash, verdict="approved", by=who, now=now)
    said = {"revision_hash": review.revision.hash, "reason": CANARY, "now": now}
    glass = breaking.ask(statement, incident=fire, by=replace(by.lea, is_fresh=True), **said)
    return statement, breaking.agree(glass, by=replace(by.ramon, is_fresh=True), **said)


HERE = object()


def written(made, by, now, incident=HERE):
    return drafting.draft(
        title=f"{CANARY} statement",
        type="holding",
        texts={made.channel.pk: f"We speak of the {CANARY}."},
        language="en",
        by=by.ana,
        now=now,
        incident=made.incident if incident is HERE else incident,
        images=[{"image": made.image.pk, "alt": f"A {CANARY} on the rail of a ferry."}],
    )


def sent(made, by, now):
    """What stands in the newsroom."""
    newsroom = SimpleNamespace(**vars(made) | {"channel": Channel.objects.get(kind=Channel.Kind.NEWSROOM)})
    publication = releasing.queue(approved(newsroom, by, now), by=by.lea, now=now)[0]
    releasing.release_due(now)
    return publication


def let_stand(statement, by, now):
    """The one finding that would keep it from review, overruled."""
    finding = next(one for one in knowing.of_revision(statement.latest) if one.severity == "must")
    return overruling.overrule(statement, mark=finding.mark, reason=f"{CANARY} may stand", by=by.ana, now=now)


def approved(made, by, now):
    """A statement that both steps approved."""
    statement = written(made, by, now)
    let_stand(statement, by, now)
    review = reviewing.submit(statement, by=by.ana, now=now, release_on_approval=False)
    for position, who in ((1, by.ong), (2, by.marta)):
        step = Step.objects.get(review=review, position=position)
        reviewing.decide(step, revision_hash=review.revision.hash, verdict="approved", by=who, now=now)
    statement.refresh_from_db()
    return statement
