"""The site as it is delivered: seeded, with its own database, served by gunicorn."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running_site import ROOT, Site, environment, make_database, serving

# Commands write their pictures and reports here.
OUTPUT_FOLDER = ROOT / "var"


@contextmanager
def seeded_site() -> Iterator[Site]:
    """A running site. It and its database are deleted after the block."""
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        env = environment(Path(folder), SITE_ORIGIN="")
        make_database(env)
        with serving(env) as site:
            yield site
