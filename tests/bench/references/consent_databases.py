"""Databases of the reference with django-cookie-consent: made once of each kind, then copied."""

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.bench.servers import plain_environment
from tests.running_site import ROOT
from tests.with_postgresql import Server

MODULE = "tests.bench.references.consent_page"
_TEMPLATE = "consent_template"


@dataclass
class ConsentDatabases:
    """Copies of one SQLite file, or of one database of a PostgreSQL."""

    folder: Path
    page: Path
    postgresql: Server | None
    is_made: bool = field(default=False, init=False)

    def copy_for(self, folder: Path) -> dict[str, str]:
        """The environment of a site with a copy of its own; its files are in the folder."""
        if not self.is_made:
            self._make()
        folder.mkdir()
        env = {"DATA_DIR": str(folder), "BENCH_PAGE": str(self.page), "DATABASE_URL": ""}
        if self.postgresql is None:
            shutil.copy(self._template_folder / "db.sqlite3", folder / "db.sqlite3")
            return env
        name = folder.name.replace("-", "_").lower()
        self._create(f"{name} TEMPLATE {_TEMPLATE}")
        return env | {"DATABASE_URL": self._url(name)}

    @property
    def _template_folder(self) -> Path:
        return self.folder / f"{_TEMPLATE}-{'postgresql' if self.postgresql else 'sqlite'}"

    def _make(self) -> None:
        self._template_folder.mkdir()
        if self.postgresql:
            self._create(_TEMPLATE)
        env = plain_environment(
            DATA_DIR=str(self._template_folder),
            BENCH_PAGE=str(self.page),
            DATABASE_URL=self._url(_TEMPLATE) if self.postgresql else "",
        )
        subprocess.run([sys.executable, "-m", MODULE], cwd=ROOT, env=env, check=True)
        self.is_made = True

    def _create(self, statement: str) -> None:
        assert self.postgresql
        with psycopg.connect(
            host=str(self.postgresql.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {statement}")

    def _url(self, name: str) -> str:
        assert self.postgresql
        return self.postgresql.url.removesuffix("postgres") + name
