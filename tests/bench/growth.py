"""`make bench BENCH=growth`: a site with ten million consent records beside an empty one, on PostgreSQL.

pytest skips its name. GROWTH_ROWS=500000 takes a first look. The empty site is a twin of the database,
asked in turn with the full one: so other work of the machine costs both the same.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from psycopg import sql

from consent.choice.choice import CHOICE_LIFETIME
from consent.consequences import visitors_asked_again
from consent.models import ConsentRecord
from delivery.models import Mail
from evidence.seal import sealing, tree
from privacy.models import PolicyVersion
from privacy.rights.cases import erasure
from privacy.rights.map.declarations import Person
from privacy.rights.map.periods import years_before
from privacy.rights.retention import purge_runs
from tests.bench import growth_rows, purging, results
from tests.bench.growth_rows import PAST_PERIOD, ROWS
from tests.bench.report import told
from tests.factories import FORM, make_form
from trial.models import MarketingConsent, SignUp

ROUNDS_OF_A_PAGE = 5
# Fewer than all networks together may make in a minute.
CHOICES = 250
MOST_SECONDS_OF_A_PAGE = 1.0
MOST_RATIO_OF_A_CHOICE = 1.2
MOST_SECONDS_OF_A_WRITER = 0.2
ROWS_OF_A_DAY = 100_000
MOST_SECONDS_OF_A_SEAL = 10.0

LISTS = {
    "consent/consentrecord": ("", "?p=oldest", "?is_refusal__exact=1", "?has_gpc_signal__exact=1",
        "?language=en&has_gpc_signal__exact=1&method__exact=cookie-page&is_refusal__exact=0",
        "?language=de", "?q=nothing", "?made_at__year={year}", "?made_at__year={year}&made_at__month=1",
        "?made_at__year={year}&made_at__month=1&made_at__day=9&language=de"),
    "delivery/mail": ("", "?p=oldest", "?state__exact=failed", "?q=nothing"),
    "trial/signup": ("", "?p=oldest", "?state=waiting", "?q=firma", "?q=nobody"),
    "trial/marketingconsent": ("", "?stands=yes", "?stands=lapsed", "?q=kowalska", "?q=nobody"),
    "trial/handover": ("", "?state__exact=failed", "?q=firma"),
    "trial/erasurenotice": ("",),
    "trial/objection": ("", "?p=oldest"),
    "trial/funnelcount": ("",),
    "privacy/reading": ("", "?what__exact=exported", "?who=1003"),
    "privacy/purgerun": ("",),
    "privacy/datarequest": ("",),
    "privacy/erasurecase": ("",),
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_site_with_millions_of_records_against_an_empty_one(settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is for sites with few rows.")
    settings.TRUSTED_PROXIES = 1
    figures: dict[str, Any] = {"records": ROWS, "rows": [], "seconds": {}}
    with empty_twin() as twin:
        try:
            figures["megabytes"] = fill()
            # All figures are printed, also where one is above its bound.
            above = [
                *pages_of_the_admin(figures["seconds"]),
                *saving_a_choice(figures["rows"], twin),
                *sealing_a_day(figures),
                *retention(figures["rows"]),
            ]
        finally:
            growth_rows.delete()
    results.save("growth", figures)
    assert above == []


def fill() -> dict[str, float]:
    """Make the rows. Returns the megabytes of a million choices, by table and index."""
    now = timezone.now()
    past_period = years_before(now, settings.RECORD_YEARS) - CHOICE_LIFETIME
    started = time.perf_counter()
    growth_rows.make(now=now, past_period=past_period)
    print(f"\n{ROWS} records made in {time.perf_counter() - started:.0f} s")
    return megabytes_of("consent_consentrecord", rows=ROWS)


def megabytes_of(table: str, *, rows: int) -> dict[str, float]:
    sizes = growth_rows.bytes_of(table)
    sizes["together"] = sum(sizes.values())
    megabytes = {name: round(size / 2**20 / (rows / 1e6), 1) for name, size in sizes.items()}
    for name, size in megabytes.items():
        print(f"{size:8.1f} MB for a million choices: {name}")
    return megabytes


def pages_of_the_admin(figures: dict[str, float]) -> Iterator[str]:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("colleague"))
    for address in addresses(client):
        yield from timed(figures, address, partial(open_page, client, address))
    # What the pages of a publisher and of a person's case ask.
    yield from timed(figures, "how many visitors a new version of the policy asks again", publisher)
    record, sign_up = ConsentRecord.objects.first(), SignUp.objects.first()
    assert record is not None
    assert sign_up is not None
    for person in (Person(sign_up.email), Person("", frozenset({record.pk}))):
        name = f"what is held of a person with {'an address' if person.email else 'a record'}"
        at = timezone.now()
        yield from timed(figures, name, partial(erasure.preview, person, at=at))


def addresses(client: Client) -> Iterator[str]:
    """The first page of the admin, each list as staff use it, and the pages of a row."""
    year = timezone.now().year - 1
    yield "/admin/"
    for name, queries in LISTS.items():
        for query in queries:
            yield f"/admin/{name}/{query.format(year=year)}"
    middle = client.get(f"/admin/consent/consentrecord/?made_at__year={year}").context["cl"]
    yield f"/admin/consent/consentrecord/{middle.links['older']}"
    record = middle.result_list[0]
    yield f"/admin/consent/consentrecord/?q={record.pk}"
    for row in (
        record,
        SignUp.objects.first(),
        Mail.objects.first(),
        MarketingConsent.objects.first(),
    ):
        assert row is not None
        address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}"
        yield from (f"{address}/change/", f"{address}/history/")
    yield "/readyz"


def timed(figures: dict[str, float], name: str, work: Callable[[], object]) -> Iterator[str]:
    """The median of some rounds, and a sentence where it is above the bound of a page."""
    seconds = []
    for _ in range(ROUNDS_OF_A_PAGE):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    figures[name] = round(median(seconds), 3)
    print(f"{figures[name]:8.2f} s: {name}", flush=True)
    if figures[name] > MOST_SECONDS_OF_A_PAGE:
        yield f"{name} takes {figures[name]:.2f} s"


def open_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200 or address == "/readyz", (address, response.status_code)


def publisher() -> None:
    version = PolicyVersion.objects.latest("pk")
    version.asks_again = True
    assert visitors_asked_again(version, timezone.now())


def saving_a_choice(figures: list[Any], twin: Any) -> Iterator[str]:
    """Grants, in turn on the full and on the empty database."""
    full = connections["default"]
    times: dict[Any, list[float]] = {full: [], twin: []}
    try:
        for number in range(CHOICES):
            for database in (full, twin)[:: 1 if number % 2 else -1]:
                connections["default"] = database
                times[database].append(seconds_of_choice(number))
    finally:
        connections["default"] = full
    with_all, with_none = median(times[full]), median(times[twin])
    figures.append(told(f"saving a choice with {ROWS} records / with none", with_all, with_none))
    if with_all > MOST_RATIO_OF_A_CHOICE * with_none:
        yield f"saving a choice takes {with_all / with_none:.2f} times as long"


def seconds_of_choice(number: int) -> float:
    network = f"10.1.{number // 250}.{number % 250}"
    form = make_form("accept")
    client = Client()
    started = time.perf_counter()
    response = client.post(
        "/cookies/", form, content_type=FORM, headers={"X-Forwarded-For": network}
    )
    seconds = time.perf_counter() - started
    assert response.status_code == 303
    return seconds


def sealing_a_day(figures: dict[str, Any]) -> Iterator[str]:
    """The newest rows, on top of all others, beside a writer."""
    number = min(ROWS_OF_A_DAY, ROWS // 10)
    size = growth_rows.seal_all_but(number)
    figures["megabytes_of_leaves"] = megabytes_of("evidence_leaf", rows=size)
    with purging.writer() as beside:
        started = time.perf_counter()
        assert sealing.seal_due(timezone.now() + timedelta(days=1))
        seconds = time.perf_counter() - started
    assert tree.size() >= size + number
    with purging.writer() as alone:
        time.sleep(seconds)
    print(f"\n{number} records sealed on top of {size} in {seconds:.1f} s")
    figures["seal"] = {"rows": number, "on_top_of": size, "seconds": round(seconds, 2)}
    name = "writer beside the seal / alone, the longest"
    figures["rows"].append(told(name, max(beside), max(alone)))
    if seconds > MOST_SECONDS_OF_A_SEAL:
        yield f"sealing a day takes {seconds:.1f} s"
    if max(beside) > MOST_SECONDS_OF_A_WRITER:
        yield f"a writer beside the seal waits {max(beside):.2f} s"


def retention(figures: list[Any]) -> Iterator[str]:
    started = time.perf_counter()
    batches = []
    with purging.writer() as beside:
        purge_runs.start(at=timezone.now())
        begun = time.perf_counter()
        while purge_runs.go_on(timezone.now(), waits=True):
            batches.append(time.perf_counter() - begun)
            begun = time.perf_counter()
    seconds = time.perf_counter() - started
    assert ROWS - PAST_PERIOD <= ConsentRecord.objects.count() <= ROWS - PAST_PERIOD + 10_000
    with purging.writer() as alone:
        time.sleep(seconds)
    print(f"\n{PAST_PERIOD} of {ROWS} records purged in {seconds:.0f} s")
    print(f"a batch holds its rows for {median(batches):.3f} s, the longest {max(batches):.3f} s")
    for name, of in (("longest", max), ("median", median)):
        figures.append(told(f"writer beside retention / alone, the {name}", of(beside), of(alone)))
    if max(beside) > MOST_SECONDS_OF_A_WRITER:
        yield f"a writer beside retention waits {max(beside):.2f} s"


@contextmanager
def empty_twin() -> Iterator[Any]:
    """A connection to a copy of the seeded database."""
    name = connection.settings_dict["NAME"]
    twin = connections.create_connection("default")
    twin.settings_dict = {**connection.settings_dict, "NAME": f"{name}_twin"}
    on_server(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), f"{name}_twin", name)
    try:
        yield twin
    finally:
        twin.close()
        on_server(sql.SQL("DROP DATABASE {}"), f"{name}_twin")


def on_server(statement: sql.SQL, *names: str) -> None:
    """Run a statement about whole databases, which nobody may use meanwhile."""
    connection.close()
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    wanted = {
        key: parameters[key]
        for key in ("dbname", "user", "password", "host", "port")
        if parameters.get(key)
    }
    with psycopg.connect(**wanted, autocommit=True) as server:
        server.execute(statement.format(*map(sql.Identifier, names)))
