"""The reference with django-cookie-consent, running: its page for a visitor who chose, and its choice."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.references.consent_databases import MODULE, ConsentDatabases
from tests.bench.servers import WORKERS, Server, gunicorn, plain_environment
from tests.bench.targets import Target
from tests.chaos.crew import column

GROUPS = ("preferences", "analytics", "marketing")


@dataclass(frozen=True)
class ConsentSite:
    """A running reference with its own database. `database` is its name in the table."""

    server: Server
    env: Mapping[str, str]
    database: str
    # Added to the names of its targets.
    variant: str = ""

    def page(self, cookie: str) -> Target:
        return Target(
            f"django-cookie-consent, page, {self.database}{self.variant}",
            self.server,
            "/",
            {"Cookie": cookie},
            has=("Polityka prywatności", "cookie-consent__cookie-groups", "Analytics are on."),
        )

    def choice(self) -> Target:
        """The form that accepts all groups, with its CSRF token."""
        status = Target("status", self.server, "/cookies/status/").ask()
        token = json.loads(status.body)["csrftoken"]
        fields = [("csrfmiddlewaretoken", token), *(("cookie_groups", name) for name in GROUPS)]
        return Target(
            f"django-cookie-consent, accept, {self.database}{self.variant}",
            self.server,
            "/cookies/accept/",
            {"Cookie": f"csrftoken={status.cookies['csrftoken']}"},
            form=urlencode(fields),
            has_many_clients=True,
            status=302,
            has=("Location: /cookies/", "cookie_consent="),
            stored=self.log_count,
        )

    def cookie(self) -> str:
        """The cookie of a visitor who accepted all."""
        return f"cookie_consent={self.choice().ask().cookies['cookie_consent']}"

    def log_count(self) -> int:
        """How many choices its log has; it has a row for each group."""
        [number] = column(self.env, "count(*)", "cookie_consent_logitem")
        return int(number) // len(GROUPS)


@contextmanager
def consent_site(
    folder: Path,
    databases: ConsentDatabases,
    *,
    is_tuned: bool = False,
    workers: int = WORKERS,
) -> Iterator[ConsentSite]:
    """The reference behind gunicorn. Tuned, its database has the options of our settings."""
    database = "PostgreSQL" if databases.postgresql else "SQLite"
    name = f"consent-{database}{'-tuned' if is_tuned else ''}"
    env = plain_environment(
        **databases.copy_for(folder / name), BENCH_TUNED="1" if is_tuned else ""
    )
    with gunicorn(name, MODULE, folder, env=env, workers=workers) as server:
        yield ConsentSite(server, env, database, ", our options" if is_tuned else "")
