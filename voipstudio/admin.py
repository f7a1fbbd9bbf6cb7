"""Page texts, questions and answers, and redirects in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, TextField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from content.admin import ContentAdmin
from content.both_languages import LANGUAGES
from voipstudio.models import Page, PageCode, PageSection, Question, Redirect, SectionItem


class SideBySide(BaseModelAdmin):
    """A form with Polish on the left and English on the right."""

    class Media:
        css = {"all": ("css/admin/side_by_side.css",)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Set `lang`, so that the browser uses the right dictionary, and the height."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        name, _underscore, language = db_field.name.rpartition("_")
        if field is not None and language in LANGUAGES:
            field.widget.attrs["lang"] = language
            if isinstance(db_field, TextField):
                field.widget.attrs["rows"] = 24 if name == "body" else 4
        return field


class CodedAdmin(SideBySide, ContentAdmin):
    """Rows that a template prints by their code: staff change them, but add and delete nothing."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SectionInline(SideBySide, admin.StackedInline):
    """The sections of a page. The link “Change” leads to the rows of a section's list."""

    model = PageSection
    fields = (("heading_pl", "heading_en"), ("text_pl", "text_en"))
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Page)
class PageAdmin(CodedAdmin):
    inlines = (SectionInline,)
    list_display = ("__str__", "title_pl", "title_en")

    def get_fields(self, request: HttpRequest, obj: Page | None = None) -> Any:
        names = ["title", "lead", "description"]
        # The home page consists of sections alone.
        names += [] if obj and obj.code == PageCode.HOME else ["body"]
        return [(f"{name}_pl", f"{name}_en") for name in names]


class ItemInline(SideBySide, admin.StackedInline):
    model = SectionItem
    fields = (("order", "icon"), ("name_pl", "name_en"), ("text_pl", "text_en"))
    extra = 0


@admin.register(PageSection)
class PageSectionAdmin(CodedAdmin):
    fields = (("heading_pl", "heading_en"), ("text_pl", "text_en"))
    inlines = (ItemInline,)
    list_display = ("__str__", "page", "heading_pl", "heading_en")
    list_filter = ("page",)


@admin.register(Question)
class QuestionAdmin(SideBySide, ContentAdmin):
    fields = (("page", "order"), ("question_pl", "question_en"), ("answer_pl", "answer_en"))
    list_display = ("question_pl", "page", "order")
    list_editable = ("order",)
    list_filter = ("page",)
    search_fields = ("question_pl", "question_en", "answer_pl", "answer_en")


@admin.register(Redirect)
class RedirectAdmin(ContentAdmin):
    list_display = ("old_path", "new_path")
    search_fields = ("old_path", "new_path")
    search_help_text = _("Part of an old or a new address.")
