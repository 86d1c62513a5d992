"""Collects every translatable text, without gettext's own tools, and keeps locale/fil complete.

`make messages` rewrites locale/fil/LC_MESSAGES/django.po (translations kept, new texts empty, gone ones
dropped) and compiles it. tests/conventions/test_translations.py fails while one is missing.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "fil" / "LC_MESSAGES" / "django.po"
OURS = ("agency", "tenants", "responses", "api")
DJANGO, ALLAUTH = Path(django.__file__).parent, Path(allauth.__file__).parent
# What people see of the libraries; neither has a Filipino catalogue of its own.
THEIRS = [
    DJANGO / "forms/fields.py",
    DJANGO / "forms/models.py",
    DJANGO / "forms/formsets.py",
    DJANGO / "core/validators.py",
    DJANGO / "contrib/auth/password_validation.py",
    DJANGO / "utils/dates.py",
    ALLAUTH / "account/adapter.py",
    ALLAUTH / "account/forms.py",
    ALLAUTH / "account/fields.py",
    ALLAUTH / "mfa/adapter.py",
    *(ALLAUTH / "mfa").rglob("forms.py"),
    ALLAUTH / "mfa/models.py",
]
THEIR_TEMPLATES = [
    *(ALLAUTH / "templates/mfa").rglob("*.html"),
    *(
        ALLAUTH / "templates/account" / f"{name}.html"
        for name in (
            "login", "logout", "password_change", "password_reset", "password_reset_done", "reauthenticate",
            "password_reset_from_key", "password_reset_from_key_done", "password_set", "account_inactive",
            "base_reauthenticate", "email", "email_confirm", "signup_closed", "verification_sent",
            "verified_email_required",
        )
    ),
    *(ALLAUTH / "templates/account/snippets").glob("*.html"),
    *(
        path
        for name in ("base_", "password_reset_key", "unknown_account", "email_confirm")
        for path in (ALLAUTH / "templates/account/email").glob(f"{name}*.txt")
    ),
    *(ALLAUTH / "templates/account/messages").glob("*.txt"),
]  # fmt: skip
CALLS = {
    "_": 1, "_L": 1, "_now": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1,
    "ngettext": 2, "ngettext_lazy": 2,
    "pgettext": -1, "pgettext_lazy": -1,
}  # fmt: skip
STRING = r"""[bu]?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(gettext|ngettext|_)\(\s*{STRING}(?:\s*,\s*{STRING})?", re.S)


def of_python(source: str) -> Iterator[tuple[str, str | None, str | None]]:
    """(msgid, plural or None, context or None) for each marked text of a Python file."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        wanted = CALLS.get(name)
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if wanted == 1 and texts and node.args[0] in [a for a in node.args if isinstance(a, ast.Constant)]:
            yield texts[0], None, None
        elif wanted == 2 and len(texts) >= 2:
            yield texts[0], texts[1], None
        elif wanted == -1 and len(texts) >= 2:
            yield texts[1], None, texts[0]


def of_template(source: str) -> Iterator[tuple[str, str | None, str | None]]:
    for name, first, second in IN_TEMPLATE.findall(templatize(source)):
        text = ast.literal_eval(first).replace("\r\n", "\n")
        plural = ast.literal_eval(second) if name == "ngettext" and second else None
        yield text, plural, None


def collect() -> dict[tuple[str | None, str], tuple[str | None, set[str]]]:
    """{(context, msgid): (plural, where)} of our own code and of what people see of the libraries."""
    found: dict[tuple[str | None, str], tuple[str | None, set[str]]] = {}

    def note(messages, where):
        for text, plural, context in messages:
            if text.strip():
                old = found.setdefault((context, text), (plural, set()))
                old[1].add(where)

    for path in sorted(path for room in OURS for path in (ROOT / room).rglob("*.py")):
        if "migrations" not in path.parts:
            note(of_python(path.read_text()), str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            note(of_template(path.read_text()), str(path.relative_to(ROOT)))
    for path in THEIRS:
        if path.exists():
            note(of_python(path.read_text()), f"{path.parent.parent.name}/{path.parent.name}/{path.name}")
    for path in THEIR_TEMPLATES:
        if path.exists():
            note(of_template(path.read_text()), f"{path.parent.name}/{path.name}")
    return found


def update() -> polib.POFile:
    """The catalogue with exactly the texts that are there now."""
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Project-Id-Version": "Tugon",
        "Language": "fil",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for (context, text), (plural, where) in sorted(
        collect().items(), key=lambda item: (min(item[1][1]), item[0][1])
    ):
        entry = polib.POEntry(
            msgid=text, msgctxt=context, msgid_plural=plural or "", occurrences=[(min(where), "")]
        )
        if "%(" in text or "%s" in text:
            entry.flags.append("python-format")
        before = known.get((context, text))
        if plural:
            entry.msgstr_plural = (
                dict(before.msgstr_plural) if before and before.msgid_plural else {0: "", 1: ""}
            )
        else:
            entry.msgstr = before.msgstr if before else ""
        new.append(entry)
    return new


def is_translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(texts)


if __name__ == "__main__":
    catalogue = update()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    missing = [entry.msgid for entry in catalogue if not is_translated(entry)]
    print(f"{len(catalogue)} texts, {len(missing)} without Filipino")
    sys.exit(bool(missing))
