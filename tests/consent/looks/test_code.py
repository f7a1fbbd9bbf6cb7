"""The manifest names all the code that asks, as visitors get it."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test.signals import template_rendered

from consent.looks import code
from tests.factories import make_client
from tests.pages import ADDRESSES

pytestmark = pytest.mark.django_db

_STATIC = re.compile(r"/static/((?:css|js)/[\w./-]+)\.[0-9a-f]{12}\.(css|js)")


def rendered(address: str) -> set[str]:
    """The names of the templates of a page."""
    names: list[str] = []

    def remember(sender: object, template: object, **kwargs: object) -> None:
        names.append(str(getattr(template, "name", "")))

    template_rendered.connect(remember)
    try:
        assert make_client().get(address).status_code == 200
    finally:
        template_rendered.disconnect(remember)
    return {*names}


@pytest.mark.parametrize("address", [ADDRESSES["home"][0], ADDRESSES["cookies"][1]])
def test_every_template_of_the_question_is_in_the_manifest(address: str) -> None:
    """Red when: the manifest does not follow an `include` or an `extends`."""
    templates = code.content()["templates"]
    of_consent = {name for name in rendered(address) if name.startswith("consent/")}

    assert {"consent/_ask.html", "base.html"} <= {*templates}
    assert len(of_consent) >= 2
    assert of_consent <= {*templates}


def test_the_hash_of_a_template_is_that_of_its_file() -> None:
    path = Path(settings.BASE_DIR) / "templates/consent/_ask.html"

    assert code.content()["templates"]["consent/_ask.html"] == sha256(path.read_bytes()).hexdigest()


def test_every_stylesheet_and_script_of_the_question_is_in_the_manifest() -> None:
    """Red when: a page with the question loads a file that the manifest does not name."""
    names = {*code.content()["styles"], *code.content()["scripts"]}
    files = {
        f"{name}.{suffix}"
        for address in (ADDRESSES["home"][0], ADDRESSES["cookies"][0])
        for name, suffix in _STATIC.findall(make_client().get(address).content.decode())
    }
    for name in [each for each in files if each.endswith(".js")]:
        imported = re.findall(r'"\./([\w]+)\.[0-9a-f]{12}\.js"', static_file(name).decode())
        files |= {f"js/{each}.js" for each in imported}

    assert len(files) >= 3
    assert files == names


def test_the_hash_of_a_stylesheet_is_that_of_the_file_that_visitors_get() -> None:
    """Red when: a source file is hashed, although the collected one is another."""
    found = sha256(static_file("css/site.css")).hexdigest()

    assert code.content()["styles"] == {"css/site.css": found}


def test_the_policy_is_that_of_a_visitor_without_a_choice(settings) -> None:
    """Red when: the hosts of a granted group are in it, or a directive is missing."""
    settings.GOOGLE_TAG_ID = "G-TEST"
    address = ADDRESSES["home"][0]
    sent = make_client().get(address)["Content-Security-Policy"]
    granted = make_client("analytics").get(address)["Content-Security-Policy"]

    assert code.content()["policy"] == code.directives(sent)
    assert code.content()["policy"] != code.directives(granted)


def test_the_order_of_a_policy_makes_no_difference() -> None:
    """Red when: the header is hashed as it is: django-csp writes it in another order each time."""
    assert code.directives("a x y; b z") == code.directives("b z; a y x;")


def test_a_release_without_collected_files_is_told_what_to_run(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES}

    with pytest.raises(code.NotCollected, match="is not among the collected static files"):
        code.content()


def static_file(name: str) -> bytes:
    """A collected file."""
    with staticfiles_storage.open(staticfiles_storage.stored_name(name)) as file:
        content: bytes = file.read()
    return content
