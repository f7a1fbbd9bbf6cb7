"""`make bench BENCH=page`: writes the figures of the last run into docs/benchmarks.md."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.bench import banner, in_process, results, rounds, start
from tests.running_site import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- Figures: written by `make bench BENCH=page`, not by hand. -->"
END = "<!-- End of the figures. -->"
NOT_MEASURED = "Not measured yet."


def http(result: Mapping[str, Any]) -> str:
    words = (
        f"{result['client']}, {result['rounds']} rounds of {result['seconds']:g} s, a page of "
        f"{result['page_bytes'] / 1000:.0f} KB. Both ratios are better the higher they are."
    )
    return f"{words}\n\n{rounds.as_table(result)}\n\n{rounds.memory_table(result)}"


def called(result: Mapping[str, Any]) -> str:
    return f"Medians of {result['rounds']} rounds; {result['counter']}.\n\n{in_process.as_table(result)}"


def measures(result: Mapping[str, Any]) -> str:
    rows = [
        [row["measure"], f"{row['ms']:,.2f}", f"{row['reference_ms']:,.2f}", f"{row['ratio']:.2f}"]
        for row in result["rows"]
    ]
    return results.table(["measure / reference", "ms", "reference, ms", "ratio"], rows)


def growth(result: Mapping[str, Any]) -> str:
    slowest = max(result["seconds"].values())
    seal = result["seal"]
    words = (
        f"{result['records']:,} consent records on PostgreSQL; {result['megabytes']['together']:g} MB for "
        f"a million. {len(result['seconds'])} pages and looks of staff, of which the slowest takes {slowest:.2f} s. "
        f"A day of {seal['rows']:,} records was sealed on top of {seal['on_top_of']:,} in {seal['seconds']:g} s; "
        f"a million leaves take {result['megabytes_of_leaves']['together']:g} MB."
    )
    return f"{words}\n\n{measures(result)}"


SECTIONS: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "http": ("Over HTTP", http),
    "in_process": ("In one process", called),
    "start": ("Start and memory", start.as_table),
    "banner": ("The banner", banner.as_table),
    "measures": ("Measures on both databases", measures),
    "growth": ("Ten million records", growth),
}


def figures(folder: Path) -> str:
    """All sections, from the results in this folder."""
    sections = []
    for part, (heading, write) in SECTIONS.items():
        result = results.read(part, folder=folder)
        text = f"{when(result['machine'])}\n\n{write(result)}" if result else NOT_MEASURED
        sections.append(f"### {heading}\n\n{text}")
    return "\n\n".join(sections)


def when(machine: Mapping[str, Any]) -> str:
    """When and on what a part was measured."""
    packages = ", ".join(
        f"{name} {machine[name]}" for name in ("Django", "gunicorn", "django-cookie-consent")
    )
    return (
        f"Measured {machine['measured_at']} at commit {machine['commit'] or 'unknown'}, on "
        f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gb']} GB, "
        f"{machine['system']}, load {machine['load']} at the end; Python {machine['python']}, "
        f"{packages}."
    )


def with_figures(page: str, text: str) -> str:
    """The page with these figures instead of its own."""
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    page, count = between.subn(lambda _match: f"{BEGIN}\n\n{text}\n\n{END}", page)
    assert count == 1, f"{PAGE.name} has no place for figures, between {BEGIN} and {END}."
    return page


def main() -> None:
    PAGE.write_text(with_figures(PAGE.read_text(), figures(results.FOLDER)))
    print(f"Written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
