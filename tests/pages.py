"""Every public page, and the HTML of a page as a list of elements that tests can ask."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# The addresses that people and other sites know, by name: Polish, English.
ADDRESSES = {
    "home": ("/", "/en/"),
    "pricing": ("/cennik/", "/en/pricing/"),
    "free_trial": ("/darmowy-okres-probny/", "/en/free-trial/"),
    "privacy_policy": ("/polityka-prywatnosci/", "/en/privacy-policy/"),
    "privacy_policy_versions": ("/polityka-prywatnosci/wersje/", "/en/privacy-policy/versions/"),
    "cookies": ("/cookies/", "/en/cookies/"),
    "contact": ("/kontakt/", "/en/contact/"),
    "accessibility": ("/dostepnosc/", "/en/accessibility/"),
    "terms": ("/regulamin/", "/en/terms/"),
    "acceptable_use": ("/polityka-uzytkowania/", "/en/acceptable-use/"),
}
VERSION = ("/polityka-prywatnosci/wersje/1/", "/en/privacy-policy/versions/1/")
# Where the button in the mail's page leads; no other page links there.
STARTED = ("/darmowy-okres-probny/rozpoczety/", "/en/free-trial/started/")
# What documents that are not published have of the addresses of those that are: nothing links there.
NO_VERSIONS = (
    ("/regulamin/wersje/", "/en/terms/versions/"),
    ("/polityka-uzytkowania/wersje/", "/en/acceptable-use/versions/"),
)
# The only version there is, compared with itself: the list offers two that differ, once there are.
DIFFERENCES = (
    "/polityka-prywatnosci/wersje/1/roznice/1/",
    "/en/privacy-policy/versions/1/differences/1/",
)
PAIRS = [*ADDRESSES.values(), VERSION, STARTED, *NO_VERSIONS, DIFFERENCES]
UNLINKED = {address for pair in (STARTED, *NO_VERSIONS, DIFFERENCES) for address in pair}
PAGES = [address for pair in PAIRS for address in pair]
MACHINES = (
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/sitemap.xml",
    "/favicon.ico",
    "/.well-known/gpc.json",
    "/.well-known/security.txt",
    "/polityka-prywatnosci/wersje/kanal/",
    "/en/privacy-policy/versions/feed/",
    "/en/terms/versions/feed/",
    "/polityka-prywatnosci/wersje/1/plik/",
    "/en/privacy-policy/versions/1/file/",
)

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip


def language_of(address: str) -> str:
    """The language that an address is in."""
    return "en" if address.startswith("/en/") else "pl"


@dataclass
class Element:
    """One element: its attributes, its text with all that is inside, and what it stands in."""

    tag: str
    attributes: dict[str, str]
    parents: tuple["Element", ...] = ()
    pieces: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()

    def is_inside(self, tag: str) -> bool:
        return any(parent.tag == tag for parent in self.parents)


class Page(HTMLParser):
    """A parsed page. `unbalanced` lists tags that are closed without being open, or never."""

    def __init__(self, html: str | bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.unbalanced: list[str] = []
        self._open: list[Element] = []
        self.feed(html.decode() if isinstance(html, bytes) else html)
        self.close()
        self.unbalanced += [element.tag for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.unbalanced.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, *tags: str, **attributes: str) -> list[Element]:
        """The elements of these tags with these attributes; a trailing `_` in a name is dropped."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if (not tags or element.tag in tags)
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, *tags: str, **attributes: str) -> Element:
        (found,) = self.all(*tags, **attributes)
        return found

    def with_class(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.classes]

    def with_attribute(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.attributes]

    @property
    def scripts(self) -> list[Element]:
        """What a browser runs: JSON-LD is data, and never runs."""
        return [e for e in self.all("script") if e.get("type") != "application/ld+json"]

    @property
    def form_fields(self) -> dict[str, str]:
        """What a browser would send of the fields on this page, its buttons left out."""
        fields = {}
        for e in self.all("input"):
            is_off = e.get("type") in {"checkbox", "radio"} and "checked" not in e.attributes
            if e.get("name") and e.get("type") != "submit" and not is_off:
                fields[e["name"]] = e.get("value") or ("on" if e.get("type") == "checkbox" else "")
        for e in self.all("textarea"):
            fields[e["name"]] = "".join(e.pieces).removeprefix("\n")
        for e in self.all("option"):
            if "selected" in e.attributes:
                fields[e.parents[-1]["name"]] = e["value"]
        return fields

    @property
    def links(self) -> Iterator[str]:
        """Where people can go from here."""
        return (element["href"] for element in self.all("a") if "href" in element.attributes)

    @property
    def loaded(self) -> Iterator[str]:
        """What the browser loads by itself."""
        for element in self.elements:
            for name in ("src", "srcset", "data", "poster", "action", "formaction", "background"):
                if name in element.attributes:
                    yield element[name]
            if element.tag == "link" and element.get("rel") not in {"canonical", "alternate"}:
                yield element["href"]
            if element.tag in {"use", "image"}:
                yield element.get("href") or element.get("xlink:href")
