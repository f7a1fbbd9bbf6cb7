"""Cookies that are not granted expire on every domain and path that they can have."""

from itertools import product

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.http import HttpResponse
from django.test import RequestFactory

from consent.choice.choice import Choice, State
from consent.gate import expiry
from consent.gate.expiry import header_bytes
from consent.models import Provider
from consent.registry import registry
from tests.factories import DAY, FORM, expired_cookies, make_client, make_cookie, publish_registry
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

NOTHING = Choice(shows_banner=True)


@pytest.fixture(autouse=True)
def hosts(settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


def granted(*groups: str) -> Choice:
    return Choice(State.GRANTED, granted=frozenset(groups))


def expire(
    *names: str,
    host: str = "127.0.0.1",
    path: str = "/",
    choice: Choice = NOTHING,
    response: HttpResponse | None = None,
    turn: int = 0,
) -> HttpResponse:
    """The answer to a request that brought these cookies. None expires on a page that is kept.

    Red when: `brings_ungranted` knows fewer names than `expire_ungranted`.
    """
    request = RequestFactory().get(path, HTTP_HOST=host)
    request.COOKIES.update(dict.fromkeys(names, "1"))
    answer = response or HttpResponse()
    declared = registry.current()
    expiry.expire_ungranted(request, answer, choice=choice, registry=declared, turns=iter([turn]))
    if answer.cookies:
        assert expiry.brings_ungranted(request, choice=choice, registry=declared)
    return answer


def names_of(response: HttpResponse) -> set[str]:
    return {name for name, _domain, _path in expired_cookies(response)}


ALL_OPTIONAL = [
    "_ga",
    "_ga_ABC123",
    "_gid",
    "_gat",
    "_gcl_au",
    "_gcl_aw",
    "_ar_V4",
    "Xl7ref",
    "L7_geoip",
]


@pytest.mark.parametrize("name", ALL_OPTIONAL)
@pytest.mark.parametrize(
    "choice",
    [NOTHING, Choice(State.REFUSED), Choice(State.SIGNALED), granted()],
    ids=["none", "refused", "signaled", "suspended"],
)
def test_a_cookie_that_is_not_granted_expires(name: str, choice: Choice) -> None:
    """Red when: one of the states is taken for a grant, or the pattern matches exactly."""
    assert expired_cookies(expire(name, choice=choice)) == {(name, "", "/")}


def test_granted_cookies_stay_and_all_others_expire() -> None:
    """Red when: one grant keeps the cookies of all groups."""
    not_expired = {
        group: set(ALL_OPTIONAL) - names_of(expire(*ALL_OPTIONAL, choice=granted(group)))
        for group in ("preferences", "analytics", "marketing")
    }

    assert not_expired == {
        "preferences": {"L7_geoip"},
        "analytics": {"_ga", "_ga_ABC123", "_gid", "_gat"},
        "marketing": {"_gcl_au", "_gcl_aw", "Xl7ref"},
    }


@pytest.mark.parametrize(
    "name",
    ["_gax", "ga", "_GA", "x_ga", "_ga.", "_gat_UA", "PHPSESSID", "cf_clearance", "l7_geoip"],
)
def test_a_cookie_that_was_never_declared_is_left_alone(name: str) -> None:
    """Red when: a pattern matches a part of a name, or anything unknown is expired."""
    assert expired_cookies(expire(name)) == set()


@pytest.mark.parametrize("name", ["l7_choice", "sessionid", "csrftoken", "messages"])
def test_a_necessary_cookie_is_left_alone(name: str) -> None:
    assert expired_cookies(expire(name)) == set()


def test_a_cookie_expires_on_every_domain_and_path_that_it_can_have_come_from() -> None:
    """Red when: `_domains` or `_paths` leaves one out, or goes up to `.pl`."""
    response = expire("_ga", host="www.voipstudio.pl", path="/en/pricing/")

    domains = ("", "www.voipstudio.pl", "voipstudio.pl")
    paths = ("/", "/en", "/en/", "/en/pricing", "/en/pricing/")
    assert expired_cookies(response) == {
        ("_ga", domain, path) for domain in domains for path in paths
    }


@pytest.mark.parametrize(
    ("host", "domains"),
    [
        ("voipstudio.pl", {"", "voipstudio.pl"}),
        ("voipstudio.pl:8443", {"", "voipstudio.pl"}),
        ("a.b.voipstudio.pl", {"", "a.b.voipstudio.pl", "b.voipstudio.pl", "voipstudio.pl"}),
        ("localhost", {""}),
        ("localhost:8000", {""}),
        ("127.0.0.1:8000", {""}),
        ("[::1]", {""}),
        ("[::1]:8000", {""}),
    ],
)
def test_the_domains_are_those_that_a_browser_accepts_from_the_host(
    host: str, domains: set[str]
) -> None:
    """Red when: an address or a top-level domain is taken for a domain."""
    domains_tried = {domain for _name, domain, _path in expired_cookies(expire("_ga", host=host))}

    assert domains_tried == domains


def test_a_cookie_expires_on_the_domain_that_staff_declared() -> None:
    Cookie.objects.filter(name="_gid").update(domain=".voipstudio.pl")
    publish_registry()

    result = expired_cookies(expire("_gid", host="www.voipstudio.pl"))

    assert ("_gid", ".voipstudio.pl", "/") in result


def test_a_cookie_whose_provider_is_not_confirmed_is_granted_to_nobody() -> None:
    """Nobody can consent to a recipient who is not named (GDPR Art. 4(11)). Red when: `permits` looks
    at the group alone."""
    assert names_of(expire("_ar_V4", choice=granted("marketing"))) == {"_ar_V4"}

    Provider.objects.update(is_confirmed=True)
    publish_registry()

    assert names_of(expire("_ar_V4", choice=granted("marketing"))) == set()


@pytest.mark.parametrize("name", ["IDE", "test_cookie"])
def test_what_lies_on_googles_own_domain_is_not_expired_by_us(name: str) -> None:
    """Red when: an answer spends its bytes on a domain that browsers refuse from us."""
    assert expired_cookies(expire(name)) == set()


def test_a_cookie_that_is_no_longer_declared_still_expires() -> None:
    """Red when: only the present registry is read."""
    make_cookie("_hjid")
    Cookie.objects.filter(name="_hjid").delete()
    publish_registry()

    assert registry.current().find("_hjid") is None
    assert names_of(expire("_hjid", choice=granted("analytics", "marketing"))) == {"_hjid"}


def test_a_cookie_switched_off_by_staff_expires_even_where_its_group_is_granted() -> None:
    """Red when: a group's grant covers what it no longer declares."""
    row = make_cookie("_hjid")
    row.is_active = False
    row.save()
    publish_registry()

    assert names_of(expire("_hjid", choice=granted("analytics"))) == {"_hjid"}


def test_a_cookie_moved_to_another_group_follows_that_group() -> None:
    """Red when: the group of an older snapshot decides."""
    Cookie.objects.filter(name="_gid").update(
        cookiegroup=CookieGroup.objects.get(varname="marketing")
    )
    publish_registry()

    assert names_of(expire("_gid", choice=granted("analytics"))) == {"_gid"}
    assert names_of(expire("_gid", choice=granted("marketing"))) == set()


def test_the_headers_fit_into_a_proxys_buffer_and_the_root_goes_first() -> None:
    """Red when: the room is not counted, or the deeper paths run before the root."""
    names = [f"_ga_{number}" for number in range(14)]
    response = HttpResponse()
    response["X-Long"] = "x" * 500

    expire(*names, host="www.voipstudio.pl", path="/a/b/c/d/", response=response)

    assert header_bytes(response) <= expiry.MAX_BYTES == 3840
    domains = ("", "www.voipstudio.pl", "voipstudio.pl")
    assert set(product(names, domains, ["/"])) <= expired_cookies(response)


def test_the_room_is_what_the_other_headers_leave() -> None:
    """Red when: the room is a fixed number."""
    names = [f"_ga_{number}" for number in range(64)]
    counts = []
    for length in (0, 1000, 2000):
        response = HttpResponse()
        response["X-Long"] = "x" * length
        expire(*names, host="www.voipstudio.pl", response=response)
        assert header_bytes(response) <= expiry.MAX_BYTES
        counts.append(len(expired_cookies(response)))

    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2] + 20


