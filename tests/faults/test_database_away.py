"""The database away for ten seconds while people write and the worker works, on the real product."""

import json
import time

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys.visiting import Visitors, until
from tests.stack import Stack

from .distance import Distance
from .forms import forms_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECONDS = 10
LEA = "lea@habi.example"
WORDS = "The database does not answer right now"
TEXT = "Ligtas ang lahat ng sakay.\n\nNext update at 5."
JOBS = """
from django_q.models import Failure, OrmQ
from responses.monitoring.models import Mention
from responses.statements.models import Revision
from tenants import context
from tenants.models import Brand
import json
with context.inside(Brand.objects.get(slug="isla")):
    texts = list(Mention.objects.filter(text__startswith="Sinabi").values_list("text", flat=True))
    revisions = Revision.objects.filter(note="away").count()
print(json.dumps({"waiting": OrmQ.objects.count(), "failed": Failure.objects.count(), "texts": texts,
                  "revisions": revisions}))
"""


class DistantStack(Stack):
    """The product, with a line to its database that the test can cut."""

    def serve(self):
        self.line = self.open.enter_context(Distance(self.database_url))
        super().serve()

    @property
    def environment(self):
        return super().environment | ({"DATABASE_URL": self.line.url} if hasattr(self, "line") else {})


@pytest.fixture(scope="module")
def distant():
    with DistantStack(days=2) as running:
        yield running


class Plain:
    """A person with a browser without scripts: an httpx client that reads forms from pages."""

    def __init__(self, url):
        self.http = httpx.Client(base_url=url, follow_redirects=True, timeout=30)

    def form(self, path, part):
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text[:500]
        return next(
            form for form in forms_of(path, answer.text) if part in form.action and form.method == "post"
        )

    def send(self, form, **changed):
        data = {name: value for name, value in form.fields if value or name in changed} | changed
        return self.http.post(form.action, data=data)

    def sign_in(self, email):
        form = self.form("/accounts/login/", "login")
        assert self.send(form, login=email, password="tugon-demo").status_code == 200
        return self


def told_kindly(answer):
    assert answer.status_code == 503, answer.status_code
    assert answer.headers["Retry-After"] == "5"
    assert WORDS in answer.text
    assert "Traceback" not in answer.text and "psycopg" not in answer.text and "127.0.0.1" not in answer.text


def state(stack):
    return json.loads(stack.python(JOBS))


def test_ten_seconds_without_the_database(distant, browser):  # noqa: F811
    plain = Plain(distant.url).sign_in(LEA)
    statement = next(
        str(link).rstrip("/")
        for link in plain.http.get("/b/isla/statements/").text.split('"')
        if link.startswith("/b/isla/statements/") and link.rstrip("/").rpartition("/")[2].isdigit()
    )
    editor = plain.form(f"{statement}/", "/save/")
    area = next(name for name, _value in editor.fields if name.startswith("text_"))
    visitors = Visitors(browser, distant)
    page = visitors.sign_in(LEA)
    page.goto(f"{statement}/")
    page.locator(f"[name={area}]").fill(TEXT)
    before = state(distant)
    distant.manage("write_newsroom", "isla")
    newsroom = httpx.get(f"{distant.url}/newsroom/isla/")
    assert newsroom.status_code == 200
    distant.story.say("isla", "Sinabi bago mawala ang database: ferry")

    distant.line.leave()
    gone = time.monotonic()
    distant.story.say("isla", "Sinabi habang wala ang database: ferry")
    told_kindly(plain.send(editor, note="away", **{area: TEXT}))
    told_kindly(plain.http.get("/b/isla/feed/", headers={"HX-Request": "true"}))
    stands = httpx.get(f"{distant.url}/newsroom/isla/")
    assert stands.status_code == 200 and stands.text == newsroom.text, "the newsroom asks no database"
    told_kindly(httpx.get(f"{distant.url}/newsroom/isla/subscribe/"))
    problem = plain.http.get("/api/v1/brands/isla/alerts")
    told_kindly(problem)
    assert problem.json()["code"] == "database_away"
    assert plain.http.get("/healthz").json() == {"database": "away", "worker": "unknown"}
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("main")).to_contain_text("database does not answer")
    page.go_back()
    expect(page.locator(f"[name={area}]")).to_have_value(TEXT)
    while time.monotonic() - gone < SECONDS:
        assert plain.http.get("/b/isla/feed/").status_code == 503
        time.sleep(0.5)
    distant.line.return_()

    saved = plain.send(editor, note="away", **{area: TEXT})
    assert saved.status_code == 200 and "Saved as revision" in saved.text
    distant.read_soon("isla")
    # A reading that lost the database holds its source until its claim ends; then the tick sees it.
    until(lambda: len(state(distant)["texts"]) == 2, 300, "what was said meanwhile is read")
    until(lambda: plain.http.get("/healthz").json()["worker"] == "ok", 90, "the worker's heart beats again")
    after = until(lambda: (now := state(distant))["waiting"] < 3 and now, 60, "the queue is worked off")
    assert sorted(after["texts"]) == [
        "Sinabi bago mawala ang database: ferry", "Sinabi habang wala ang database: ferry"
    ]  # fmt: skip
    assert after["revisions"] == before["revisions"] + 1
    assert after["failed"] == before["failed"], distant.log[-3000:]
    assert all(process.poll() is None for process in (distant.web, distant.work))
    distant.manage("verify_history", "isla")
