"""The site as it is delivered: seeded, with its own database, served by gunicorn."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running_site import ROOT, Site, environment, manage, serving

# Commands write their pictures and reports here.
OUTPUT_FOLDER = ROOT / "var"


@contextmanager
def seeded_site() -> Iterator[Site]:
    """A running site. It and its database are deleted after the block."""
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        env = environment(Path(folder), SITE_ORIGIN="")
        manage("migrate", "--noinput", "--verbosity", "0", env=env)
        manage("seed", env=env)
        with serving(env) as site:
            yield site
