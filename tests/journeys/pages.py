"""Every page of the product: its address, who looks at it, and what it answers.

A route that is neither here nor in `NOT_PAGES` fails `test_accessibility`.
"""

from dataclasses import dataclass

TESS, JUN, NOEL, CELIA = "tess", "jun", "noel", "celia"
ADDRESSES = {
    TESS: "tess@habi.example",
    JUN: "jun@bankoluzon.example",
    NOEL: "noel@islaferries.example",
    CELIA: "celia@habi.example",
}


@dataclass(frozen=True)
class Page:
    """`{names}` in the path are ids of tests.journeys.world; `who` empty is nobody in particular."""

    route: str
    path: str
    who: str = TESS
    status: int = 200

    @property
    def label(self) -> str:
        return f"{self.route} {self.path}"


def desk(name: str, path: str, **more) -> Page:
    return Page(f"responses:{name}", f"/b/luzon/{path}", **more)


def bare(name: str, path: str, **more) -> Page:
    """The same at a brand that has nothing yet."""
    return Page(f"responses:{name}", f"/b/bare/{path}", **more)


AGENCY = (
    Page("home", "/", NOEL),
    Page("board", "/board/"),
    Page("people", "/people/"),
    Page("invite", "/people/invite/"),
    Page("person", "/people/{person}/"),
    Page("brands", "/brands/"),
    Page("brand_new", "/brands/new/"),
    Page("brand_progress", "/brands/{brand}/progress/"),
    Page("brand_change", "/brands/{brand}/change/"),
    Page("roles", "/roles/"),
    Page("profile", "/profile/"),
    Page("demo_mail", "/demo/mail/", ""),
    Page("demo_codes", "/demo/codes/", ""),
    Page("api:docs", "/api/docs/", ""),
)
ENTRANCE = (
    Page("account_login", "/accounts/login/", ""),
    Page("account_signup", "/accounts/signup/", ""),
    Page("account_inactive", "/accounts/inactive/", ""),
    Page("account_reset_password", "/accounts/password/reset/", ""),
    Page("account_reset_password_done", "/accounts/password/reset/done/", ""),
    Page("account_reset_password_from_key", "/accounts/password/reset/key/1-wrong-key/", ""),
    Page("account_reset_password_from_key_done", "/accounts/password/reset/key/done/", ""),
    Page("account_confirm_email", "/accounts/confirm-email/wrong/", ""),
    Page("account_email_verification_sent", "/accounts/confirm-email/", ""),
    Page("invitation", "/invitation/{invitation}/", ""),
    Page("invitation", "/invitation/wrong-wrong-wrong-wrong/", "", 410),
    Page("account_logout", "/accounts/logout/"),
    Page("account_email", "/accounts/email/", TESS, 404),
    Page("account_change_password", "/accounts/password/change/"),
    Page("account_reauthenticate", "/accounts/reauthenticate/"),
    Page("mfa_index", "/accounts/2fa/"),
    Page("mfa_index", "/accounts/2fa/", CELIA),
    Page("mfa_reauthenticate", "/accounts/2fa/reauthenticate/", CELIA),
    Page("mfa_activate_totp", "/accounts/2fa/totp/activate/"),
    Page("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/", CELIA),
    Page("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/", CELIA),
    Page("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/", CELIA),
    Page("mfa_list_webauthn", "/accounts/2fa/webauthn/", CELIA),
    Page("mfa_add_webauthn", "/accounts/2fa/webauthn/add/"),
    Page("mfa_reauthenticate_webauthn", "/accounts/2fa/webauthn/reauthenticate/", CELIA),
    Page("mfa_edit_webauthn", "/accounts/2fa/webauthn/keys/{passkey}/edit/", CELIA),
    Page("mfa_remove_webauthn", "/accounts/2fa/webauthn/keys/{passkey}/remove/", CELIA),
)
DESK = (
    desk("feed", "feed/"),
    desk("feed", "feed/?q=app"),
    desk("feed", "feed/?q=nobodysaidthis"),
    desk("mention", "mentions/{mention}/"),
    desk("corrections", "corrections/"),
    desk("stories", "stories/"),
    desk("story", "stories/{story}/"),
    desk("alerts", "alerts/"),
    desk("alert", "alerts/{alert}/"),
    desk("budget", "alerts/budget/"),
    desk("authors", "authors/"),
    desk("author_new", "authors/new/"),
    desk("author", "authors/{author}/"),
    desk("incidents", "incidents/"),
    desk("incident_new", "incidents/new/"),
    desk("incident", "incidents/{incident}/"),
    Page("responses:incident", "/b/isla/incidents/1/"),
    desk("statements", "statements/"),
    desk("statement_new", "statements/new/"),
    desk("statement_templates", "statements/templates/"),
    desk("statement_template_new", "statements/templates/new/"),
    desk("statement_template", "statements/templates/{template}/"),
    desk("review_policies", "statements/policies/"),
    desk("review_policy_new", "statements/policies/new/"),
    desk("review_policy", "statements/policies/{policy}/"),
    desk("deputies", "statements/deputies/"),
    desk("glass_rule", "statements/glass/"),
    desk("glass", "statements/{glass}/glass/"),
    desk("lint_rules", "statements/rules/"),
    desk("lint_rule", "statements/rules/{lint_rule}/"),
    desk("points", "statements/points/"),
    desk("points", "statements/points/?incident={incident}"),
    desk("statement", "statements/{sent_back}/"),
    desk("statement", "statements/{published}/"),
    desk("statement", "statements/{in_review}/"),
    desk("statement_follow", "statements/{published}/follow/correct/"),
    desk("statement_schedule", "statements/{in_review}/schedule/"),
    desk("statement_preview", "statements/{in_review}/preview/"),
    desk("review", "statements/{in_review}/review/"),
    desk("revision", "statements/{in_review}/revisions/2/"),
    desk("comments", "statements/{in_review}/comments/"),
    desk("comments", "statements/{sent_back}/comments/"),
    desk("statement_publications", "statements/{published}/publications/"),
    desk("publications", "publications/"),
    desk("publication", "publications/{publication}/"),
    desk("subscribers", "subscribers/"),
    desk("sources", "sources/"),
    desk("source_new", "sources/add/rss/"),
    desk("source_new", "sources/add/bluesky/"),
    desk("source_new", "sources/add/webhook/"),
    desk("source_new", "sources/add/email/"),
    desk("source_new", "sources/add/csv/"),
    desk("source_new", "sources/add/google_reviews/"),
    desk("source", "sources/{source}/"),
    desk("source", "sources/{hook}/"),
    desk("source", "sources/{mailbox}/"),
    desk("source", "sources/{table}/"),
    desk("rules", "rules/"),
    desk("rule_new", "rules/new/"),
    desk("rule", "rules/{rule}/"),
    desk("trends", "trends/"),
    desk("trends", "trends/?period=90d"),
    desk("lists", "lists/"),
    desk("named_query", "lists/queries/{named_query}/"),
    desk("protocols", "protocols/"),
    desk("protocol_new", "protocols/new/"),
    desk("protocol", "protocols/{protocol}/"),
    desk("channels", "channels/"),
    desk("channel_new", "channels/new/"),
    desk("channel_add", "channels/new/bluesky/"),
    desk("channel_add", "channels/new/mastodon/"),
    desk("channel", "channels/{channel}/"),
    desk("channel", "channels/{newsroom}/"),
    desk("history", "history/"),
    Page("keys:keys", "/b/luzon/keys/"),
)
EMPTY = (
    bare("feed", "feed/"),
    bare("corrections", "corrections/"),
    bare("stories", "stories/"),
    bare("alerts", "alerts/"),
    bare("authors", "authors/"),
    bare("incidents", "incidents/"),
    bare("statements", "statements/"),
    bare("statement_templates", "statements/templates/"),
    bare("review_policies", "statements/policies/"),
    bare("deputies", "statements/deputies/"),
    bare("glass_rule", "statements/glass/"),
    bare("lint_rules", "statements/rules/"),
    bare("points", "statements/points/"),
    bare("publications", "publications/"),
    bare("subscribers", "subscribers/"),
    bare("sources", "sources/"),
    bare("rules", "rules/"),
    bare("trends", "trends/"),
    bare("lists", "lists/"),
    bare("protocols", "protocols/"),
    bare("channels", "channels/"),
    bare("history", "history/"),
    Page("keys:keys", "/b/bare/keys/"),
    Page("portal:home", "/portal/bare/", NOEL),
    Page("portal:decided", "/portal/bare/decided/", NOEL),
    Page("newsroom:home", "/newsroom/bare/", ""),
)
PORTAL = (
    Page("portal:home", "/portal/luzon/", JUN),
    Page("portal:decided", "/portal/luzon/decided/", JUN),
    Page("portal:deputy", "/portal/luzon/deputy/", JUN),
    Page("portal:glass", "/portal/luzon/glass/{glass}/", JUN),
    Page("portal:decision", "/portal/luzon/{step}/", JUN),
    Page("portal:decision", "/portal/luzon/{step}/?do=approve", JUN),
    Page("portal:decision", "/portal/luzon/{step}/?do=changes", JUN),
    Page("portal:decision", "/portal/luzon/{decided}/", JUN),
    Page("portal:link", "{link}", ""),
    Page("portal:link", "{link}?do=approve", ""),
    Page("portal:link", "/portal/luzon/link/wrong-wrong-wrong-wrong/", "", 404),
)
NEWSROOM = (
    Page("newsroom:home", "/newsroom/luzon/", ""),
    Page("newsroom:post", "/newsroom/luzon/{post}/", ""),
    Page("newsroom:post", "/newsroom/luzon/fil/{post}/", ""),
    Page("newsroom:subscribed", "/newsroom/luzon/subscribed/", ""),
    Page("newsroom:confirm", "/newsroom/luzon/letters/1-wrong/confirm/", "", 404),
    Page("newsroom:leave", "/newsroom/luzon/letters/1-wrong/leave/", "", 404),
    Page("newsroom:elsewhere", "/newsroom/luzon/not/here/", "", 404),
)
ERRORS = (
    Page("error 404", "/nothing/here/", "", 404),
    Page("error 404", "/nothing/here/", TESS, 404),
    Page("error 403", "/people/invite/", CELIA, 404),
    Page("error 403", "/b/luzon/keys/", CELIA, 403),
)
PAGES = (*ENTRANCE, *AGENCY, *DESK, *EMPTY, *PORTAL, *NEWSROOM, *ERRORS)
TEMPLATES = ("400", "403", "404", "500", "503")  # shown as they are: no address makes all of them

