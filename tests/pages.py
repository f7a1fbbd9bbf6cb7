"""The address of every public page, and a parsed page that tests can search."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# The addresses that people and other sites link to, by name: Polish, English.
ADDRESSES = {
    "home": ("/", "/en/"),
    "pricing": ("/cennik/", "/en/pricing/"),
    "free_trial": ("/darmowy-okres-probny/", "/en/free-trial/"),
    "privacy_policy": ("/polityka-prywatnosci/", "/en/privacy-policy/"),
    "privacy_policy_versions": ("/polityka-prywatnosci/wersje/", "/en/privacy-policy/versions/"),
    "cookies": ("/cookies/", "/en/cookies/"),
    "receipt": ("/cookies/potwierdzenie/", "/en/cookies/receipt/"),
    "check_receipt": ("/cookies/sprawdz-potwierdzenie/", "/en/cookies/check-receipt/"),
    "your_data": ("/twoje-dane/", "/en/your-data/"),
    "your_data_complaint": ("/twoje-dane/skarga/", "/en/your-data/complaint/"),
    "seal": ("/pieczec/", "/en/seal/"),
    "contact": ("/kontakt/", "/en/contact/"),
    "accessibility": ("/dostepnosc/", "/en/accessibility/"),
    "terms": ("/regulamin/", "/en/terms/"),
    "acceptable_use": ("/polityka-uzytkowania/", "/en/acceptable-use/"),
}
VERSION = ("/polityka-prywatnosci/wersje/1/", "/en/privacy-policy/versions/1/")
# The page after the button that starts a trial; no other page links to it.
STARTED = ("/darmowy-okres-probny/rozpoczety/", "/en/free-trial/started/")
# The lists of versions of documents that are not published yet; no page links to them.
NO_VERSIONS = (
    ("/regulamin/wersje/", "/en/terms/versions/"),
    ("/polityka-uzytkowania/wersje/", "/en/acceptable-use/versions/"),
)
# The only version compared with itself. No page links to it: the list needs two versions for that.
DIFFERENCES = (
    "/polityka-prywatnosci/wersje/1/roznice/1/",
    "/en/privacy-policy/versions/1/differences/1/",
)
# A private page, so no rule of public pages is for it. The cookie page links to it.
ON_THIS_DEVICE = ("/cookies/na-tym-urzadzeniu/", "/en/cookies/on-this-device/")
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
    "/pieczec/kanal/",
    "/en/seal/feed/",
    "/polityka-prywatnosci/wersje/1/plik/",
    "/en/privacy-policy/versions/1/file/",
)

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip


def language_of(address: str) -> str:
    """The language of the page at an address."""
    return "en" if address.startswith("/en/") else "pl"


@dataclass
class Element:
    """One element: its attributes, the text inside it, and the elements around it."""

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
    """A parsed page. `unbalanced` lists tags that are closed but not open, or never closed."""

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
        values = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if (not tags or element.tag in tags)
            and all(element.attributes.get(name) == value for name, value in values.items())
        ]

    def one(self, *tags: str, **attributes: str) -> Element:
        (element,) = self.all(*tags, **attributes)
        return element

    def with_class(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.classes]

    def with_attribute(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.attributes]

    @property
    def scripts(self) -> list[Element]:
        """The elements that a browser runs. JSON-LD is data and never runs."""
        return [e for e in self.all("script") if e.get("type") != "application/ld+json"]

    @property
    def form_fields(self) -> dict[str, str]:
        """The fields that a browser would send, without the buttons."""
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
        """The addresses of all links."""
        return (element["href"] for element in self.all("a") if "href" in element.attributes)

    @property
    def loaded_addresses(self) -> Iterator[str]:
        """The addresses that the browser loads without a click."""
        for element in self.elements:
            for name in ("src", "srcset", "data", "poster", "action", "formaction", "background"):
                if name in element.attributes:
                    yield element[name]
            if element.tag == "link" and element.get("rel") not in {"canonical", "alternate"}:
                yield element["href"]
            if element.tag in {"use", "image"}:
                yield element.get("href") or element.get("xlink:href")
