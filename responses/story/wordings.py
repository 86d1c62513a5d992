"""What each brand has agreed on before the day: how its statements begin, and what they never say."""

from responses.core.actors import TUGON
from responses.statements import grounding, lint_rules, templating

# Per brand: (name, type, language, text, text for short channels), and the two in the other language.
TEMPLATES = {
    "isla": (
        (
            "Incident at sea, first word",
            "holding",
            "en",
            "{incident}: this happened today, and we learned of it at {time}. The safety of "
            "everybody on board comes "
            "first. We are with [who helps] and are [what we do now].\n\nWe know that families are "
            "waiting for word. "
            "The hotline is [number]. We speak again by {next_update}.",
            "{incident}. We are [what we do now]. Families: [number]. Next word by {next_update}.",
            "{incident}: nangyari ito ngayong araw, at nalaman namin noong {time}. Una sa lahat ang "
            "kaligtasan ng bawat "
            "sakay. Kasama namin ang [sino ang tumutulong] at [ano ang ginagawa namin].\n\nAlam "
            "naming naghihintay ang "
            "mga pamilya. Ang hotline ay [numero]. Magsasalita kami muli bago mag-{next_update}.",
            "{incident}. [Ano ang ginagawa namin]. Para sa mga pamilya: [numero]. Susunod na balita: "
            "{next_update}.",
        ),
    ),
    "luzon": (
        (
            "App is down",
            "notice",
            "en",
            "Since {time} you may not be able to log in to the app. Your money is safe. Until it "
            "works again, [what "
            "still works].\n\nWe are sorry for the trouble. Next word by {next_update}. Questions: [number].",
            "Login trouble since {time}. Your money is safe. Use [what still works]. Next word by "
            "{next_update}.",
        ),
    ),
}
# Per brand: (phrases, why). Never in a statement of the brand, whatever its type.
NEVER = {
    "isla": (
        ("act of God", "isolated incident", "minor fire"),
        "Passengers were afraid: none of it was minor to them.",
    ),
    "luzon": (
        ("user error", "on your side", "glitch"),
        "Customers did nothing wrong, and a bank has no glitches.",
    ),
    "ising": (("overreact*", "harmless"), "A parent of a child with an allergy does not overreact."),
}
# Per brand: what is to come across in every crisis.
MESSAGES = {
    "isla": "Every person on board is counted before we speak of anything else.",
    "luzon": "Your money is safe and every transaction is recorded.",
}


def agree(slug: str, now) -> None:
    for name, type, language, body, short, *also in TEMPLATES.get(slug, ()):
        beside = dict(zip(("also_body", "also_short"), also, strict=False))
        given = {"name": name, "type": type, "language": language, "body": body, "short": short}
        templating.add_template(**given, **beside, by=TUGON, now=now)
    if slug in NEVER:
        phrases, reason = NEVER[slug]
        lint_rules.add_rule(
            kind="do_not_say", phrases=list(phrases), severity="must", reason=reason, by=TUGON, now=now
        )
    if slug in MESSAGES:
        grounding.add_point(kind="message", text=MESSAGES[slug], by=TUGON, now=now)
