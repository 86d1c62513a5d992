"""A public address that many brands want is asked once: who comes first asks, the others use the answer.

    ask ─▶ an answer young enough is kept: use it, a refusal too
        ─▶ nobody is asking: claim the address, ask, keep what came
        ─▶ somebody is asking: wait a moment for the answer, else come back later

Kept in one public table, found only by the whole address: a brand reaches what it could have asked for
itself. Whatever carries a credential never comes here. A claim ends by itself: a killed reader blocks nobody.
"""

import hashlib
import json
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override
from requests.structures import CaseInsensitiveDict

from tenants.models import SharedAnswer

from .fetching import Response
from .sources.base import SourceError

CLAIM = timedelta(seconds=20)  # longer than one question may take
PATIENCE = 2.0  # seconds to wait for an answer that somebody else is getting
PAUSE = 0.05
KEPT = timedelta(days=2)  # longer than the longest pace of a source
LARGEST = 1024 * 1024  # of a packed body; what is larger is not kept, and each asks for itself
OPEN_HEADERS = {"accept", "accept-language"}
FACTS = {field.name for field in fields(Response)} - {"status", "body"}  # what is kept beside these


class BeingAsked(SourceError):
    """Somebody is at this address and slow. No failure: come back in a moment."""


@dataclass(frozen=True)
class Wish:
    """What a reader wants: an answer from after `since`, else a new one. `etag` is of what it has already."""

    url: str
    since: datetime
    now: datetime
    etag: str = ""
    last_modified: str = ""
    headers: Mapping[str, str] | None = None

    @property
    def key(self) -> str:
        told = json.dumps([self.url, sorted((self.headers or {}).items())])
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def is_open(how: Mapping[str, Any]) -> bool:
    """Whether the question is one that anybody could ask in the same words: a GET that shows no pass."""
    given = {name for name, value in how.items() if value}
    headers = {name.lower() for name in how.get("headers") or {}}
    return given <= {"etag", "last_modified", "headers"} and headers <= OPEN_HEADERS


def ask(wish: Wish, http: Callable[..., Response]) -> tuple[Response, datetime]:
    """The answer and when the server gave it. `http` is asked only if nobody has asked since."""
    shown = wish.url.encode("ascii", "backslashreplace").decode().replace("\0", "")
    SharedAnswer.objects.get_or_create(url_hash=wish.key, defaults={"url": shown})
    began = time.monotonic()
    while True:
        waited = timedelta(seconds=time.monotonic() - began)
        if (answer := kept(wish)) is not None:
            return answer
        if token := claim(wish.key, wish.now + waited):
            return asked(wish, http, token)
        if waited.total_seconds() > PATIENCE:
            raise BeingAsked(_("This address is being asked already. Try again in a moment."))
        time.sleep(PAUSE)


def forget(now: datetime) -> int:
    """Drop what nobody has asked for in days."""
    old = Q(asked_at__lt=now - KEPT) | Q(asked_at=None, claimed_until__lt=now - KEPT)
    return SharedAnswer.objects.filter(old).delete()[0]


# --- using what is kept


def kept(wish: Wish) -> tuple[Response, datetime] | None:
    """What is young enough; None when the server must be asked. Raises a refusal that holds still."""
    row = SharedAnswer.objects.defer("body").get(url_hash=wish.key)
    if row.asked_at is None or row.asked_at > wish.now + CLAIM:
        return None
    if row.error:
        waits_until = row.asked_at + timedelta(seconds=row.error.get("retry_after") or 0)
        if row.asked_at > wish.since or waits_until > wish.now:
            left = round((waits_until - wish.now).total_seconds())
            raise SourceError(**row.error | {"retry_after": left if left > 0 else None})
    if row.error or row.asked_at <= wish.since:
        return None
    answer = told(row, wish)
    return (answer, row.asked_at) if answer else None


def told(row: SharedAnswer, wish: Wish) -> Response | None:
    """The answer for one who may have it already; None when its body was not kept and it has not."""
    facts: dict[str, Any] = {name: value for name, value in row.headers.items() if name in FACTS}
    facts["headers"] = CaseInsensitiveDict(facts.get("headers", {}))
    answer = Response(status=200, body=b"", **facts)
    if has_it(wish, answer):
        return replace(answer, status=304)
    return replace(answer, body=zlib.decompress(bytes(row.body))) if row.body else None


def has_it(wish: Wish, answer: Response) -> bool:
    if wish.etag or answer.etag:
        return wish.etag == answer.etag
    return bool(wish.last_modified) and wish.last_modified == answer.last_modified


# --- asking


def claim(key: str, at: datetime) -> datetime | None:
    """Mine alone until the moment returned, which is also the token to keep the answer with."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    until = at + CLAIM
    return until if SharedAnswer.objects.filter(free, url_hash=key).update(claimed_until=until) else None


def asked(wish: Wish, http: Callable[..., Response], token: datetime) -> tuple[Response, datetime]:
    """Ask the server, keep what it said for the others, free the claim whatever happens."""
    mine = SharedAnswer.objects.filter(url_hash=wish.key, claimed_until=token)
    try:
        if (found := kept(wish)) is not None:  # it came while we were claiming
            return found
        answer = new_answer(wish, http, mine)
        return answer, wish.now
    finally:
        mine.update(claimed_until=None)


def new_answer(wish: Wish, http: Callable[..., Response], mine) -> Response:
    """Ask with the marks of the kept body, or of the reader's own where there is none."""
    row = SharedAnswer.objects.get(url_hash=wish.key)
    marks = row.headers if row.body else {"etag": wish.etag, "last_modified": wish.last_modified}
    conditional = {name: marks.get(name, "") for name in ("etag", "last_modified")}
    try:
        with override(settings.LANGUAGE_CODE):  # a refusal is kept for readers of any language
            answer = http(wish.url, headers=wish.headers, **conditional)
    except SourceError as error:
        mine.update(asked_at=wish.now, status=error.status or 0, error=words_of(error))
        raise
    news: dict[str, Any] = {"asked_at": wish.now, "status": answer.status, "error": None}
    if answer.status == 304:
        answer = replace(
            answer,
            etag=answer.etag or conditional["etag"],
            last_modified=answer.last_modified or conditional["last_modified"],
        )
    else:
        news["body"] = packed(answer.body)
    row.headers = facts_of(answer)
    mine.update(headers=row.headers, **news)
    return answer if answer.status != 304 else told(row, wish) or answer


def packed(body: bytes) -> bytes:
    small = zlib.compress(body, 1)
    return small if len(small) <= LARGEST else b""


def facts_of(answer: Response) -> dict:
    facts = {name: getattr(answer, name) for name in FACTS}
    # What a server sends to everybody; a cookie is meant for one.
    said = {name: value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
    return facts | {"headers": storable(said)}


def words_of(error: SourceError) -> dict:
    return {
        "message": error.message,
        "permanent": error.permanent,
        "retry_after": error.retry_after,
        "status": error.status,
        "said": storable(dict(error.said)),
        "headers": storable(dict(error.headers)),
    }


def storable(told: dict) -> dict:
    """What a stranger said, or nothing of it when it holds what the database cannot."""
    try:
        spelled = json.dumps(told, ensure_ascii=False)
        spelled.encode()
    except (TypeError, ValueError):
        return {}
    return {} if r"\u0000" in spelled else told
