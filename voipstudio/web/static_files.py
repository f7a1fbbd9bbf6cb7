"""Static files: one stylesheet joined from its components, hashed names, compressed files."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.core.files.base import File
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE_STYLESHEET = "css/site.css"
# These come first, then the components by name. The order decides only within a layer;
# static/css/layers.css orders the layers.
STYLESHEETS = ("layers", "reset", "tokens", "base", "layout")


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins the stylesheets, and hashes the names in `import` lines of JavaScript modules too."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run:
            joined = b"\n".join(self._read(paths[name]) for name in _in_order(paths))
            self.delete(SITE_STYLESHEET)
            self._save(SITE_STYLESHEET, File(BytesIO(joined)))
            paths[SITE_STYLESHEET] = (self, SITE_STYLESHEET)
        yield from super().post_process(paths, dry_run, **options)

    def _read(self, place: tuple[Any, str]) -> bytes:
        storage, path = place
        with storage.open(path) as file:
            content: bytes = file.read()
        return content


def _in_order(paths: dict[str, Any]) -> list[str]:
    first = [f"css/{name}.css" for name in STYLESHEETS]
    ours = [
        name
        for name in paths
        if name.startswith("css/") and name.endswith(".css") and name.count("/") == 1
    ]
    return first + sorted(set(ours) - {*first, SITE_STYLESHEET})
