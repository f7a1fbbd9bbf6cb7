"""The request as every view gets it: with the choice of the visitor."""

from django.http import HttpRequest

from consent.choice.choice import Choice
from consent.choice.reconsent import ReconsentVersion
from consent.choice.visit import Visit
from consent.deletion import Deletion
from consent.registry.registry import Registry


class ConsentRequest(HttpRequest):
    """A request as `consent.gate.middleware.read_choice` leaves it."""

    # Of the content that the choice was read with (content/store.py); None without any content.
    content_serial: int | None
    consent: Choice
    registry: Registry
    reconsent_version: ReconsentVersion | None
    has_gpc_signal: bool
    # The key of the page in the memory (voipstudio/web/caching/pages.py); None for any other page.
    kept_page_key: object
    # The page on which the visitor granted something; set by the view that stores the grant.
    granted_visit: Visit | None
    # The cookies that the visitor asks to have deleted; set by the view that takes the form.
    deletion: Deletion | None
