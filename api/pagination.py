"""Lists, newest first, walked with a cursor: what is added meanwhile makes nothing skip or repeat."""

import base64
import binascii
import json
import re
from datetime import UTC

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Q
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from .problems import Problem

FEW, MANY = 50, 200
ONWARD, BACK = "n", "p"


class Newest(BasePagination):
    """Ordered by the view's `order` (a time and the id, say), falling. No count: it would cost a scan."""

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.fields = request, view.order
        limit = self.limit(request.query_params.get("limit"))
        cursor = request.query_params.get("cursor")
        way, place = self.read(cursor, queryset.model) if cursor is not None else (ONWARD, None)
        rows = list(self.beyond(queryset, way, place)[: limit + 1])
        more, rows = len(rows) > limit, rows[:limit]
        if way == BACK:
            rows.reverse()
        self.has_next = more if way == ONWARD else place is not None
        self.has_previous = more if way == BACK else place is not None
        self.rows = rows
        return rows

    def limit(self, given) -> int:
        if given is None:
            return FEW
        if not re.fullmatch(r"[1-9][0-9]{0,2}", given, re.ASCII) or int(given) > MANY:
            raise Problem(400, "bad_limit", _("The limit is a number from 1 to %(most)s.") % {"most": MANY})
        return int(given)

    def beyond(self, queryset, way, place):
        """The rows on the far side of the place, nearest first."""
        sign, side = ("-", "lt") if way == ONWARD else ("", "gt")
        ordered = queryset.order_by(*(f"{sign}{name}" for name in self.fields))
        if place is None:
            return ordered
        condition = Q()
        for number in range(len(self.fields)):
            same = {self.fields[i]: place[i] for i in range(number)}
            condition |= Q(**same, **{f"{self.fields[number]}__{side}": place[number]})
        bound = {f"{self.fields[0]}__{side}e": place[0]}  # lets PostgreSQL begin in the index at the place
        return ordered.filter(condition, **bound)

    # --- cursors

    def spell(self, way, row) -> str:
        values = [getattr(row, name) for name in self.fields]
        plain = [v.astimezone(UTC).isoformat() if hasattr(v, "isoformat") else v for v in values]
        return base64.urlsafe_b64encode(json.dumps([way, *plain]).encode()).decode().rstrip("=")

    def read(self, cursor, model):
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            way, *place = json.loads(raw)
            fields = [model._meta.get_field(name) for name in self.fields]
            if way not in (ONWARD, BACK) or len(place) != len(fields):
                raise ValueError("not a cursor of ours")
            return way, [placed(field, value) for field, value in zip(fields, place, strict=True)]
        except (ValueError, TypeError, ValidationError, binascii.Error, RecursionError) as error:
            raise Problem(400, "bad_cursor", _("This cursor is not one of this list.")) from error

    def link(self, way, row):
        cursor = self.spell(way, row)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    # --- answers

    def get_paginated_response(self, data):
        onward = self.link(ONWARD, self.rows[-1]) if self.rows and self.has_next else None
        back = self.link(BACK, self.rows[0]) if self.rows and self.has_previous else None
        return Response({"items": data, "next": onward, "previous": back})

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["items", "next", "previous"],
            "properties": {"items": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view):
        def parameter(name, words, **schema):
            return {"name": name, "in": "query", "description": words, "required": False, "schema": schema}

        return [
            parameter("limit", "How many at once.", type="integer", minimum=1, maximum=MANY, default=FEW),
            parameter(
                "cursor",
                "From `next` or `previous` of an answer.",
                type="string",
                pattern="^[A-Za-z0-9_-]{8,300}$",
            ),
        ]


def placed(field, value):
    """One value of a cursor: a time with its zone, or a whole number that fits its column."""
    if isinstance(field, DateTimeField):
        at = field.to_python(value) if isinstance(value, str) else None
        if at is None or at.tzinfo is None:
            raise ValueError("no time")
        return at
    if type(value) is not int or abs(value) >= 2**63:
        raise ValueError("no number")
    return value