@pytest.mark.parametrize(
    ("names", "path", "most_responses"),
    [
        (ALL_OPTIONAL, "/a/b/c/d/e/f/g/h/", 19),
        # Even the root of all these does not fit into one response.
        ([f"_ga_{number}" for number in range(expiry.MAX_NAMES)], "/a/b/", 19),
    ],
    ids=["deep", "many"],
)
def test_every_domain_and_path_has_its_turn_within_a_known_number_of_responses(
    names: list[str], path: str, most_responses: int
) -> None:
    """Red when: `turn` is left out: then the same places are tried for ever."""
    tried: set[tuple[str, str, str]] = set()
    responses = 0
    while True:
        expired = expired_cookies(
            expire(*names, host="www.voipstudio.pl", path=path, turn=responses)
        )
        if expired <= tried:
            break
        tried |= expired
        responses += 1

    domains = ("", "www.voipstudio.pl", "voipstudio.pl")
    assert tried == set(product(names, domains, expiry_paths(path)))
    assert responses <= most_responses


def expiry_paths(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[: depth + 1]) for depth in range(len(parts))]
    return ["/", *above, *(f"{place}/" for place in above)]


def test_the_headers_of_a_long_path_and_many_names_fit_too() -> None:
    """Red when: the room is not counted."""
    names = [f"_ga_{number}" for number in range(1000)]

    response = expire(*names, path="/" + "a/" * 2000)

    assert header_bytes(response) <= expiry.MAX_BYTES


