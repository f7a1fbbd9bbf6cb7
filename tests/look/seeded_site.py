"""The site as it is delivered: seeded, over a database of its own, served by gunicorn."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running_site import ROOT, Site, environment, manage, serving

# Where commands leave what people are to look at.
KEPT = ROOT / "var"


@contextmanager
def seeded_site() -> Iterator[Site]:
    """A running site, gone with its database at the end. Its own address is where it answers."""
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        env = environment(Path(folder), SITE_ORIGIN="")
        manage("migrate", "--noinput", "--verbosity", "0", env=env)
        manage("seed", env=env)
        with serving(env) as site:
            yield site
