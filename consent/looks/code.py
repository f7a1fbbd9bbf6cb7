"""Which code makes the question: its templates, stylesheet, scripts and security policy, as hashes.

Two releases with the same hashes ask in the same way, so that their pictures are the same.
"""

import hashlib
from pathlib import Path
from typing import Any

from csp.utils import build_policy
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Template
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode

# The cookie page: it extends the template of every page, which includes the banner.
PAGE = "consent/cookies.html"
BASE = "base.html"
STYLES = ("css/site.css",)
SCRIPTS = ("js/ask.js", "js/decide.js")


class NotCollected(Exception):
    """The static files are not collected, so that no page can be shown."""


def content() -> dict[str, Any]:
    """The manifest of this release. Raises NotCollected."""
    return {
        "templates": {name: _of_file(template.origin.name) for name, template in _templates()},
        "styles": {name: _of_static_file(name) for name in STYLES},
        "scripts": {name: _of_static_file(name) for name in SCRIPTS},
        # Of a visitor without a choice, for whom no group opens a host (I3).
        "policy": directives(build_policy()),
    }


def directives(policy: str) -> dict[str, list[str]]:
    """The directives of a policy and their sources. The header has them in any order."""
    pairs = [part.split() for part in policy.split(";") if part.strip()]
    return {name: sorted(sources) for name, *sources in pairs}


def _templates() -> list[tuple[str, Template]]:
    """The templates of the question, by name: those of consent, and the one around every page."""
    found: dict[str, Template] = {}
    names = [PAGE]
    while names:
        name = names.pop()
        if name not in found and (name == BASE or name.startswith("consent/")):
            found[name] = get_template(name).template  # type: ignore[attr-defined] # of Django alone
            names += _named_in(found[name])
    return sorted(found.items())


def _named_in(template: Template) -> list[str]:
    """The names of the templates that a template extends or includes."""
    nodes: Any = template.nodelist
    expressions = [
        *(node.parent_name for node in nodes.get_nodes_by_type(ExtendsNode)),
        *(node.template for node in nodes.get_nodes_by_type(IncludeNode)),
    ]
    return [each.var for each in expressions if isinstance(each.var, str)]


def _of_file(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _of_static_file(name: str) -> str:
    """The hash of a file as visitors get it, minified and with the hashed names in it."""
    storage: Any = staticfiles_storage
    try:
        with storage.open(storage.stored_name(name)) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except (OSError, ValueError) as error:
        raise NotCollected(
            f"{name} is not among the collected static files. Run `manage.py collectstatic`, then "
            "`manage.py migrate`."
        ) from error
