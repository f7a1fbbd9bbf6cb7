"""All servers of the bench at once, what is asked of them, and what is compared with what."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

from tests.bench.references.consent_databases import ConsentDatabases
from tests.bench.references.consent_site import ConsentSite, consent_site
from tests.bench.references.static_file import static_file
from tests.bench.servers import WORKERS, Server, gunicorn, plain_environment
from tests.bench.site import BROTLI, Site, site
from tests.bench.targets import Comparison, Target
from tests.proxy import HOST, nginx_path, proxy
from tests.with_postgresql import DURABLE, postgresql_server

# The goals: how many times the reference's rate. docs/benchmarks.md prints them.
AGAINST_HELLO = 0.9
AGAINST_THE_CACHE = 2.0
AGAINST_ITS_PAGE = 10.0
AGAINST_ITS_CHOICE = 1.3
AGAINST_A_FILE = 0.9

# Both have a commit reach the disk, as in production.
_CONFIGURATION = DURABLE.replace("fsync = off", "fsync = on")
_BANNER = re.compile(r'<section class="ask".*?</section>', re.DOTALL)


@dataclass
class Everything:
    """The targets by name, and the comparisons. All their servers run."""

    targets: dict[str, Target] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    servers: list[Server] = field(default_factory=list)

    def add(self, target: Target) -> str:
        self.targets[target.name] = target
        return target.name

    def compare(self, target: str, reference: str, goal: float) -> None:
        self.comparisons.append(Comparison(target, reference, goal))

    def only(self, word: str) -> "Everything":
        """The comparisons that have the word in one of their names, and what they need."""
        comparisons = [each for each in self.comparisons if word in each.target + each.reference]
        names = {name for each in comparisons for name in (each.target, each.reference)}
        targets = {name: target for name, target in self.targets.items() if name in names}
        return replace(self, targets=targets, comparisons=comparisons)


@contextmanager
def everything(folder: Path, *, workers: int = WORKERS) -> Iterator[Everything]:
    """Start all servers. They end with the block."""
    all_of_it = Everything()
    with ExitStack() as stack:
        postgresql = stack.enter_context(postgresql_server(_CONFIGURATION))
        databases = {"SQLite": None, "PostgreSQL": postgresql}
        sites = {
            name: stack.enter_context(
                site(folder, database_url=server.url if server else "", workers=workers)
            )
            for name, server in databases.items()
        }
        text = sites["SQLite"].page().ask().body.decode()
        page = folder / "page.html"
        page.write_text(text)
        _add_plain_references(stack, all_of_it, folder, page, workers)
        if nginx_path():  # elsewhere its two targets are left out
            _add_proxy(stack, all_of_it, folder, sites["SQLite"], text)
        page_without_banner = folder / "page_without_banner.html"
        page_without_banner.write_text(_BANNER.sub("", text))
        for name, server in databases.items():
            _add_pages(all_of_it, sites[name])
            copies = ConsentDatabases(folder, page_without_banner, server)
            tuned, default = (
                stack.enter_context(
                    consent_site(folder, copies, is_tuned=is_tuned, workers=workers)
                )
                for is_tuned in (True, False)
            )
            _add_its_page(all_of_it, sites[name], default)
            _add_choices(all_of_it, sites[name], (default, tuned))
        yield all_of_it


def _add_its_page(all_of_it: Everything, site: Site, reference: ConsentSite) -> None:
    """The page of a visitor who chose."""
    all_of_it.servers += [site.server, reference.server]
    its_page = all_of_it.add(reference.page(reference.cookie()))
    for visitor in ("refused", "granted"):
        all_of_it.compare(f"policy page, {visitor}, {site.database}", its_page, AGAINST_ITS_PAGE)


def _add_choices(
    all_of_it: Everything, site: Site, references: tuple[ConsentSite, ConsentSite]
) -> None:
    """Both choices of ours, with each of the references."""
    choices = [all_of_it.add(site.choice(action)) for action in ("accept", "reject")]
    for reference in references:
        its_choice = all_of_it.add(reference.choice())
        for choice in choices:
            all_of_it.compare(choice, its_choice, AGAINST_ITS_CHOICE)


def _add_plain_references(
    stack: ExitStack, all_of_it: Everything, folder: Path, page: Path, workers: int
) -> None:
    for name, module, word in (
        ("hello", "hello", "hello"),
        ("per-site cache", "per_site_cache", "Polityka prywatności"),
    ):
        server = stack.enter_context(
            gunicorn(
                module,
                f"tests.bench.references.{module}",
                folder,
                env=plain_environment(BENCH_PAGE=str(page)),
                workers=workers,
            )
        )
        all_of_it.servers.append(server)
        all_of_it.add(Target(name, server, "/", has=(word,)))


def _add_pages(all_of_it: Everything, site: Site) -> None:
    """The policy for visitors in three states, each with and without brotli."""
    visitors = {
        "no cookie": "",
        "refused": site.cookie("reject"),
        "granted": site.cookie("accept"),
    }
    for (visitor, cookie), brotli in product(visitors.items(), (False, True)):
        page = all_of_it.add(site.page(visitor, cookie, brotli=brotli))
        all_of_it.compare(page, "hello", AGAINST_HELLO)
        if not cookie and not brotli:
            all_of_it.compare(page, "per-site cache", AGAINST_THE_CACHE)


def _add_proxy(
    stack: ExitStack, all_of_it: Everything, folder: Path, site: Site, text: str
) -> None:
    """The policy behind our nginx, and a file behind another one."""
    (folder / "proxy").mkdir()
    front = stack.enter_context(
        proxy(folder / "proxy", replicas=[site.server.port], is_measured=True)
    )
    processes = (front.process.pid, *site.server.process_ids)
    ours = Server("nginx", front.https, processes, front.tls())
    file = stack.enter_context(static_file(folder / "file", text))
    for headers, mark in (({}, ""), (BROTLI, ", br")):
        target = replace(
            site.page(brotli=bool(mark)),
            name=f"policy page behind nginx{mark}",
            server=ours,
            headers={"Host": HOST, **headers},
        )
        reference = Target(
            f"a file by nginx{mark}",
            file,
            "/page.html",
            headers,
            has=("Polityka prywatności", *(["Content-Encoding: br"] if mark else [])),
        )
        all_of_it.compare(all_of_it.add(target), all_of_it.add(reference), AGAINST_A_FILE)
