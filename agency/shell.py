"""What every page's frame needs: the brands one may switch to, and the rail."""

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tenants import states

from . import access, unsent
from .fragments import fragment
from .models import User
from .roles import May


def shell(request):
    """The context of every page. Nothing is asked of the database unless the page shows it."""
    user = getattr(request, "user", None)
    brand = getattr(request, "brand", None)
    standing = getattr(request, "standing", None)
    context = {"brand": brand, "standing": standing, "rail": [], "standing_brands": []}
    if settings.TUGON_DEMO:
        context["demo_people"] = SimpleLazyObject(demo_people)
    if user is None or not user.is_authenticated or getattr(request, "brand_host", None):
        return context
    context["unsent"] = SimpleLazyObject(lambda: unsent.of_page(request))
    context["standing_brands"] = SimpleLazyObject(lambda: switchable(user, brand and brand.pk))
    context["rail"] = SimpleLazyObject(lambda: rail(request))
    context["home_url"] = reverse("home")
    if brand and standing and standing.is_agency:
        context["search_url"] = reverse("responses:feed", args=[brand.slug])
    return context


def switchable(user, here):
    """The brands at which the person is staff, with what the switcher says of each. One query."""
    now = timezone.now()
    found = access.brands_of(user).filter(status__in=states.READABLE)
    columns = ("pk", "slug", "name", "pulse__level", "pulse__waiting_due_at")
    return [
        {"name": name, "html": switch_item(slug, name, level, bool(due and due < now), pk == here)}
        for pk, slug, name, level, due in found.values_list(*columns)
    ]


def switch_item(slug, name, level, late, current):
    facts = {"name": name, "level": level, "late": late, "current": current}
    key = (slug, *facts.values())
    return fragment(
        "components/switch_item.html", key, lambda: {"url": reverse("responses:feed", args=[slug]), **facts}
    )


def rail(request):
    standing = getattr(request, "standing", None)
    if request.brand and standing and standing.is_agency:
        return at_brand(request, standing)
    if access.brands_of(request.user).exists() or access.is_director(request.user):
        return at_agency(request)
    return []


def at_agency(request):
    """The rail of the pages above all brands."""
    items = [item(request, "board", _("Board"), "layout-dashboard", key="b")]
    if access.may_at_agency(request.user, May.PEOPLE):
        items.append(item(request, "people", _("People"), "users", key="p"))
    if access.may_at_agency(request.user, May.BRANDS):
        items.append(item(request, "brands", _("Brands"), "building-2", key="r", more=("brand_",)))
    items.append(item(request, "roles", _("Roles"), "shield-check", key="o"))
    return items


# name, label, icon, key, capability, other pages that belong to it
def entries():
    return [
        ("feed", _("Feed"), "rss", "f", May.SEE, ("mention", "correction")),
        ("trends", _("Trends"), "chart-line", "t", May.SEE, ()),
        ("stories", _("Stories"), "copy", "y", May.SEE, ("story",)),
        ("alerts", _("Alerts"), "bell", "a", May.SEE, ("alert",)),
        ("incidents", _("Incidents"), "flame", "i", May.SEE, ("incident",)),
        (
            "statements",
            _("Statements"),
            "file-text",
            "s",
            May.SEE,
            ("statement", "review", "revision", "decide", "lint_rule", "point", "deput", "glass"),
        ),
        ("publications", _("Publications"), "send", "p", May.SEE, ("publication",)),
        ("sources", _("Sources"), "radio-tower", "u", May.SEE, ("source",)),
        ("rules", _("Rules"), "funnel", "r", May.SEE, ("rule",)),
        ("protocols", _("Protocols"), "list-checks", "o", May.SEE, ("protocol",)),
        ("channels", _("Channels"), "megaphone", "c", May.SEE, ("channel",)),
        ("newsroom", _("Newsroom"), "newspaper", "n", May.SEE, ()),
        ("history", _("History"), "history", "h", May.SEE, ()),
        ("keys", _("Keys"), "key-round", "k", May.CONNECT, ("key",)),
    ]


ELSEWHERE = {"newsroom": "newsroom:home", "keys": "keys:keys"}


def at_brand(request, standing):
    """The rail of a brand's desk: the path first, then what it is set up with."""
    pulse, slug = request.brand.pulse, request.brand.slug
    counts = {
        "alerts": (pulse.open_alerts, False),
        "incidents": (pulse.open_incidents, False),
        "statements": decisions_waited_for(pulse),
        "publications": (pulse.unknown_publications, True),
        "sources": (pulse.failing_sources, False),
    }
    items = [item(request, "board", _("Board"), "layout-dashboard", key="b")]
    for name, label, icon, key, what, more in entries():
        if not standing.may(what):
            continue
        count, is_late = counts.get(name, (0, False))
        full = ELSEWHERE.get(name, f"responses:{name}")
        about = {"count": count, "late": is_late, "sep": name == "sources"}
        items.append(item(request, full, label, icon, slug, key=key, more=more, **about))
    return items


def decisions_waited_for(pulse):
    """How many reviews wait for somebody, and whether one of them is late. Late tasks wait elsewhere."""
    dues = [one["due_at"] for one in pulse.waiting if one.get("kind", "review") == "review"]
    return len(dues), any(parse_datetime(due) < timezone.now() for due in dues if due)


def item(request, name, label, icon, *args, key="", more=(), count=0, late=False, sep=False):
    """One line of the rail; it is current on its own page and on those that begin with one of `more`."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    current = here == name.rpartition(":")[2] or (bool(more) and (here or "").startswith(more))
    return {
        "url": reverse(name, args=args),
        "label": label,
        "icon": icon,
        "count": count,
        "late": late and bool(count),
        "current": current,
        "sep": sep,
        "key": key,
    }


def demo_people():
    """The invented people of the demo, to sign in as with one press."""
    people = User.objects.filter(is_active=True, email__endswith=".example", seats__is_active=True)
    return [
        {"person": person, "roles": sorted({str(seat.get_role_display()) for seat in live(person)})}
        for person in people.distinct()
        .prefetch_related("seats")
        .order_by(F("agency").asc(nulls_last=True), "pk")
    ]


def live(person):
    return [seat for seat in person.seats.all() if seat.is_active]
