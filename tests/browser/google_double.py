"""A double of Google's hosts: it answers for them and remembers every request."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import BrowserContext, Request, Route

_TAG = (Path(__file__).parent / "google_double.js").read_text(encoding="utf-8")
_HOSTS = ("www.googletagmanager.com", "www.google-analytics.com", "www.googleadservices.com")


@dataclass(frozen=True)
class Received:
    """Everything that one request tells Google."""

    url: str
    body: str
    referrer: str

    @property
    def address(self) -> str:
        """The URL without its query."""
        return urlsplit(self.url)._replace(query="").geturl()

    @property
    def values(self) -> dict[str, str]:
        """The names and values of the query."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def event(self) -> str:
        """Google's name for the event; empty for the request of a script."""
        return self.values.get("en", "")


@dataclass
class GoogleDouble:
    """Google, for one visitor."""

    # The oldest first; only those since the last `forget`.
    received: list[Received] = field(default_factory=list)

    def notices(self, request: Request) -> bool:
        """Whether this is a request to Google; if so, remember it."""
        if urlsplit(request.url).netloc not in _HOSTS:
            return False
        self.received.append(
            Received(request.url, request.post_data or "", request.headers.get("referer", ""))
        )
        return True

    def answer_in(self, context: BrowserContext) -> None:
        for host in _HOSTS:
            context.route(f"https://{host}/**", self._answer)

    @property
    def requests(self) -> list[str]:
        """The address of every request, without its query."""
        return [received.address for received in self.received]

    @property
    def asked(self) -> set[str]:
        """The hosts that the browser asked."""
        return {urlsplit(received.url).netloc for received in self.received}

    def events(self, name: str) -> list[Received]:
        return [received for received in self.received if received.event == name]

    def forget(self) -> None:
        self.received.clear()

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path == "/gtag/js":
            route.fulfill(body=_TAG, content_type="text/javascript")
        elif address.netloc == _HOSTS[0]:
            route.fulfill(body="", content_type="text/javascript")
        else:
            route.fulfill(status=204)
