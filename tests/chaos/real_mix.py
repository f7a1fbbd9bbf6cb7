"""A hundred requests in a second, mixed as on a busy site: none fails, and nothing grows (I17, I21).

By `make chaos`, ten minutes on each database; MIX_SECONDS=60 shortens it. The short form in the suite
is tests/test_real_mix.py.
"""

import http.client
import os
import re
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import psutil
import pytest

from tests.chaos.crew import FORM_PAGE, TYPED, address_of, column, stamp, working
from tests.chaos.visitors import Answer, p50_and_p99, visitors
from tests.mail_server import MailServer, mail_server
from tests.pages import PAGES
from tests.running_site import Site, environment, make_database, notice_of, serving, wait_until
from tests.with_postgresql import DURABLE, postgresql_server

SECONDS = float(os.environ.get("MIX_SECONDS") or 600)
REQUESTS_PER_SECOND = 100
# 80 % pages, 10 % choices, 5 % sign-ups, 5 % static files.
OF_TWENTY = (*["page"] * 8, "choice", "sign-up", *["page"] * 8, "choice", "static file")
# Of ten choices in a second so many are consents, and the others refusals, that neither comes near
# the 600 in a minute above which the site stores no more.
CHOICES = ("accept", "reject", "withdraw")
RIGHT_STATUS = {
    "page": 200, "static file": 200, "sign-up": 200, "accept": 303, "reject": 303, "withdraw": 200,
}  # fmt: skip
# They withdraw first, so that a slow consent makes nobody wait who withdraws.
CONSENTS_BEFORE = 60
REFUSALS_BEFORE = 1
# The numbers of the warm-up, which no longer run has.
WARM_UP_FIRST = 90_000
MOST_GROWTH = 1.10


def kind_of(number: int) -> str:
    """What the request with this number is."""
    round_, place = divmod(number, len(OF_TWENTY))
    if OF_TWENTY[place] != "choice":
        return OF_TWENTY[place]
    earlier = OF_TWENTY[:place].count("choice")
    return CHOICES[(round_ * OF_TWENTY.count("choice") + earlier) % len(CHOICES)]


@dataclass
class Crowd:
    """Visitors who each come from a network of their own, as the proxy in front says."""

    site: Site
    notice: str = ""
    stylesheet: str = ""
    opened: str = field(default_factory=stamp)
    # The choice cookies of those who have consented, and not withdrawn yet.
    consents: deque[str] = field(default_factory=deque)
    # A visitor has not chosen, has refused, or has consented: the pages differ.
    cookies: tuple[str, ...] = ("",)

    def arrive(self) -> None:
        """Load the home page, and choose: what the later requests need."""
        _status, _headers, page = self.site.get("/en/")
        self.notice = notice_of(page)
        [self.stylesheet] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        for number in range(CONSENTS_BEFORE):
            assert self._choose("accept", f"203.0.113.{number}") == 303
        refused = self._send("POST", "/en/cookies/", "192.0.2.1", form=self._choice("reject"))
        self.cookies = ("", _choice_cookie(refused), self.consents[0])

    def ask(self, number: int) -> int:
        """Send the request with this number. Returns the status."""
        kind, network = (
            kind_of(number),
            f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}",
        )
        if kind in CHOICES:
            return self._choose(kind, network)
        if kind == "sign-up":
            form = {"full_name": "Anna Nowak", "email": address_of(number), "company": TYPED}
            return self._send("POST", FORM_PAGE, network, form=form | {"stamp": self.opened}).status
        if kind == "static file":
            return self._send("GET", self.stylesheet, network).status
        cookie = self.cookies[number % len(self.cookies)]
        return self._send("GET", PAGES[number % len(PAGES)], network, cookie=cookie).status

    def _choose(self, kind: str, network: str) -> int:
        if kind == "withdraw":
            form, cookie = self._choice("reject"), self.consents.popleft()
            return self._send("POST", "/en/cookies/", network, form=form, cookie=cookie).status
        answer = self._send("POST", "/en/cookies/", network, form=self._choice(kind))
        if kind == "accept" and answer.status == 303:
            self.consents.append(_choice_cookie(answer))
        return answer.status

    def _choice(self, choice: str) -> dict[str, str]:
        return {"choice": choice, "notice": self.notice, "next": "/en/"}

    def _send(
        self,
        method: str,
        path: str,
        network: str,
        *,
        form: dict[str, str] | None = None,
        cookie: str = "",
    ) -> http.client.HTTPResponse:
        headers = {"X-Forwarded-For": network, "Accept-Encoding": "br"}
        if cookie:
            headers["Cookie"] = cookie
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)) as line:
            line.request(method, path, urlencode(form) if form else None, headers)
            answer = line.getresponse()
            answer.read()
            return answer


def _choice_cookie(answer: http.client.HTTPResponse) -> str:
    cookies = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie")]
    [choice] = [cookie for cookie in cookies if cookie.startswith("l7_choice=")]
    return choice


@dataclass(frozen=True)
class Use:
    """What gunicorn and its workers hold at one moment."""

    megabytes: float
    descriptors: int
    sockets: int

    @classmethod
    def of(cls, site: Site) -> "Use":
        master = psutil.Process(site.process.pid)
        processes = [master, *master.children()]
        return cls(
            # Memory that several processes share counts once in the sum of their PSS.
            megabytes=sum(each.memory_full_info().pss for each in processes) / 1_000_000,
            descriptors=sum(each.num_fds() for each in processes),
            sockets=sum(len(each.net_connections("all")) for each in processes),
        )


