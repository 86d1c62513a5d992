"""What every collection of a brand shares: read lists and things, do deeds, say it in JSON.

A view class names what it holds and, for each action, what a person (`may`) and a key (`scopes`) need.
A method marked with `@deed` gets the thing and what was sent, calls the slice's deed, returns what to show.
"""

from functools import partial, wraps
from typing import Any

from django.http import Http404, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api import concurrency, idempotency
from api.authentication import by
from api.parsing import Json
from api.throttling import KeyThrottle
from api.v1 import ids
from api.v1.filters import Narrowing
from responses.core import proving
from responses.errors import Conflict, Invalid

CHANGES = {"POST", "PUT", "PATCH", "DELETE"}


class Desk(GenericViewSet):
    """One collection of a brand."""

    access = "api"
    may: dict = {}
    scopes: dict = {}
    noun = ""  # as in the address and the operations' ids
    prefix = ""
    order: tuple[str, ...] = ("id",)
    versioned = False  # has an ETag
    whole = True  # the version changes with everything shown, so a read may answer 304
    may_not_be_yet: tuple[str, ...] = ()  # actions that read what only a later state has: they answer 409
    one = ""  # the serializer of a single thing, where a list shows less
    parser_classes = [Json]
    filter_backends = [Narrowing]
    filterset_class: Any = None
    throttle_classes = [KeyThrottle]
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    lookup_url_kwarg = "id"
    rate = None
    tag = ""  # under which the docs list it; the name, unless it belongs to another collection

    @classmethod
    def as_view(cls, actions=None, **initkwargs):
        view = super().as_view(actions, **initkwargs)
        view.access = cls.access
        return view

    # --- around every request

    def initial(self, request, *args, **kwargs):
        if request.method.lower() not in self.action_map:
            raise MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)
        if request.method in CHANGES:
            self.prepare(request)

    def prepare(self, request):
        """Read the body within its limit, and let a POST happen once."""
        request._request.body  # noqa: B018  (over the limit this raises, before anything is parsed)
        handler = getattr(self, self.action)
        if request.method == "POST":
            key = idempotency.named(request, required=getattr(handler, "once", False))
            if key:
                act = partial(self.act_whole, self.post)
                self.post = lambda *args, **kwargs: idempotency.once(
                    request, key, by(request).id, timezone.now(), partial(act, *args, **kwargs)
                )

    def act_whole(self, handler, *args, **kwargs):
        """The answer of a handler whatever happens, with nothing half done."""
        try:
            with proving.counting_guesses():
                return handler(*args, **kwargs)
        except Exception as error:
            return self.handle_exception(error)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        for name, value in (self.rate.headers if self.rate else {}).items():
            response[name] = value
        return response

    # --- things

    def get_object(self):
        """The thing the address names; a word that is no id of ours names nothing."""
        return self.found(ids.read(self.prefix, self.kwargs["id"]))

    def found(self, pk):
        thing = self.get_queryset().filter(pk=pk).first() if pk is not None else None
        if thing is None:
            raise Http404
        return thing

    def show(self, thing, status=200):
        serializer = (self.one or self.serializer_class)(thing, context=self.get_serializer_context())
        response = Response(serializer.data, status=status)
        if self.versioned:
            response["ETag"] = concurrency.etag(thing)
        return response

    # --- deeds

    def sent(self, given) -> dict:
        """What the body says, of the right shape; for PATCH only what it names, unless it is one thing."""
        data = self.request.data
        if given is None:
            return {}
        partly = self.request.method == "PATCH" and not getattr(given, "is_whole", False)
        serializer = given(data=data, partial=partly, context={"view": self})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def answer(self, made, about, shows, status):
        """Nothing, something else, or the thing as it is now."""
        if status == 204:
            return Response(status=204)
        if shows is not None:
            return Response(shows(made, context=self.get_serializer_context()).data, status=status)
        response = self.show(self.found((made or about[0]).pk), status)
        if status == 201:
            address = reverse(f"api:{self.noun}-one", args=[self.request.brand.slug, response.data["id"]])
            response["Location"] = self.request.build_absolute_uri(address)
        return response

    def stale(self, conflict, about):
        return concurrency.stale(conflict, self.found(about[0].pk)) if about and self.versioned else conflict

    def linked(self, model, pk, field):
        """A thing named in the body; one that is not there does not hold."""
        thing = model.objects.filter(pk=pk).first() if pk is not None else None
        if pk is not None and thing is None:
            named = ids.spelled(ids.PREFIXES[model], pk)
            raise Invalid(_("There is no %(id)s here.") % {"id": named}, field=field)
        return thing


class Lists:
    """GET on the collection."""

    def list(self, request, brand):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class Reads:
    """GET on one."""

    def retrieve(self, request, brand, id):
        thing = self.get_object()
        if self.versioned and self.whole and concurrency.is_known(request, concurrency.etag(thing)):
            return HttpResponseNotModified(headers={"ETag": concurrency.etag(thing)})
        return self.show(thing)


def deed(given=None, *, shows=None, status=200, match=True, once=False, reads=False):
    """Mark a method as a deed: on the thing the address names, or on the collection.

    `given` is the serializer of the body, `shows` that of another answer than the thing itself, `once`
    asks for an Idempotency-Key, `match=False` needs no If-Match, since the deed only adds, `reads` keeps
    nothing: it is a question, which a suspended brand answers too.
    """

    def mark(method):
        @wraps(method)
        def act(self, request, brand, id=None):
            about = [] if id is None else [self.get_object()]
            if about and match and self.versioned:
                concurrency.require_match(request, about[0])
            told = self.sent(given)
            try:
                made = method(self, *about, by=by(request), now=timezone.now(), **told)
            except Conflict as conflict:
                raise self.stale(conflict, about) from conflict
            return self.answer(made, about, shows, status)

        act.given, act.shows, act.status, act.match, act.once = given, shows, status, match, once
        act.reads = reads
        return act

    return mark
