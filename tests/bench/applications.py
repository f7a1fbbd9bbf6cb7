"""The applications that are called in one process, without a server: their targets, as jobs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.references.consent_databases import MODULE, ConsentDatabases
from tests.bench.references.consent_site import consent_site
from tests.bench.servers import Server, plain_environment
from tests.bench.site import site
from tests.bench.targets import Target


@dataclass(frozen=True)
class Application:
    """A module with a WSGI application, its environment, and the targets that it answers."""

    module: str
    env: Mapping[str, str]
    targets: tuple[Target, ...]

    def jobs(self, count: int, *, only: str = "") -> list[dict[str, Any]]:
        """The targets as tests/bench/calls.py takes them, each called so often."""
        return [
            {
                "name": target.name,
                "method": target.method,
                "path": target.path,
                "headers": target.all_headers,
                "form": target.form,
                "status": target.status,
                "has_many_clients": target.has_many_clients,
                "count": count,
            }
            for target in self.targets
            if only in ("", target.name)
        ]


@contextmanager
def applications(folder: Path) -> Iterator[list[Application]]:
    """Ours and the references, on SQLite. Their servers run beside, for cookies and tokens."""
    with site(folder, workers=1) as ours:
        page = folder / "page.html"
        page.write_text(ours.page().ask().body.decode())
        pages = [
            ours.page(),
            ours.page("refused", ours.cookie("reject")),
            ours.page("granted", ours.cookie("accept")),
        ]
        # What the servers say of themselves is no part of a page that is only called.
        nowhere = Server("none", 0, ())
        databases = ConsentDatabases(folder, page, None)
        with consent_site(folder, databases, is_tuned=True, workers=1) as reference:
            env = plain_environment(BENCH_PAGE=str(page))
            yield [
                Application("tests.bench.references.hello", env, (Target("hello", nowhere, "/"),)),
                Application(
                    "tests.bench.references.per_site_cache",
                    env,
                    (Target("per-site cache", nowhere, "/"),),
                ),
                Application(
                    MODULE,
                    reference.env,
                    (reference.page(reference.cookie()), reference.choice()),
                ),
                Application(
                    "tests.bench.site_wsgi",
                    {**ours.env, "DJANGO_SETTINGS_MODULE": "voipstudio.settings"},
                    (*pages, ours.choice("accept")),
                ),
            ]
