"""The forms of a page, read from its HTML as a browser without scripts would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

SENT = ("input", "textarea", "select", "button")


@dataclass
class Form:
    action: str
    method: str
    multipart: bool = False
    fields: list[tuple[str, str]] = field(default_factory=list)  # in their order, with what they hold
    files: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    def __init__(self, address: str):
        super().__init__(convert_charrefs=True)
        self.address, self.forms = address, []
        self.form: Form | None = None
        self.named, self.text = "", None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            many = given.get("enctype") == "multipart/form-data"
            self.form = Form(action, (given.get("method") or "get").lower(), many)
            self.forms.append(self.form)
        elif self.form and tag == "option" and self.named:
            if "selected" in given:
                self.form.fields[-1] = (self.named, given.get("value", ""))
        elif self.form and tag in SENT and given.get("name"):
            self.take(tag, given)

    def take(self, tag, given):
        name, value = given["name"], given.get("value") or ""
        if given.get("type") == "file":
            self.form.files.append(name)
            return
        self.form.fields.append((name, value))
        self.named = name if tag == "select" else ""
        self.text = [] if tag == "textarea" else None

    def handle_data(self, data):
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.named = ""
        elif tag == "textarea" and self.form and self.text is not None:
            self.form.fields[-1] = (self.form.fields[-1][0], "".join(self.text).removeprefix("\n"))
            self.text = None


def forms_of(address: str, html: str) -> list[Form]:
    """All forms of the page that lead into this house."""
    reader = Reader(address)
    reader.feed(html)
    return [form for form in reader.forms if not urlsplit(form.action).netloc]