def test_no_path_deeper_than_any_page_is_tried() -> None:
    """Red when: MAX_DEPTH is not checked, so that a long address has no limit."""
    tried = expired_cookies(expire("_ga", path="/" + "a/" * 30))

    assert {path for _name, _domain, path in tried} == set(
        expiry_paths("/" + "a/" * expiry.MAX_DEPTH)
    )


@pytest.mark.parametrize(
    "name",
    ["_ga_a b", '_ga_"', "_ga_ż", "_ga_\x01", "_ga_,", "_ga_(", "_ga_\n", "_ga_\x7f", "_ga_[]"],
)
def test_a_name_that_no_header_can_carry_breaks_nothing(name: str) -> None:
    """Red when: `_NAME` is not checked."""
    assert expired_cookies(expire(name, "_gid")) == {("_gid", "", "/")}


@pytest.mark.parametrize("name", ["_ga_!#$%&'*+.^_`|~", "_ga_--", "_gcl_0", "_ga_" + "x" * 3000])
def test_every_valid_name_expires(name: str) -> None:
    """Red when: `_NAME` leaves out a character of a token."""
    assert names_of(expire(name)) == {name}


def test_a_name_that_fits_into_no_response_breaks_nothing() -> None:
    """Red when: the first cookie is sent however long it is."""
    response = expire("_ga_" + "x" * 4000, "_gid")

    assert names_of(response) == {"_gid"}
    assert header_bytes(response) <= expiry.MAX_BYTES


def test_a_cookie_that_the_response_sets_is_not_expired_by_it() -> None:
    response = HttpResponse()
    response.set_cookie("_gid", "2")

    expire("_gid", choice=NOTHING, response=response)

    assert [morsel.value for morsel in response.cookies.values()] == ["2"]


def test_declared_local_storage_expires_no_cookie() -> None:
    make_cookie("l7_local", storage="local", max_age_seconds=DAY)

    assert expired_cookies(expire("l7_local")) == set()


@pytest.mark.parametrize(
    "path", ["/", "/cookies/", "/nowhere/", "/healthz", "/.well-known/gpc.json"]
)
def test_every_kind_of_response_expires_cookies_that_are_not_granted(path: str, settings) -> None:
    """Red when: only pages that answer 200 expire cookies."""
    client = make_client(refused=True)
    client.cookies["_ga"] = "1"

    assert ("_ga", "", "/") in expired_cookies(client.get(path))


def test_the_answers_to_a_post_and_to_a_wrong_method_expire_cookies_too() -> None:
    client = make_client()
    client.cookies["_ga"] = "1"

    assert ("_ga", "", "/") in expired_cookies(client.post("/cookies/", "x", content_type=FORM))
    assert ("_ga", "", "/") in expired_cookies(client.delete("/cookies/"))


def test_a_group_that_is_asked_about_again_loses_its_cookies() -> None:
    """Red when: an expired grant still counts in `expiry`."""
    client = make_client("analytics")
    client.cookies["_ga"] = "1"
    assert expired_cookies(client.get("/")) == set()

    make_cookie("_new")  # asks again, and suspends the group

    assert expired_cookies(client.get("/")) == {("_ga", "", "/")}
