"""Texts of pages, questions and answers, and redirects from old addresses: what staff edit."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from content import bounds, links
from content.both_languages import both_or_none, by_language, missing_languages, never_empty
from content.markdown import markdown
from content.paths import answers, can_be_requested, decoded, is_page


class PageCode(models.TextChoices):
    """The pages whose texts staff edit. The code is also the name of the page's address."""

    HOME = "home", _("home page")
    PRICING = "pricing", _("pricing")
    CONTACT = "contact", _("contact")
    ACCESSIBILITY = "accessibility", _("accessibility statement")


class SectionCode(models.TextChoices):
    """The parts of pages that templates print, each at a place of its own."""

    FEATURES = "features", _("what customers get")
    CALLS = "calls", _("what customers get: calls")
    ANSWERING = "answering", _("what customers get: answering")
    CONNECTIONS = "connections", _("what customers get: connections")
    TRIAL = "trial", _("how the trial works")
    PROMISE = "promise", _("why we ask so little")
    QUESTIONS = "questions", _("questions and answers")
    SERVICE = "service", _("contact: the service")
    DATA = "data", _("contact: personal data")
    OFFICER = "officer", _("contact: data protection officer")
    COMPANY = "company", _("contact: the company")


# Below these headings the contact page prints what a law requires (GDPR Art. 13(1)(a) and (b),
# Directive 2000/31/EC Art. 5), so staff cannot leave the section out.
_ALWAYS_SHOWN = {SectionCode.SERVICE, SectionCode.DATA, SectionCode.OFFICER, SectionCode.COMPANY}


class Icon(models.TextChoices):
    """The names of the drawings in templates/components/_icon.html."""

    BROWSER = "browser", _("browser")
    MOBILE = "mobile", _("mobile")
    DESK = "desk", _("desk phone")
    QUEUE = "queue", _("queue")
    NUMBER = "number", _("number sign")
    MENU = "menu", _("branches")
    VOICEMAIL = "voicemail", _("voicemail")
    RECORD = "record", _("recording")
    CODE = "code", _("code")
    LINK = "link", _("connection")
    CHART = "chart", _("chart")
    MAIL = "mail", _("letter")
    CHECK = "check", _("tick")


_MARKDOWN = _("Markdown: **bold**, [link](/kontakt/), lists. An empty line begins a paragraph.")
_LEFT_OUT = _("Empty in both languages: the section is left out.")


def _markdown_errors(row: models.Model, *names: str) -> dict[str, list[ValidationError]]:
    """An error for each bad link in a Markdown text, or for each bound it exceeds, by field."""
    errors: dict[str, list[ValidationError]] = {}
    for name in names:
        for language, text in by_language(row, name).items():
            problems = [*bounds.text_excesses(text)] or [
                problem
                for link in links.targets(markdown.parse(text))
                for problem in links.link_problems(link, language)
            ]
            if problems:
                errors[f"{name}_{language}"] = [ValidationError(problem) for problem in problems]
    return errors


