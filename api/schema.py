"""The description of the API (OpenAPI 3.1), told from the views themselves."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from drf_spectacular.utils import OpenApiParameter

from .permissions import PERSONS_ONLY
from .problems import MEDIA_TYPE

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": r'^"v[0-9]{1,9}"$'},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag you read. Another one meanwhile: 412 with the current one.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The ETag you have. Still the same: 304.",
)
KEY_WORDS = "Your own name for this request, so that trying again cannot do it twice. Kept 24 hours."
PROBLEMS = {
    400: "The request is not well formed; `errors` point at what is wrong.",
    401: "No key, or one that is not known here. Also when the brand is not there.",
    403: "The key lacks the scope, or the seat the capability.",
    404: "There is nothing here, or nothing for you.",
    406: "Only JSON is spoken here.",
    409: "Not possible in this state.",
    410: "It is over.",
    412: "Changed meanwhile; the current ETag is in the header.",
    413: "The body is larger than 6 MiB.",
    415: "Send application/json.",
    422: "Well formed, but it does not hold.",
    428: "If-Match is missing.",
    429: "Too many requests this minute; see Retry-After.",
}
HEADER_TEXT = {"schema": {"type": "string"}}


def idempotency_key(required: bool) -> OpenApiParameter:
    shape = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    return OpenApiParameter(
        "Idempotency-Key", shape, OpenApiParameter.HEADER, required=required, description=KEY_WORDS
    )


def problem_response(status, shape) -> dict:
    told = {"description": PROBLEMS[status], "content": {MEDIA_TYPE: {"schema": shape}}}
    return told | ({"headers": {"Retry-After": HEADER_TEXT}} if status == 429 else {})


def shared_problems(result, **_kwargs):
    """drf-spectacular's hook: say each kind of problem once, and refer to it."""
    said = {}
    for methods in result["paths"].values():
        for operation in methods.values():
            for status in [status for status in operation["responses"] if status >= "400"]:
                said[f"Problem{status}"] = operation["responses"][status]
                operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
    result["components"]["responses"] = dict(sorted(said.items()))
    return result


class Operation(AutoSchema):
    """One operation, with the problems it may answer and the headers it wants."""

    @property
    def handler(self):
        return getattr(self.view, self.view.action)

    @property
    def on_one(self) -> bool:
        return "{id}" in self.path

    @property
    def wants_match(self) -> bool:
        return self.on_one and self.view.versioned and getattr(self.handler, "match", False)

    def get_operation_id(self):
        noun, action = self.view.noun.replace("-", "_"), self.view.action
        return noun if noun.endswith(action) else f"{noun}_{action}"

    def get_serializer_name(self, serializer, direction):
        return super().get_serializer_name(serializer, direction).removesuffix("Shown")

    def get_paginated_name(self, serializer_name):
        return f"{serializer_name.removesuffix('Shown')}List"

    def get_auth(self):
        persons_only = self.view.scopes[self.view.action] == PERSONS_ONLY
        return [way for way in super().get_auth() if not (persons_only and "key" in way)]

    def get_tags(self):
        return [self.view.tag or self.view.noun]

    def get_summary(self):
        words = {"list": f"List {self.view.noun}", "retrieve": f"Get one of {self.view.noun}"}
        said = (self.handler.__doc__ or "").strip().splitlines()
        return words.get(self.view.action) or (said[0] if said else self.get_operation_id())

    def get_description(self):
        wanted = self.view.scopes[self.view.action]
        who = (
            "Persons only: a key gets 403."
            if wanted == PERSONS_ONLY
            else f"Scope of a key: `{wanted.value}`."
        )
        more = (self.handler.__doc__ or "").strip().splitlines()[1:]
        about = self.view.__doc__.strip() if self.view.action in {"list", "retrieve"} else ""
        return "\n\n".join(
            part for part in (about, " ".join(line.strip() for line in more).strip(), who) if part
        )

    # --- what goes in

    def get_override_parameters(self):
        found = [IF_MATCH] if self.wants_match else []
        if self.view.action == "retrieve" and self.view.versioned and self.view.whole:
            found.append(IF_NONE_MATCH)
        if self.method == "POST":
            found.append(idempotency_key(getattr(self.handler, "once", False)))
        return found

    def _resolve_path_parameters(self, variables):
        from .v1 import ids

        shapes = {
            "brand": (
                "The brand's short name.",
                {"type": "string", "pattern": "^[a-z][a-z0-9-]{1,38}[a-z0-9]$"},
            ),
            "id": ("What it is about.", {"type": "string", "pattern": ids.pattern(self.view.prefix)}),
        }
        return [
            build_parameter_type(
                name=name, location=OpenApiParameter.PATH, schema=shapes[name][1], description=shapes[name][0]
            )
            for name in variables
        ]

    def get_request_serializer(self):
        return getattr(self.handler, "given", None)

    # --- what comes out

    def get_response_serializers(self):
        status = getattr(self.handler, "status", 200)
        if status == 204:
            return {204: None}
        shown = getattr(self.handler, "shows", None) or self.shown()
        return {status: shown}

    def shown(self):
        if self.view.action == "list":
            return self.view.serializer_class(many=True)
        return self.view.one or self.view.serializer_class

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        for status, body in bodies.items():
            body["description"] = body["description"] or "Done."
            body["headers"] = self.headers_of(status)
        if any(parameter is IF_NONE_MATCH for parameter in self.get_override_parameters()):
            bodies["304"] = {"description": "You have this version already."}
        shape = self.problem_shape()
        for status in self.troubles():
            bodies[str(status)] = problem_response(status, shape)
        return bodies

    def headers_of(self, status) -> dict:
        names = ["RateLimit-Policy", "RateLimit"]
        shows_thing = (
            self.view.versioned and self.view.action != "list" and not getattr(self.handler, "shows", None)
        )
        names += ["ETag"] if shows_thing and status != "204" else []
        names += ["Location"] if status == "201" and not self.on_one else []
        return dict.fromkeys(names, HEADER_TEXT)

    def problem_shape(self):
        from .v1.serializers.base import Problem

        return self.resolve_serializer(Problem, "response").ref

    def troubles(self) -> list[int]:
        """Which problems this operation may answer."""
        found = {400, 401, 403, 404, 406, 429}
        if self.method != "GET":
            found |= {409, 410, 412, 413, 415, 422}
        elif self.view.action in self.view.may_not_be_yet:
            found.add(409)
        return sorted(found | ({428} if self.wants_match else set()))
