"""What a new brand finds in its rooms: a newsroom, protocols to start from, and its first pulse."""

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from agency.roles import Role
from responses.incidents.models import Protocol, ProtocolStep
from responses.statements.models import Channel
from tenants import context

from . import due, pulse

# The general one is written first, so that it is chosen wherever the brand has not said better. The others
# wait for a person to pick them, or for the brand to give them a level of their own.
# (name, when to use it, ((what, who, minutes after opening), …))
PROTOCOLS = (
    (
        _("General crisis"),
        _("For anything that has no protocol of its own."),
        (
            (_("Read the loudest mentions and say what happened in one sentence"), Role.DUTY_MONITOR, 10),
            (_("Set the level"), Role.CRISIS_LEAD, 15),
            (_("Tell the client"), Role.ACCOUNT_LEAD, 20),
            (_("Decide whether to speak, and until when to wait"), Role.CRISIS_LEAD, 30),
            (_("Holding statement ready for approval"), Role.WRITER, 45),
            (_("Agree when the next update comes"), Role.CRISIS_LEAD, 60),
        ),
    ),
    (
        _("Transport accident"),
        _("People may be hurt on board or on the ground. People first, then facts."),
        (
            (_("Stop every scheduled post"), Role.DUTY_MONITOR, 5),
            (_("Write down what the authorities have confirmed"), Role.ACCOUNT_LEAD, 10),
            (_("Name one lead and one voice"), Role.CRISIS_LEAD, 10),
            (_("Holding statement out on every channel"), Role.CRISIS_LEAD, 30),
            (_("Hotline for families staffed and its number public"), Role.CLIENT_APPROVER, 30),
            (_("Brief the spokesperson on what is known and what is not"), Role.CRISIS_LEAD, 40),
            (_("Full statement read by legal"), Role.LEGAL, 75),
            (_("Next public update"), Role.CRISIS_LEAD, 120),
        ),
    ),
    (
        _("Service outage"),
        _("Customers cannot use the service. Say what fails, what still works and when you speak next."),
        (
            (_("Ask what fails, since when and for whom"), Role.DUTY_MONITOR, 15),
            (_("Ask in writing whether money or data is at risk"), Role.ACCOUNT_LEAD, 20),
            (_("Say what still works"), Role.WRITER, 30),
            (_("Customer notice approved"), Role.CLIENT_APPROVER, 60),
            (_("Say publicly that the service is back"), Role.ACCOUNT_LEAD, 240),
        ),
    ),
    (
        _("Product complaint"),
        _("One product, one fault, maybe more of them. Find the lot before the story finds you."),
        (
            (_("Ask the customer for lot number, shop and photo"), Role.DUTY_MONITOR, 60),
            (_("Have the lot checked"), Role.ACCOUNT_LEAD, 120),
            (_("Read the label rules that apply"), Role.LEGAL, 240),
            (_("Answer in the thread"), Role.WRITER, 240),
            (_("Decide: correct, withdraw or close"), Role.CLIENT_APPROVER, 1440),
        ),
    ),
)


def furnish(brand) -> None:
    """Provisioning step: its first channel, protocols in its language; run twice it adds nothing."""
    with context.inside(brand):
        Channel.objects.get_or_create(kind=Channel.Kind.NEWSROOM, defaults={"name": "Newsroom"})
        with translation.override(brand.language):
            for name, description, steps in PROTOCOLS:
                furnish_protocol(gettext(name), gettext(description), steps)
        pulse.refresh(brand, timezone.now())
        due.by(timezone.now())


def furnish_protocol(name, description, steps) -> None:
    protocol, is_new = Protocol.objects.get_or_create(name=name, defaults={"description": description})
    if is_new or not protocol.steps.exists():
        ProtocolStep.objects.bulk_create(
            ProtocolStep(
                protocol=protocol, position=position, title=gettext(title), role=role, due_minutes=minutes
            )
            for position, (title, role, minutes) in enumerate(steps, 1)
        )
