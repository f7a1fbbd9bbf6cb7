"""The record of processing activities in the admin: read only, in the language of its address."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import override

from content.both_languages import LANGUAGES
from content.company import COMPANY
from evidence.admin import ReadOnlyAdmin
from privacy.rights.recipients.recipients import OURSELVES, Recipient
from privacy.rights.record import record
from privacy.rights.record.record import ProcessingRecord


@admin.register(ProcessingRecord)
class ProcessingRecordAdmin(ReadOnlyAdmin):
    """A page in place of a list: the data protection officer may read no Polish."""

    def get_urls(self) -> list[URLPattern]:
        # The lists and forms of Django would show versions of policies.
        pages = (
            ("", self.changelist_view, "changelist"),
            ("<str:language>/", self.page, "page"),
            ("<str:language>/file/", self.file, "file"),
        )
        return [
            path(route, self.admin_site.admin_view(view), name=f"privacy_processingrecord_{name}")
            for route, view, name in pages
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self.page(request, settings.LANGUAGE_CODE)

    def page(self, request: HttpRequest, language: str) -> HttpResponse:
        self._require(request, language)
        with override(language):
            context = {
                **self.admin_site.each_context(request),
                "title": self.opts.verbose_name,
                "opts": self.opts,
                "entries": record.whole_record(),
                "ourselves": Recipient.objects.filter(key=OURSELVES).first(),
                "security": record.SECURITY,
                "company": COMPANY,
                "eu_representative": settings.EU_REPRESENTATIVE,
                "language": language,
                "languages": settings.LANGUAGES,
            }
            response = render(request, "admin/privacy/processingrecord/change_list.html", context)
        response["Content-Language"] = language
        return response

    def file(self, request: HttpRequest, language: str) -> HttpResponseBase:
        self._require(request, language)
        with override(language):
            response, rows = record.as_csv(at=timezone.now())
        self.log_download(request, rows)
        response["Content-Language"] = language
        return response

    def _require(self, request: HttpRequest, language: str) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if language not in LANGUAGES:
            raise Http404
