"""What the agency agreed with its brands before the day: rules that listen and protocols that act."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleSeed:
    name: str
    query: str
    severity: int  # 0 undetermined … 4 critical: a hint for the alert
    alerts: bool
    opens_incident: bool
    protocol: str = ""  # key of the protocol an incident starts with
    rival: str = ""  # the competitor it watches; empty: the brand itself


@dataclass(frozen=True)
class StepSeed:
    title: str
    role: str
    due_minutes: int


@dataclass(frozen=True)
class ProtocolSeed:
    key: str
    name: str
    summary: str
    severity: int
    steps: tuple[StepSeed, ...]
    is_default: bool = False


HARM = ProtocolSeed(
    "harm-to-passengers",
    "Harm to passengers",
    "An accident on board, at sea or on the ground. People first, then facts, then us.",
    4,
    (
        StepSeed("Stop every scheduled post of the brand", "duty_monitor", 5),
        StepSeed("Reach the coast station liaison and write down what is confirmed", "account_lead", 10),
        StepSeed("Name one lead and one voice, and tell the client", "crisis_lead", 10),
        StepSeed("Holding statement out on every channel", "crisis_lead", 30),
        StepSeed("Hotline for families staffed and its number public", "client_approver", 30),
        StepSeed("Brief the spokesperson on facts and on what we do not know", "crisis_lead", 40),
        StepSeed("Answer the false reports of deaths with the confirmed count", "writer", 45),
        StepSeed("Full statement approved by legal and by the client", "legal_reviewer", 75),
    ),
)

OUTAGE = ProtocolSeed(
    "service-outage",
    "Service outage",
    "Customers cannot use the service. Say what fails, what still works and when we speak next.",
    2,
    (
        StepSeed("Ask the client what fails, since when and for whom", "duty_monitor", 15),
        StepSeed("Ask in writing whether money or data is at risk", "account_lead", 20),
        StepSeed("Post what still works", "writer", 30),
        StepSeed("Customer notice approved", "client_approver", 60),
        StepSeed("Answer the twenty most visible posts", "writer", 90),
        StepSeed("Say publicly that service is back", "account_lead", 240),
    ),
)

PRODUCT = ProtocolSeed(
    "product-complaint",
    "Product complaint",
    "One product, one fault, maybe more of them. Find the lot before the story finds us.",
    2,
    (
        StepSeed("Ask the customer for lot number, shop and photo", "duty_monitor", 60),
        StepSeed("Ask the client to check the lot", "account_lead", 120),
        StepSeed("Legal reads the label rules that apply", "legal_reviewer", 240),
        StepSeed("Answer in the thread", "writer", 240),
        StepSeed("Decide: correct, withdraw or close", "client_approver", 1440),
    ),
)

DEFAULT = ProtocolSeed(
    "first-hour",
    "First hour",
    "For anything that has no protocol of its own yet.",
    0,
    (
        StepSeed("Read the ten loudest mentions and say what happened in one sentence", "duty_monitor", 10),
        StepSeed("Set the severity", "crisis_lead", 15),
        StepSeed("Tell the client", "account_lead", 20),
        StepSeed("Decide whether we speak, and until when we wait", "crisis_lead", 45),
    ),
    is_default=True,
)

PROTOCOLS = (HARM, OUTAGE, PRODUCT, DEFAULT)

PROTOCOLS_OF = {
    "isla": ("harm-to-passengers", "service-outage", "first-hour"),
    "luzon": ("service-outage", "first-hour"),
    "ising": ("product-complaint", "first-hour"),
    "sampaguita": ("harm-to-passengers", "service-outage", "first-hour"),
    "kape": ("product-complaint", "first-hour"),
    "kabila-brand": ("first-hour",),
}

RULES = {
    "isla": (
        RuleSeed(
            "Fire or accident at sea",
            "(sunog OR nasusunog OR apoy OR usok OR umuusok OR fire OR smok* OR lumubog OR sank OR nilikas"
            ' OR inililikas OR rescue* OR evacuat* OR "life vest" OR alarm OR ligtas OR safe OR bangka'
            ' OR "fishing boat*") AND (Amihan OR barko OR ship OR ferry OR ferries OR makina OR pasahero*'
            " OR passenger* OR Calapan) NOT (drill OR pelikula OR movie OR demo)",
            4,
            True,
            True,
            "harm-to-passengers",
        ),
        RuleSeed(
            "Reports of deaths or injuries",
            "(patay OR namatay OR nasawi OR dead OR died OR sugatan OR injur*)"
            ' AND (Amihan OR barko OR ferry OR "Isla Ferries")',
            4,
            True,
            False,
        ),
        RuleSeed(
            "Anger at the company",
            '("Isla Ferries" OR Amihan) AND (boycott OR pahayag OR statement OR nakakahiya OR "no comment"'
            " OR silen* OR galit OR papanagutin OR imbestigahan OR inspect* OR inspeksyon)",
            3,
            True,
            False,
        ),
        RuleSeed("MV Amihan by name", "Amihan", 2, False, False),
        RuleSeed(
            "Delays and cancelled trips",
            '(delayed OR late OR cancel* OR kinansel OR "ang tagal")'
            " AND (trip OR byahe OR pila OR saved:our-ships)",
            1,
            False,
            False,
        ),
        RuleSeed("Refunds", '(refund* OR marerefund OR "double charged" OR soli*)', 1, False, False),
        RuleSeed("Luntian Lines", '"Luntian Lines" OR "MV Luntian"', 0, False, False, rival="Luntian Lines"),
    ),
    "luzon": (
        RuleSeed(
            "App and login failures",
            '(login OR "log in" OR "mag-login" OR OTP) AND (app OR error OR fail* OR locked OR "Banko Luzon")'
            ' NOT (scam OR huwag OR "humihingi ng OTP" OR "asking for my OTP")',
            2,
            True,
            False,
            "service-outage",
        ),
        RuleSeed(
            "Scams in our name", '(scam OR fake OR peke*) AND ("Banko Luzon" OR bangko)', 2, False, False
        ),
        RuleSeed("Branch queues", "(pila OR queue OR teller) NOT app", 1, False, False),
        RuleSeed("Tala Savings", '"Tala Savings" OR "Tala app"', 0, False, False, rival="Tala Savings"),
    ),
    "ising": (
        RuleSeed(
            "Labels and allergies",
            'label AND ("Lola Ising" OR allergy OR cup* OR lot)',
            2,
            True,
            False,
            "product-complaint",
        ),
        RuleSeed(
            "Illness after eating", '(lason OR poison* OR "sumakit ang tiyan" OR expired)', 2, False, False
        ),
    ),
    "sampaguita": (
        RuleSeed(
            "Accident in the air",
            '(crash* OR "emergency landing" OR bumagsak) AND (eroplano OR plane OR flight)',
            4,
            True,
            True,
            "harm-to-passengers",
        ),
        RuleSeed("Delayed flights", '(delayed OR "late boarding")', 1, False, False),
    ),
    "kape": (RuleSeed("Food safety", '(ipis OR lason OR poison* OR "upset stomach")', 2, True, False),),
    "kabila-brand": (
        RuleSeed("Roof fires", "(sunog OR fire) AND (solar OR panel OR bubong)", 3, True, True),
    ),
}


# What the rules of a brand share: saved queries by name, and what it wants to hear no more of.
SAVED = {
    "isla": {"our-ships": 'Amihan OR "MV Habagat" OR "MV Silangan" OR {Isla Ferries}'},
    "luzon": {"our-app": '"Banko Luzon" (app OR "mobile banking" OR login)'},
}
EXCLUDED = {
    "isla": (("site", "murangtiket.example", "Coupon site that repeats every sailing"),),
    "luzon": (("author", "promo_bot_ph", "Posts the same prize draw under every bank"),),
}
# Whose every word somebody must see: (name, who it is, level); and how many alerts a week the team looks at.
AUTHORS = {
    "isla": (("Nards Villamor", "radio reporter on the pier, the first to call", 3),),
    "luzon": (("Pera at Sipag", "columnist on consumer banking", 2),),
}
BUDGETS = {"isla": 15, "luzon": 12}
