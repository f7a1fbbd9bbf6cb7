"""The site in the bench, configured as in production, and what visitors in each state send to it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.servers import OUR_OPTIONS, WORKERS, Server, gunicorn
from tests.bench.targets import Target
from tests.chaos.crew import column
from tests.proxy import HOST
from tests.running_site import environment, make_database, notice_of

POLICY = "/polityka-prywatnosci/"
CHOICE = "/cookies/"
ORIGIN = f"https://{HOST}"
# What the proxy of TRUSTED_PROXIES says. The address is of a network in Poland.
BY_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "83.0.0.1"}
BROTLI = {"Accept-Encoding": "br"}
_TITLE = "Polityka prywatności"
_BANNER = 'class="ask"'


@dataclass(frozen=True)
class Site:
    """A running site with its own database. `database` is its name in the table."""

    server: Server
    env: Mapping[str, str]
    database: str

    def page(self, visitor: str = "no cookie", cookie: str = "", *, brotli: bool = False) -> Target:
        """The policy in Polish, as a visitor in this state asks for it."""
        headers = {"Host": HOST, **BY_PROXY}
        headers |= {"Cookie": cookie} if cookie else {}
        headers |= BROTLI if brotli else {}
        return Target(
            f"policy page, {visitor}{', br' if brotli else ''}, {self.database}",
            self.server,
            POLICY,
            headers,
            has=(_TITLE, *([] if cookie else [_BANNER]), *(["Content-Encoding: br"] * brotli)),
            lacks=("Set-Cookie:", *([_BANNER] if cookie else [])),
        )

    def choice(self, action: str) -> Target:
        """The banner's form, sent without a script."""
        form = {"choice": action, "notice": notice_of(self.page().ask().text)}
        form |= {"next": POLICY, "place": "banner"}
        headers = {"Host": HOST, **BY_PROXY, "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        del headers["X-Forwarded-For"]
        return Target(
            f"choice, {action}, {self.database}",
            self.server,
            CHOICE,
            headers,
            form=urlencode(form),
            has_many_clients=True,
            status=303,
            has=(f"Location: {POLICY}#saved", "__Host-l7_choice="),
            stored=self.record_count,
        )

    def cookie(self, action: str) -> str:
        """The cookies of a visitor in Poland who chose so: of a grant also that of the currency."""
        choice = self.choice(action)
        headers = {**choice.headers, **BY_PROXY}
        answer = replace(choice, headers=headers, has_many_clients=False).ask()
        names = {"__Host-l7_choice"} | ({"L7_geoip"} if action == "accept" else set())
        assert {*answer.cookies} == names, answer.text
        return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())

    def record_count(self) -> int:
        [number] = column(self.env, "count(*)", "consent_consentrecord")
        return int(number)


@contextmanager
def site(folder: Path, *, database_url: str = "", workers: int = WORKERS) -> Iterator[Site]:
    """The site behind gunicorn, migrated and seeded."""
    database = "PostgreSQL" if database_url else "SQLite"
    folder = folder / f"site-{database}"
    folder.mkdir()
    env = environment(folder, SITE_ORIGIN=ORIGIN, TRUSTED_PROXIES="1", DATABASE_URL=database_url)
    make_database(env)
    with gunicorn(
        f"site-{database}",
        "tests.bench.site_wsgi",
        folder,
        env=env,
        options=OUR_OPTIONS,
        workers=workers,
    ) as server:
        yield Site(server, env, database)
