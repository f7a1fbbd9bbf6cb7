"""How the question looked, in the admin: read-only lists and pages with the pictures."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

import content.number_in_path  # noqa: F401 - registers <number:>
from consent.models import CodeManifest, Picture
from evidence.admin import ReadOnlyAdmin
from evidence.growing.admin import LanguageFilter


@admin.register(CodeManifest)
class CodeManifestAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "code_hash")


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ("in_small", "taken_at", "place", "language", "device")
    list_display_links = ("in_small", "taken_at")
    list_filter = ("place", LanguageFilter, "device")
    list_select_related = ("notice",)
    # One question: two languages, two places, two windows.
    list_per_page = 8
    fields = (
        "in_full",
        ("place", "language", "device"),
        ("taken_at", "browser"),
        "notice",
        "manifest",
        "image_hash",
        "hash",
    )
    readonly_fields = ("in_full",)

    class Media:
        css = {"all": ("css/admin/pictures.css",)}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the files, which have half a megabyte each."""
        return super().get_queryset(request).defer("image")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file)
        return [
            path("<number:pk>/picture.png", view, name="consent_picture_file"),
            *super().get_urls(),
        ]

    def file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file, byte for byte: `sha256sum` prints the hash beside it.

        Who may see records sees how their question looked.
        """
        may_see_records = request.user.has_perm("consent.view_consentrecord")
        if not (may_see_records or self.has_view_permission(request)):
            raise PermissionDenied
        picture = get_object_or_404(Picture, pk=pk)
        return HttpResponse(bytes(picture.image), content_type="image/png")

    @admin.display(description=_("picture"))
    def in_small(self, picture: Picture) -> SafeString:
        return _image(picture, f"picture picture--small picture--{picture.place}")

    @admin.display(description=_("picture"))
    def in_full(self, picture: Picture) -> SafeString:
        return _image(picture, "picture")


def _image(picture: Picture, css_class: str) -> SafeString:
    return format_html(
        '<img class="{}" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        css_class,
        reverse("admin:consent_picture_file", args=[picture.pk]),
        picture.alternative_text,
        picture.width,
        picture.height,
    )
