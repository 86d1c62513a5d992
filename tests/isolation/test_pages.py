"""Every page, tried by everybody who has no business there."""

from django.test import Client

from tests.everything import CANARY

from . import cases, routes
from .conftest import signed_in

HERE = {**cases.OF_A_BRAND, **cases.WITH_PROOF, **cases.OF_AN_AGENCY}


def test_every_route_has_a_case():
    known = set(HERE) | cases.OF_ONESELF | set(cases.OPEN)
    found = {name for name in routes.all_names() if not name.startswith(cases.OF_ALLAUTH)}
    assert found - known == set(), "a route without a case: say in cases.py how to try it as a stranger"
    assert set(HERE) - found <= set(), "a case for a route that is gone"


def test_the_hosts_of_brands_have_no_routes_of_their_own():
    assert routes.all_names("agency.urls_brand_host") <= routes.all_names()


def tried(client, url):
    """What GET and POST answer."""
    return {method: getattr(client, method)(url) for method in ("get", "post")}


def test_a_stranger_finds_nothing(world, strangers, address, unchanged):
    wrong = []
    for name, case in cases.OF_A_BRAND.items():
        url = address(name, case, "isla")
        for who, client in strangers.items():
            for method, response in tried(client, url).items():
                if response.status_code != 404 or CANARY.encode() in response.content:
                    wrong.append(f"{who} {method} {name}: {response.status_code}")
    assert wrong == []


def test_whoever_is_not_signed_in_is_asked_to(world, address, unchanged):
    wrong = []
    for name, case in cases.OF_A_BRAND.items():
        for method, response in tried(Client(), address(name, case, "isla")).items():
            if response.status_code != 302 or not response["Location"].startswith("/accounts/login/"):
                wrong.append(f"{method} {name}: {response.status_code}")
    assert wrong == []


def test_a_brand_that_is_not_there_looks_the_same(world, strangers, address, unchanged):
    wrong = []
    for name, case in cases.OF_A_BRAND.items():
        there, nowhere = address(name, case, "isla"), address(name, case, "nowhere")
        for client in (strangers["charlie"], Client()):
            statuses = [client.get(url).status_code for url in (there, nowhere)]
            if statuses[0] != statuses[1]:
                wrong.append(f"{name}: {statuses}")
    assert wrong == []


def test_islas_ids_mean_nothing_at_ones_own_brand(world, strangers, address, unchanged):
    """Kabila's account lead with every capability there, and its client, with Isla's ids in the address."""
    wrong = []
    for name, case in cases.OF_A_BRAND.items():
        has_id = any(not what.startswith("=") for what in case.values())
        for who in ("charlie", "kara"):
            for method, response in tried(strangers[who], address(name, case, "kabila")).items():
                fine = response.status_code in {404, 405} if has_id else response.status_code < 500
                if not fine or CANARY.encode() in response.content:
                    wrong.append(f"{who} {method} {name}: {response.status_code}")
    assert wrong == []


def test_a_proof_of_one_brand_proves_nothing_elsewhere(world, strangers, address, unchanged):
    wrong = []
    for name, case in cases.WITH_PROOF.items():
        unproven = {part: what if part == "pk" else "=" + "x" * 43 for part, what in case.items()}
        tries = [address(name, unproven, "isla"), address(name, case, "kabila")]
        for client in (Client(), strangers["charlie"], strangers["kara"]):
            for url in tries:
                for method, response in tried(client, url).items():
                    if (
                        response.status_code not in {401, 404, 405, 410}
                        or CANARY.encode() in response.content
                    ):
                        wrong.append(f"{method} {name}: {response.status_code}")
    assert wrong == []


def test_a_link_is_for_its_reader_only(world, strangers, address, unchanged):
    """Even with the right token: somebody else who is signed in gets nothing."""
    for name in ("portal:link", "portal:link_done"):
        for client in strangers.values():
            assert client.post(address(name, {"token": "token"}, "isla")).status_code in {404, 405}


def test_another_agency_finds_nobody(world, strangers, address, unchanged):
    wrong = []
    for name, case in cases.OF_AN_AGENCY.items():
        for who, client in strangers.items():
            for method, response in tried(client, address(name, case)).items():
                fine = response.status_code in {404, 405} if case else b"Isla Ferries" not in response.content
                if not fine:
                    wrong.append(f"{who} {method} {name}: {response.status_code}")
    assert wrong == []


def test_ones_own_pages_show_nothing_of_others(world, strangers, address, unchanged):
    for name in cases.OF_ONESELF:
        for who, client in strangers.items():
            content = client.get(address(name, {}), follow=True).content
            assert b"Isla Ferries" not in content, f"{who} {name}"
            assert CANARY.encode() not in content, f"{who} {name}"


def test_the_cases_name_things_that_are_there(world, people, address):
    """The control: the same addresses open for Isla's own people, so a stranger's 404 means what it says."""
    own = {
        "portal": signed_in(people.marta),
        "desk": signed_in(people.ramon),
        "agency": signed_in(people.tess),
    }
    wrong = []
    for name, case in {**cases.OF_A_BRAND, **cases.OF_AN_AGENCY}.items():
        brand = "isla" if name in cases.OF_A_BRAND else None
        who = own["agency"] if brand is None else own["portal" if name.startswith("portal:") else "desk"]
        response = who.get(address(name, case, brand))
        if response.status_code not in {200, 302, 303, 405}:
            wrong.append(f"{name}: {response.status_code}")
    assert wrong == []
    assert CANARY.encode() in own["desk"].get(address("responses:statements", {}, "isla")).content