class Page(models.Model):
    """The texts of one page in both languages. The seed adds pages; staff cannot."""

    code = models.CharField(_("page"), max_length=20, choices=PageCode, unique=True, editable=False)
    title_pl = models.CharField(_("title (Polish)"), max_length=100)
    title_en = models.CharField(_("title (English)"), max_length=100)
    lead_pl = models.TextField(_("first sentences (Polish)"), max_length=400)
    lead_en = models.TextField(_("first sentences (English)"), max_length=400)
    description_pl = models.TextField(
        _("for search results (Polish)"),
        max_length=200,
        help_text=_("One or two sentences that search engines and shared links show."),
    )
    description_en = models.TextField(_("for search results (English)"), max_length=200)
    body_pl = models.TextField(_("text (Polish)"), blank=True, help_text=_MARKDOWN)
    body_en = models.TextField(_("text (English)"), blank=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["pk"]
        constraints = [
            *never_empty("voipstudio_page", "title_pl", "title_en", "lead_pl", "lead_en"),
            both_or_none("voipstudio_page", "description"),
            both_or_none("voipstudio_page", "body"),
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())

    def get_absolute_url(self) -> str:
        with override("pl"):
            return reverse(self.code)

    def clean(self) -> None:
        errors: dict[str, object] = {
            **missing_languages(self, "body"),
            **_markdown_errors(self, "body"),
        }
        if errors:
            raise ValidationError(errors)


class PageSection(models.Model):
    """One part of a page: its heading, its text, and the rows of its list."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="sections", verbose_name=_("page"))
    code = models.CharField(_("section"), max_length=20, choices=SectionCode, editable=False)
    heading_pl = models.CharField(
        _("heading (Polish)"), max_length=100, blank=True, help_text=_LEFT_OUT
    )
    heading_en = models.CharField(_("heading (English)"), max_length=100, blank=True)
    text_pl = models.TextField(_("text (Polish)"), blank=True, help_text=_MARKDOWN)
    text_en = models.TextField(_("text (English)"), blank=True)

    class Meta:
        verbose_name = _("section of a page")
        verbose_name_plural = _("sections of pages")
        ordering = ["page", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "code"], name="voipstudio_section_once"),
            both_or_none("voipstudio_section", "heading"),
            both_or_none("voipstudio_section", "text"),
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())

    def clean(self) -> None:
        errors: dict[str, object] = {
            **missing_languages(self, "heading", "text"),
            **_markdown_errors(self, "text"),
        }
        if self.code in _ALWAYS_SHOWN and not self.heading_pl:
            errors["heading_pl"] = ValidationError(
                _("This section holds facts that must be on the page: give it a heading.")
            )
        if errors:
            raise ValidationError(errors)


class SectionItem(models.Model):
    """One row of a section's list, such as a feature or a step, in both languages."""

    section = models.ForeignKey(
        PageSection, models.CASCADE, related_name="items", verbose_name=_("section")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    icon = models.CharField(_("icon"), max_length=20, choices=Icon, blank=True)
    name_pl = models.CharField(_("name (Polish)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    text_pl = models.TextField(_("text (Polish)"), max_length=400)
    text_en = models.TextField(_("text (English)"), max_length=400)

    class Meta:
        verbose_name = _("row of a section")
        verbose_name_plural = _("rows of a section")
        ordering = ["section", "order", "pk"]
        constraints = never_empty("voipstudio_item", "name_pl", "name_en", "text_pl", "text_en")

    def __str__(self) -> str:
        return self.name_pl


class Question(models.Model):
    """A frequent question with its answer, in both languages."""

    page = models.CharField(
        _("page"),
        max_length=20,
        choices=[(code.value, code.label) for code in (PageCode.HOME, PageCode.PRICING)],
        default=PageCode.HOME,
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    question_pl = models.CharField(_("question (Polish)"), max_length=200)
    question_en = models.CharField(_("question (English)"), max_length=200)
    answer_pl = models.TextField(_("answer (Polish)"), help_text=_MARKDOWN)
    answer_en = models.TextField(_("answer (English)"))

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["page", "order", "pk"]
        constraints = never_empty(
            "voipstudio_question", "question_pl", "question_en", "answer_pl", "answer_en"
        )

    def __str__(self) -> str:
        return self.question_pl

    def clean(self) -> None:
        if errors := _markdown_errors(self, "answer"):
            raise ValidationError(errors)


def _target(typed: str) -> tuple[str, str]:
    """The path of a target with the slash that a page's path ends with, and what follows it."""
    typed = typed.removeprefix(settings.SITE_ORIGIN)
    path = re.split("[?#]", typed, maxsplit=1)[0]
    rest = typed[len(path) :]
    may_need_slash = path.startswith("/") and not path.endswith("/")
    needs_slash = may_need_slash and is_page(f"{decoded(path)}/")
    return (f"{path}/" if needs_slash else path), rest


class Redirect(models.Model):
    """An old address, and the present page to which it leads."""

    old_path = models.CharField(
        _("old address"),
        max_length=500,
        unique=True,
        help_text=_("From the first “/” on, without “?”: /oferta.html"),
    )
    new_path = models.CharField(
        _("page"), max_length=500, help_text=_("An address of this site: /cennik/ or /en/pricing/")
    )

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                name="voipstudio_redirect_old_path", condition=models.Q(old_path__startswith="/")
            ),
            models.CheckConstraint(
                name="voipstudio_redirect_new_path", condition=models.Q(new_path__startswith="/")
            ),
        ]

    def __str__(self) -> str:
        return self.old_path

    def clean(self) -> None:
        """The target is a page and the old address is not, so redirects form no chain or loop."""
        errors = {}
        typed = self.old_path.removeprefix(settings.SITE_ORIGIN)
        path = self.old_path = decoded(typed)
        if {*typed} & {*"?#"} or not can_be_requested(path):
            errors["old_path"] = _(
                "Write the old address from its first “/” on, without “?” and “#”: /oferta.html"
            )
        elif path.startswith((settings.ADMIN_PREFIX, settings.STATIC_URL)):
            errors["old_path"] = _(
                "Addresses that begin with /admin/ or /static/ are never redirected."
            )
        elif answers(path) or answers(f"{path}/"):
            errors["old_path"] = _(
                "There is a page at this address, so the redirect would never be used."
            )
        target, rest = _target(self.new_path)
        self.new_path = f"{target}{rest}"
        if not can_be_requested(decoded(target)) or not is_page(decoded(target)):
            errors["new_path"] = _(
                "There is no page at this address. Write an address of this site, such as /cennik/."
            )
        if errors:
            raise ValidationError(errors)
