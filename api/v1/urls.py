"""Version 1 under /api/v1/brands/<brand>/. What is promised here is only ever added to."""

from django.urls import include, path

from .views import (
    channels,
    comments,
    core,
    images,
    incidents,
    lists,
    monitoring,
    monitoring_understood,
    noticing,
    policies,
    publishing,
    statements,
    tongues,
    triage,
    writing,
)

ONE = {"get": "retrieve", "patch": "change", "delete": "remove"}


def things(view, *deeds, **collection):
    """The addresses of a collection: the list, each thing, and the deeds on one."""
    yield at(view.noun, view, {"get": "list", "post": "create"} | collection, view.noun)
    yield at(f"{view.noun}/<str:id>", view, ONE, f"{view.noun}-one")
    for word in deeds:
        yield at(f"{view.noun}/<str:id>/{word}", view, {"post": word}, f"{view.noun}-{word}")


def at(address, view, actions, name):
    there = {method: action for method, action in actions.items() if hasattr(view, action)}
    return path(address, view.as_view(there), name=name)


routes = [
    at("mentions/triage", monitoring.Mentions, {"post": "triage"}, "mentions-triage"),
    *things(monitoring.Mentions, "correct"),
    *things(triage.Views),
    *things(monitoring_understood.Stories),
    at("corrections", monitoring_understood.Corrections, {"get": "list"}, "corrections"),
    *things(monitoring.Sources, "pause", "resume", "read"),
    at(
        "sources/<str:id>/secret",
        monitoring.Sources,
        {"put": "renew_secret", "delete": "end_old_secret"},
        "sources-secret",
    ),
    at("rules/preview", monitoring.Rules, {"post": "preview"}, "rules-preview"),
    at("rules/replay", monitoring.Rules, {"post": "replay"}, "rules-replay"),
    *things(monitoring.Rules),
    at("trends", noticing.Trends, {"post": "survey"}, "trends"),
    at("share-of-voice", noticing.Voices, {"post": "compare"}, "share-of-voice"),
    *things(lists.NamedQueries),
    *things(lists.Exclusions),
    *things(monitoring.Alerts, "acknowledge", "dismiss", "escalate", "snooze", "wake"),
    *things(noticing.Authors),
    at("budget", noticing.Budget, {"get": "show_budget", "post": "set_budget"}, "budget"),
    *things(incidents.Incidents, "acknowledge", "contain", "resolve", "reopen"),
    at("incidents/<str:id>/notes", incidents.Incidents, {"post": "note"}, "incidents-note"),
    at("incidents/<str:id>/parts", incidents.Parts, {"get": "list", "post": "create"}, "incident-parts"),
    at("incidents/<str:id>/timeline", incidents.Timeline, {"get": "list"}, "incident-timeline"),
    *things(incidents.Tasks, "finish", "skip", "reopen", "assign"),
    *things(incidents.Protocols),
    *things(statements.Statements, "revise", "submit", "withdraw"),
    at("lint", writing.Lint, {"post": "lint"}, "lint"),
    *things(writing.Overrulings, "restore"),
    *things(writing.Templates, "retire", "restore"),
    *things(writing.Points),
    *things(writing.LintRules),
    at(
        "statements/<str:id>/schedule",
        statements.Schedules,
        {"get": "show_schedule", "put": "set_schedule"},
        "statements-schedule",
    ),
    *things(comments.Comments, "reply", "resolve", "reopen", "apply", "decline"),
    *things(images.Images),
    at(
        "statements/<str:id>/lags",
        tongues.Lags,
        {"get": "show_lags", "post": "still_right"},
        "statements-lags",
    ),
    *things(statements.Revisions),
    *things(statements.Reviews),
    *things(policies.Policies),
    *things(policies.Deputies),
    at("glass-rule", policies.GlassRules, {"get": "show_glass_rule", "put": "set_glass_rule"}, "glass-rule"),
    *things(policies.Glasses, "agree", "judge"),
    at("steps/<str:id>", statements.Steps, ONE, "steps-one"),
    at("steps/<str:id>/decide", statements.Steps, {"post": "decide"}, "steps-decide"),
    *things(channels.Channels, "check"),
    *things(publishing.Publications, "retry", "cancel", "resolve", post="release"),
    at("publications/<str:id>/evidence", publishing.Evidence, {"get": "evidence"}, "publications-evidence"),
    at("events", core.Events, {"get": "list"}, "events"),
    at("history/verify", core.Verify, {"get": "verify"}, "history-verify"),
    at("whoami", core.Who, {"get": "whoami"}, "whoami"),
]
urlpatterns = [path("brands/<slug:brand>/", include(routes))]