@dataclass
class Load:
    """The answers of one period, what the site held meanwhile, and what it held after it."""

    answers: list[Answer]
    uses: list[Use]
    left: Use

    @property
    def wrong(self) -> Counter[tuple[str, str]]:
        """The answers with another status than the right one, by kind and status."""
        kinds = [(kind_of(answer.number), answer.status) for answer in self.answers]
        return Counter(each for each in kinds if each[1] != str(RIGHT_STATUS[each[0]]))

    @property
    def growth_of_memory(self) -> float:
        """The memory at the end, as a multiple of that at the beginning."""
        part = max(1, len(self.uses) // 5)
        megabytes = [use.megabytes for use in self.uses]
        return median(megabytes[-part:]) / median(megabytes[:part])


@contextmanager
def mixed_site(
    folder: Path, *, database_url: str = ""
) -> Iterator[tuple[dict[str, str], Site, MailServer]]:
    """Gunicorn as deploy/ has it, behind a proxy, with a worker and a mail server."""
    with mail_server() as mails:
        env = environment(
            folder, DATABASE_URL=database_url, TRUSTED_PROXIES="1", EMAIL_URL=mails.url
        )
        make_database(env)
        with working(env), serving(env, workers=2) as site:
            yield env, site, mails


def load(crowd: Crowd, *, seconds: float = 0, answers: int = 0, first: int = 0) -> Load:
    """Send the mix for so many seconds, and until there are so many answers, however slow."""
    uses, until = [], time.monotonic() + seconds
    with visitors(crowd.ask, rate=REQUESTS_PER_SECOND, first=first) as received:
        while time.monotonic() < until or len(received) < answers:
            uses.append(Use.of(crowd.site))
            time.sleep(0.2)  # between two looks, not a wait for something
    wait_until(lambda: not visitors_of(crowd.site), seconds=20, why="A connection stays open.")
    return Load(received, uses, Use.of(crowd.site))


def visitors_of(site: Site) -> list[tuple[str, int]]:
    """The other ends of the connections that the site has open to its clients."""
    workers = psutil.Process(site.process.pid).children()
    lines = [line for worker in workers for line in worker.net_connections("tcp")]
    return [line.raddr for line in lines if line.laddr.port == site.port and line.raddr]


def assert_nothing_grew(warm_up: Load, run: Load) -> None:
    assert run.growth_of_memory < MOST_GROWTH
    assert run.left.descriptors <= warm_up.left.descriptors * MOST_GROWTH
    assert run.left.sockets <= warm_up.left.sockets * MOST_GROWTH


def assert_all_is_stored(env: dict[str, str], mails: MailServer, *loads: Load) -> None:
    """Whatever was acknowledged is in the database once, and each mail arrives (I4, I17)."""
    sent = [answer.number for load in loads for answer in load.answers]
    number_of = Counter(map(kind_of, sent))
    is_refusal = Counter(map(bool, column(env, "is_refusal", "consent_consentrecord")))
    assert is_refusal[False] == number_of["accept"] + CONSENTS_BEFORE
    assert is_refusal[True] == number_of["reject"] + number_of["withdraw"] + REFUSALS_BEFORE
    superseded = [each for each in column(env, "supersedes_id", "consent_consentrecord") if each]
    assert len(superseded) == len({*superseded}) == number_of["withdraw"]
    people = {address_of(number) for number in sent if kind_of(number) == "sign-up"}
    assert sorted(column(env, "email", "trial_signup")) == sorted(people)
    wait_until(lambda: people <= {*mails.copies}, seconds=120)


def say(capsys: pytest.CaptureFixture[str], name: str, warm_up: Load, run: Load) -> None:
    with capsys.disabled():
        for kind in RIGHT_STATUS:
            some = [answer for answer in run.answers if kind_of(answer.number) == kind]
            p50, p99 = p50_and_p99(some)
            longest = max(answer.seconds for answer in some)
            print(
                f"\n{name:<12}{kind:<12}{len(some):>6}  p50 {p50 * 1000:>6.1f} ms  "
                f"p99 {p99 * 1000:>7.1f} ms  longest {longest * 1000:>6.0f} ms",
                end="",
            )
        print(
            f"\n{name:<12}memory {run.uses[0].megabytes:.0f} -> {run.left.megabytes:.0f} MB "
            f"(x {run.growth_of_memory:.3f}), descriptors {warm_up.left.descriptors} -> "
            f"{run.left.descriptors}, sockets {warm_up.left.sockets} -> {run.left.sockets}"
        )


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "SQLite":
        yield ""
    else:
        with postgresql_server(DURABLE) as server:
            yield server.url


def test_a_real_mix_for_a_long_time(tmp_path: Path, database_url: str, capsys) -> None:
    with mixed_site(tmp_path, database_url=database_url) as (env, site, mails):
        crowd = Crowd(site)
        crowd.arrive()
        warm_up = load(crowd, seconds=SECONDS / 5, first=WARM_UP_FIRST)
        run = load(crowd, seconds=SECONDS)
        say(capsys, "PostgreSQL" if database_url else "SQLite", warm_up, run)
        assert warm_up.wrong + run.wrong == {}
        assert_all_is_stored(env, mails, warm_up, run)
    assert_nothing_grew(warm_up, run)