# Routes without a page of their own, and why.
DEEDS = """
    responses:mentions_triage responses:mentions_undo responses:view_save responses:view_remove
    deactivate portal:decide revoke_invitation change_role end_seat reactivate brand_go_on brand_move
    set_language demo_sign_in responses:source_switch responses:source_secret responses:source_upload
    responses:rule_remove responses:named_query_add responses:named_query_remove responses:exclusion_add
    responses:exclusion_remove responses:alert_acknowledge responses:alert_dismiss responses:alert_snooze
    responses:alert_wake responses:author_remove responses:incident_acknowledge responses:incident_move
    responses:mention_correct responses:incident_severity responses:incident_part responses:incident_note
    responses:task_add responses:task_move responses:task_assign responses:statement_save
    responses:statement_withdraw responses:statement_submit responses:decide responses:letters
    responses:publication_decide responses:publication_retry responses:publication_cancel
    responses:statement_release responses:channel_test responses:history_verify keys:revoke
    responses:statement_let_go responses:statement_let_go_new responses:subscriber_remove
    responses:evidence_pdf responses:evidence_json portal:evidence_pdf portal:evidence_json
    responses:source_read responses:source_remove responses:statement_overrule responses:statement_restore
    responses:statement_template_use responses:lint_rule_add responses:lint_rule_off
    responses:deputy_let_go responses:glass_say portal:deputy_end portal:glass_judge
    responses:lint_rule_remove responses:point_add responses:point_remove responses:statement_still_right
    responses:statement_images responses:statement_images_new
    responses:comment_add responses:comment_act responses:suggestion_act portal:comment portal:link_comment
"""
MACHINES = """
    healthz responses:hook responses:hook_mail newsroom:feed newsroom:json_feed newsroom:subscribe api:openapi
    mfa_login_webauthn mfa_download_recovery_codes
    responses:image portal:image portal:link_image newsroom:picture
"""
REGIONS = """
    responses:feed_news responses:statement_lint responses:statement_keep responses:statement_keep_new
"""  # parts of a page that the page asks for
# They answer only in the middle of something; the last one is walked in a journey.
BETWEEN = "account_set_password account_confirm_login_code mfa_authenticate portal:link_done"
NOT_PAGES = frozenset(" ".join((DEEDS, MACHINES, REGIONS, BETWEEN)).split())
