"""The registry beside django-cookie-consent's rows.

The library's rows of groups and cookies hold the Polish texts. The rows of details, here, hold the
English texts and everything else. A row of the library without details is not declared.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from cookie_consent.models import Cookie, CookieGroup
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.looks.pictures import CodeManifest as CodeManifest  # models of this app
from consent.looks.pictures import Picture as Picture
from consent.proofs import ConsentRecord as ConsentRecord
from consent.proofs import Notice as Notice
from consent.proofs import RegistrySnapshot as RegistrySnapshot

# No optional cookie on our own address lives longer, Google's included.
OPTIONAL_LIFETIME = timedelta(days=90)
# Google's own domains: we declare what its ads store there, and can neither set nor expire it.
GOOGLE_DOMAINS = ("doubleclick.net", "google.com", "googleadservices.com", "googlesyndication.com")

NAME_PATTERN = RegexValidator(
    r"^[-_.A-Za-z0-9]{2,}\*?\Z",
    _("A name is letters, digits, “-”, “_” and “.”; a “*” may stand at its end."),
)
LINK = RegexValidator(
    r"^(https://|/(?!/))[^\s\\]*\Z", _("Give an address that begins with https:// or with /.")
)
PATH = RegexValidator(r"^/[^\s;,]*\Z", _("A path begins with / and has no spaces, “;” or “,”."))
DOMAIN = RegexValidator(r"^[A-Za-z0-9.-]*\Z", _("A domain is letters, digits, “-” and “.”."))


def is_on_google_domain(domain: str) -> bool:
    """Whether a cookie of this domain lies with Google and not on our own address."""
    return f".{domain.lstrip('.').lower()}".endswith(tuple(f".{own}" for own in GOOGLE_DOMAINS))


class Meaning(models.Model):
    """A row whose counter staff raise when its meaning changes: visitors are asked again (I11)."""

    meaning = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Provider(Meaning):
    """A company that sets or reads a cookie. All who get data are rows of `privacy.Recipient`."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    privacy_url_pl = models.CharField(
        _("privacy policy (Polish)"), max_length=300, validators=[LINK]
    )
    privacy_url_en = models.CharField(
        _("privacy policy (English)"), max_length=300, validators=[LINK]
    )
    is_confirmed = models.BooleanField(_("confirmed by staff"), default=False)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="consent_provider_is_complete",
                condition=~Q(name="") & ~Q(privacy_url_pl="") & ~Q(privacy_url_en=""),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a complete row. Raises ValidationError for an empty field or an unsafe link."""
        self.full_clean()
        super().save(*args, **kwargs)


class DeclaredGroup(CookieGroup):
    """The group of the library under names that have Polish translations, for the admin."""

    class Meta:
        proxy = True
        verbose_name = _("cookie group")
        verbose_name_plural = _("cookie groups")


class DeclaredCookie(Cookie):
    """The cookie of the library under names that have Polish translations, for the admin."""

    class Meta:
        proxy = True
        verbose_name = _("cookie")
        verbose_name_plural = _("cookies")

    def __str__(self) -> str:
        name: str = self.name
        return name


class GroupDetails(Meaning):
    """What the library's row of a group lacks: the English texts, and the first layer's words."""

    group = models.OneToOneField(CookieGroup, models.CASCADE, related_name="details")
    name_en = models.CharField(_("name (English)"), max_length=100)
    description_en = models.TextField(_("description (English)"))
    short_purpose_pl = models.CharField(
        _("purpose in a few words (Polish)"),
        max_length=80,
        blank=True,
        help_text=_("The first layer of the question lists it, with the recipient's name."),
    )
    short_purpose_en = models.CharField(
        _("purpose in a few words (English)"), max_length=80, blank=True
    )
    personalizes_ads = models.BooleanField(
        _("Google may personalise ads"),
        default=False,
        help_text=_(
            "For the marketing group. The question, the cookie page and the policy then say so, "
            "and those who consented are asked again."
        ),
    )

    class Meta:
        verbose_name = _("details of the group")
        verbose_name_plural = _("details of the group")
        constraints = [
            models.CheckConstraint(
                name="consent_group_is_complete", condition=~Q(name_en="") & ~Q(description_en="")
            )
        ]

    def __str__(self) -> str:
        return self.name_en

    def clean(self) -> None:
        """Refuse a purpose that the first layer does not name, or that no tag serves (I19)."""
        errors: dict[str, Any] = {}
        if not self.group.is_required:
            empty = [n for n in ("short_purpose_pl", "short_purpose_en") if not getattr(self, n)]
            errors |= dict.fromkeys(empty, _("Say in a few words what visitors are asked for."))
        if self.personalizes_ads and self.group.varname != "marketing":
            errors["personalizes_ads"] = _("Only the marketing group can personalise ads.")
        if errors:
            raise ValidationError(errors)


class CookieDetails(Meaning):
    """The declaration of one cookie or other storage. It is complete, or not saved (I12)."""

    class Party(models.TextChoices):
        FIRST = "first", _("first party")
        THIRD = "third", _("third party")

    class Storage(models.TextChoices):
        COOKIE = "cookie", _("cookie")
        LOCAL = "local", "localStorage"
        SESSION = "session", "sessionStorage"
        INDEXED = "indexed", "IndexedDB"
        CACHE = "cache", "Cache Storage"

    class Life(models.TextChoices):
        FIXED = "fixed", _("a fixed time")
        SESSION = "session", _("until the browser is closed")
        DELETED = "deleted", _("until you delete it")

    cookie = models.OneToOneField(Cookie, models.CASCADE, related_name="details")
    purpose_en = models.TextField(_("purpose (English)"))
    provider = models.ForeignKey(Provider, models.PROTECT, verbose_name=_("provider"))
    party = models.CharField(_("party"), max_length=5, choices=Party)
    storage = models.CharField(
        _("kind of storage"), max_length=7, choices=Storage, default="cookie"
    )
    life = models.CharField(_("life"), max_length=7, choices=Life, default=Life.FIXED)
    max_age_seconds = models.PositiveIntegerField(
        _("life in seconds"), null=True, blank=True, help_text=_("90 days are 7776000 seconds.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    is_staff_only = models.BooleanField(_("only under /admin/"), default=False)
    justification_pl = models.TextField(
        _("why it is necessary (Polish)"),
        blank=True,
        help_text=_("For strictly necessary storage: PKE Art. 399(3), PECR reg. 6(4)."),
    )
    justification_en = models.TextField(_("why it is necessary (English)"), blank=True)

    class Meta:
        verbose_name = _("declaration of the cookie")
        verbose_name_plural = _("declaration of the cookie")
        constraints = [
            models.CheckConstraint(name="consent_cookie_has_purpose", condition=~Q(purpose_en="")),
            models.CheckConstraint(
                name="consent_fixed_life_has_seconds",
                # With isnull, because SQL takes a CHECK that compares NULL with 0 as passed.
                condition=Q(life="fixed", max_age_seconds__gt=0, max_age_seconds__isnull=False)
                | (~Q(life="fixed") & Q(max_age_seconds__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.cookie)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a complete row. Raises ValidationError for any other, outside the admin too."""
        NAME_PATTERN(self.cookie.name)
        PATH(self.cookie.path or "/")
        DOMAIN(self.cookie.domain)
        if not self.cookie.description:
            raise ValidationError(_("Say in Polish what the cookie is for."))
        self.full_clean(validate_unique=False)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a declaration that lacks something, or that lives too long (I12)."""
        errors: dict[str, Any] = {}
        if self.life == self.Life.FIXED and not self.max_age_seconds:
            errors["max_age_seconds"] = _("Say for how many seconds it lives.")
        if self.life != self.Life.FIXED and self.max_age_seconds is not None:
            errors["max_age_seconds"] = _("Leave this empty unless the life is a fixed time.")
        # Without a valid cookie or group, the form of the cookie shows that error itself.
        with suppress(ObjectDoesNotExist):
            errors |= self._errors_of_group(self.cookie.cookiegroup)
        if errors:
            raise ValidationError(errors)

    def _errors_of_group(self, group: CookieGroup) -> dict[str, Any]:
        if group.is_required:
            if not self.is_active and not group.is_deletable:
                return {"is_active": _("What the site itself needs cannot be switched off.")}
            empty = [n for n in ("justification_pl", "justification_en") if not getattr(self, n)]
            return dict.fromkeys(empty, _("Necessary storage must be justified."))
        longest = int(OPTIONAL_LIFETIME.total_seconds())
        is_longer = (self.max_age_seconds or 0) > longest and not self._lies_with_google
        if self.life != self.Life.FIXED or is_longer:
            problem = _("Nothing optional under our own address is kept for longer than 90 days.")
            return {"life": problem}
        if self.is_staff_only:
            return {"is_staff_only": _("Only necessary storage can be for staff alone.")}
        return {}

    @property
    def _lies_with_google(self) -> bool:
        """Whether it lies on Google's own domain: we declare its life, and cannot set it."""
        is_third_party_cookie = self.party == self.Party.THIRD and self.storage == "cookie"
        return is_third_party_cookie and is_on_google_domain(self.cookie.domain)
