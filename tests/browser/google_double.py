"""Answers for Google's hosts, and remembers what was asked of them."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route

_TAG = (Path(__file__).parent / "google_double.js").read_text(encoding="utf-8")
_HOSTS = ("www.googletagmanager.com", "www.google-analytics.com", "www.googleadservices.com")


@dataclass
class GoogleDouble:
    """Google, for one visitor."""

    # Address without its query of every request, oldest first.
    requests: list[str] = field(default_factory=list)

    def answer_in(self, context: BrowserContext) -> None:
        for host in _HOSTS:
            context.route(f"https://{host}/**", self._answer)

    @property
    def asked(self) -> set[str]:
        """The hosts that were asked for anything since the last `forget`."""
        return {urlsplit(address).netloc for address in self.requests}

    def forget(self) -> None:
        self.requests.clear()

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        self.requests.append(f"{address.scheme}://{address.netloc}{address.path}")
        if address.path == "/gtag/js":
            route.fulfill(body=_TAG, content_type="text/javascript")
        elif address.netloc == _HOSTS[0]:
            route.fulfill(body="", content_type="text/javascript")
        else:
            route.fulfill(status=204)
