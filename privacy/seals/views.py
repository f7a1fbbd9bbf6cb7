"""The public pages of the seal: what it is, its checkpoints, and how each extends another."""

import base64

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from content import store
from content.paths import absolute
from evidence.seal import note
from evidence.seal.checkpoint import Checkpoint
from privacy.seals import published


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is sealed, who vouches for it, and the checkpoints of the last month."""
    context = {
        "checkpoints": published.current(),
        "public_key": note.public_key(),
        "has_witnesses": bool(settings.SEAL_WITNESSES),
        "example": absolute(reverse("seal_file", kwargs={"size": 4711})),
    }
    return render(request, "privacy/seal/seal.html", context)


@require_safe
def file(request: HttpRequest, size: int) -> HttpResponse:
    """The checkpoint of a tree by its size, byte for byte: https://c2sp.org/tlog-checkpoint.

    So whoever has a receipt or a checkpoint finds the one that we published, however old it is.
    """
    return _unchanging(_checkpoint(size).note)


@require_safe
def proof(request: HttpRequest, size: int) -> HttpResponse:
    """The proof that a tree extends the one that was published before it (RFC 9162, 2.1.4).

    In the form in which witnesses get it: https://c2sp.org/tlog-witness.
    """
    checkpoint = _checkpoint(size)
    earlier = Checkpoint.objects.filter(size__lt=size).first()
    # A new site may have sealed a day without evidence: every tree extends an empty one.
    path = checkpoint.path_from(earlier) if earlier and earlier.size else []
    lines = [f"old {earlier.size if earlier else 0}"]
    lines += [base64.b64encode(each).decode() for each in path]
    return _unchanging("\n".join([*lines, "", checkpoint.note]))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The checkpoints of the last month as an Atom feed (RFC 4287)."""
    context = {
        "language": get_language() or "",
        "address": absolute(reverse("seal_feed")),
        "page_address": absolute(reverse("seal")),
        "checkpoints": [
            (each, absolute(reverse("seal_file", kwargs={"size": each.size})))
            for each in published.current()
        ],
    }
    return render(
        request,
        "privacy/seal/feed.xml",
        context,
        content_type="application/atom+xml; charset=utf-8",
    )


def _unchanging(text: str) -> HttpResponse:
    """A text that is the same for ever, so that any cache may keep it."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def _checkpoint(size: int) -> Checkpoint:
    store.require_database()
    # A day without news has the tree of the day before.
    checkpoint = Checkpoint.objects.filter(size=size).last()
    if checkpoint is None:
        raise Http404("There is no such checkpoint.")
    return checkpoint
