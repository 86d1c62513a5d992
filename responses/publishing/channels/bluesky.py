"""Publishing on Bluesky, so that a repeat is a no-op.

The record key follows from the publication and `putRecord` is told that no record may be there yet: the
server answers an identical repeat as if it had written it, and refuses anything else. So no duplicate, and no
post overwritten.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self

from atproto_client import exceptions, models
from atproto_client.client.raw import ClientRaw
from atproto_client.models.dot_dict import DotDict
from atproto_client.request import Request
from atproto_client.utils import detect_mentions
from django.conf import settings
from django.utils.translation import gettext as _

from responses.publishing.channels import bluesky_errors as errors
from responses.publishing.channels import bluesky_images
from responses.publishing.channels.base import ChannelError, Known, Picture, Post, ReadBack, Sent, register
from responses.publishing.channels.bluesky_records import Facet, Part, half_out, post_record, thread_of
from responses.publishing.channels.pinning import Http, pinned
from responses.publishing.channels.tid import record_key

COLLECTION = "app.bsky.feed.post"
WEB_URL = "https://bsky.app"
TIMEOUT = 15  # for each wait within a request; the transport limits the whole


@dataclass(frozen=True)
class Session:
    did: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


# Signing in is limited to a few hundred times a day, so a process keeps its sessions by account and password.
_sessions: dict[str, Session] = {}
_lock = threading.Lock()


@register
class BlueskyChannel:
    """`http` makes the transport for a service address: `partial(pinned, allow=TUGON_ALLOWED_ORIGINS)`."""

    kind = "bluesky"
    repeatable, readable = True, True

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        """With the service and handle a person typed; loopback only where settings vouch for it."""
        http = partial(pinned, allow=settings.TUGON_ALLOWED_ORIGINS)
        known = (config["service"], config["handle"], secrets.get("password", ""), http)
        return cls(*known, thread=bool(config.get("thread")))

    def check(self) -> Known:
        return Known(self._sign_in(self._client()).did)

    def __init__(
        self,
        service_url: str,
        identifier: str,
        app_password: str,
        http: Http = pinned,
        *,
        thread: bool = False,
    ):
        self.thread = thread
        self.service_url = service_url.rstrip("/")
        self.identifier = identifier.strip().removeprefix("@")
        self.app_password = app_password
        self.http = http

    def send(self, post: Post) -> Sent:
        """A long text is a thread: each part has its own key, and answers the one before."""
        parts = thread_of(post)
        if len(parts) > 1 and not self.thread:
            words = _("This text is too long for one post, and threads are switched off for this account.")
            raise ChannelError(words, permanent=True)
        client = self._client()
        session = self._session(client)
        self._upload(client, session, post)
        written: list[dict[str, Any]] = []
        for part in parts:
            try:
                written.append(self._say(client, session, part, post.langs, written))
            except ChannelError as error:
                raise half_out(error, len(written)) if written else error from None
        first = written[0]
        return Sent(first["uri"], _web_url(first["uri"]), first["cid"])

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        """The whole thread, or what there is of it: sending it again completes it."""
        client = self._client()
        repo, rkey = self._place(client, post, external_id)
        first, *rest = thread_of(post)
        places = [(rkey, first), *((part.rkey, part) for part in rest)]
        found = [self._standing_at(client, repo, key, part) for key, part in places]
        there = [each for each in found if each is not None]
        if not there:
            return None
        is_whole = len(there) == len(found)
        texts = [each.text for each in there]
        same = texts == [first.text, *(part.text for part in rest)]
        text = post.text if same else "\n\n".join(texts)
        pictures = all(each.same_pictures for each in there)
        return ReadBack(text, there[0].cid, there[0].external_id, there[0].url, pictures, is_whole)

    def _upload(self, client: ClientRaw, session: Session, post: Post) -> None:
        def ask(picture: Picture) -> Any:
            return self._as_us(client, session, lambda now: _upload(client, now, picture))

        bluesky_images.upload(post, ask)

    def _say(
        self,
        client: ClientRaw,
        session: Session,
        part: Part,
        langs: Sequence[str],
        before: Sequence[dict[str, Any]],
    ) -> dict[str, Any]:
        mentions = self._mentions(client, part.text)
        record = post_record(part.text, part.at, langs, mentions, before, part.pictures)
        try:
            return self._as_us(client, session, lambda now: _put(client, now, part.rkey, record))
        except errors.ANY as error:
            return self._standing(client, session.did, part, error)

    def _mentions(self, client: ClientRaw, text: str) -> list[Facet]:
        """Who is named, as far as the network knows them; nobody else becomes a link."""
        found = []
        for mention in detect_mentions(text):
            try:
                did = client.com.atproto.identity.resolve_handle({"handle": mention.handle}).did
            except errors.ANY:
                continue
            index = models.AppBskyRichtextFacet.ByteSlice(
                byte_start=mention.byte_start, byte_end=mention.byte_end
            )
            features = [models.AppBskyRichtextFacet.Mention(did=did)]
            found.append(models.AppBskyRichtextFacet.Main(features=features, index=index))
        return found

    def _standing_at(self, client: ClientRaw, repo: str, rkey: str, part: Part) -> ReadBack | None:
        try:
            found = client.com.atproto.repo.get_record({"repo": repo, "collection": COLLECTION, "rkey": rkey})
            same = bluesky_images.are_same(found.value, part.pictures)
            return ReadBack(found.value["text"], found.cid or "", found.uri, _web_url(found.uri), same)
        except errors.ANY as error:
            if errors.name(error) == "RecordNotFound":
                return None
            raise errors.while_reading(error) from error

    def _client(self) -> ClientRaw:
        request = Request(transport=self.http(self.service_url), timeout=TIMEOUT, trust_env=False)
        return ClientRaw(base_url=self.service_url, request=request)

    def _place(self, client: ClientRaw, post: Post, uri: str) -> tuple[str, str]:
        if uri.startswith("at://"):
            repo, _collection, rkey = uri.removeprefix("at://").split("/")
            return repo, rkey
        rkey = record_key(post.created_at, post.key)
        return (self._session(client).did, rkey) if "@" in self.identifier else (self.identifier, rkey)

    def _session(self, client: ClientRaw) -> Session:
        with _lock:
            kept = _sessions.get(self._session_key)
        return kept or self._sign_in(client)

    def _sign_in(self, client: ClientRaw) -> Session:
        asked = {"identifier": self.identifier, "password": self.app_password}
        try:
            answer = client.com.atproto.server.create_session(asked)
        except errors.ANY as error:
            raise errors.while_signing_in(error) from error
        with _lock:
            _sessions[self._session_key] = Session(answer.did, answer.access_jwt)
        return _sessions[self._session_key]

    def _as_us(self, client: ClientRaw, session: Session, ask: Callable[[Session], Any]) -> Any:
        try:
            return ask(session)
        except exceptions.RequestErrorBase as error:
            if not errors.is_stale_session(error):
                raise
        # The server turned the token away before doing anything, so this is not a second try.
        with _lock:
            _sessions.pop(self._session_key, None)
        return ask(self._session(client))

    def _standing(self, client: ClientRaw, did: str, part: Part, error: Exception) -> dict[str, Any]:
        """The post in this place, if it says the same: its links may have been marked differently then."""
        failure = errors.while_writing(error)
        if errors.name(error) != "InvalidSwap":
            raise failure from error
        found = self._standing_at(client, did, part.rkey, part)
        if found is None or found.text != part.text or not found.same_pictures:
            raise failure from error
        return {"uri": found.external_id, "cid": found.cid}

    @property
    def _session_key(self) -> str:
        parts = "\0".join((self.service_url, self.identifier, self.app_password))
        return hashlib.sha256(parts.encode()).hexdigest()


def _web_url(uri: str) -> str:
    did, _collection, rkey = uri.removeprefix("at://").split("/")
    return f"{WEB_URL}/profile/{did}/post/{rkey}"


def _put(client: ClientRaw, session: Session, rkey: str, record: dict[str, Any]) -> dict[str, Any]:
    # Not `client.com.atproto.repo.put_record`: its model leaves out nulls, and a null swapRecord is what says
    # “only if there is none yet”.
    asked = {"repo": session.did, "collection": COLLECTION, "rkey": rkey, "record": record}
    answer = client.invoke_procedure(
        "com.atproto.repo.putRecord",
        data=DotDict(asked | {"validate": True, "swapRecord": None}),
        input_encoding="application/json",
        headers=session.headers,
    )
    if not isinstance(answer.content, dict) or not {"uri", "cid"} <= answer.content.keys():
        raise ChannelError(_("Bluesky's answer could not be understood."), unknown=True)
    return answer.content


def _upload(client: ClientRaw, session: Session, picture: Picture) -> Any:
    # Not `client.com.atproto.repo.upload_blob`: the kind of the picture is said in the header.
    return client.invoke_procedure(
        "com.atproto.repo.uploadBlob",
        data=picture.content,
        input_encoding=picture.media_type,
        headers=session.headers,
    )
