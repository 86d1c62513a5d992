"""Who approves in the story: a bank whose hard words legal and the client agree on; one deputy."""

from agency import second_factor
from responses.core.actors import person
from responses.statements import deputising, policies
from responses.statements.policy_models import Deputy

# Those who approve at High and Critical, with what their authenticator apps were set up with.
APPS = {
    "ramon@habi.example": "JBSWY3DPEHPK3PXPRAMON234",
    "marta@islaferries.example": "JBSWY3DPEHPK3PXPMARTA234",
}
HARD_WORDS = ("apology", "correction", "denial", "full")


def give_app(user) -> None:
    if user.email in APPS:
        second_factor.set_up(user, APPS[user.email])


def agree(slug, people, at) -> None:
    """What was agreed with the brand a month ago."""
    if slug == "luzon":
        policies.save_policy(
            name="Hard words of a bank",
            types=HARD_WORDS,
            steps=[asked("agency"), asked("legal", "client"), asked("crisis", silence_minutes=30)],
            by=person(people["ramon@habi.example"]),
            now=at,
        )
    if slug == "isla" and not Deputy.objects.exists():
        marta, noel = (person(people[f"{name}@islaferries.example"]) for name in ("marta", "noel"))
        deputising.name_deputy(person=marta, deputy=noel, by=marta, now=at)


def asked(*functions, silence_minutes=None) -> dict:
    return {"groups": [{"function": one} for one in functions], "silence_minutes": silence_minutes}
