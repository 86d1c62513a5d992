"""What the events of writing say: templates, talking points, the brand's rules, overruled findings."""

from django.utils.translation import gettext_lazy as _

WRITING = {
    "template.added": (_("%(who)s added the template %(title)s"), _("%(who)s added a template")),
    "template.changed": (_("%(who)s changed the template %(title)s"), _("%(who)s changed a template")),
    "template.retired": (_("%(who)s retired the template %(title)s"), _("%(who)s retired a template")),
    "template.restored": (
        _("%(who)s took the template %(title)s into use again"),
        _("%(who)s took a template into use again"),
    ),
    "point.added": (
        _("%(who)s wrote down (%(point_kind)s): %(title)s"),
        _("%(who)s added to what may be said"),
    ),
    "point.removed": (
        _("%(who)s took back (%(point_kind)s): %(title)s"),
        _("%(who)s took back something that may be said"),
    ),
    "lint_rule.added": (
        _("%(who)s added to the brand’s rules of writing: %(title)s"),
        _("%(who)s added to the brand’s rules of writing"),
    ),
    "lint_rule.changed": (
        _("%(who)s changed the brand’s rules of writing: %(title)s"),
        _("%(who)s changed the brand’s rules of writing"),
    ),
    "lint_rule.removed": (
        _("%(who)s removed from the brand’s rules of writing: %(title)s"),
        _("%(who)s removed from the brand’s rules of writing"),
    ),
    "finding.overruled": (
        _("%(who)s let “%(passage)s” stand in %(title)s: %(reason)s"),
        _("%(who)s overruled a finding in %(title)s: %(reason)s"),
        _("%(who)s overruled a finding"),
    ),
    "version.still_right": (
        _(
            "%(who)s read both languages of %(title)s: the one unchanged since revision %(since)s "
            "is still right"
        ),
        _("%(who)s read both languages of %(title)s and found them alike"),
        _("%(who)s read both languages of a statement and found them alike"),
    ),
    "finding.restored": (
        _("%(who)s took back the overruling of a finding in %(title)s"),
        _("%(who)s took back the overruling of a finding"),
    ),
    "comment.written": (
        _("%(who)s commented on %(title)s: %(words)s"),
        _("%(who)s commented on %(title)s"),
        _("%(who)s commented"),
    ),
    "comment.answered": (
        _("%(who)s answered a comment on %(title)s: %(words)s"),
        _("%(who)s answered a comment on %(title)s"),
        _("%(who)s answered a comment"),
    ),
    "comment.resolved": (
        _("%(who)s resolved a comment on %(title)s"),
        _("%(who)s resolved a comment"),
    ),
    "comment.reopened": (
        _("%(who)s reopened a comment on %(title)s"),
        _("%(who)s reopened a comment"),
    ),
    "suggestion.made": (
        _("%(who)s suggested other words for %(title)s: %(words)s"),
        _("%(who)s suggested other words for %(title)s"),
        _("%(who)s suggested other words"),
    ),
    "suggestion.applied": (
        _("%(who)s applied a suggestion to %(title)s"),
        _("%(who)s applied a suggestion"),
    ),
    "suggestion.declined": (
        _("%(who)s declined a suggestion for %(title)s"),
        _("%(who)s declined a suggestion"),
    ),
}
WRITING_WORDS = {
    "holding": _("holding statement"),
    "full": _("full statement"),
    "update": _("update"),
    "apology": _("apology"),
    "correction": _("correction"),
    "denial": _("denial"),
    "resolution": _("resolution"),
    "notice": _("customer notice"),
    "memo": _("staff memo"),
    "qa": _("questions and answers"),
    "fact": _("confirmed fact"),
    "message": _("key message"),
    "name": _("name to keep out"),
}
