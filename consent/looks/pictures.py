"""The evidence of how the question looked: the code that made it, and pictures of it (I9)."""

import hashlib
from datetime import datetime

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from consent.proofs import ConsentRecord, Notice
from evidence.canonical_json import digest, utc


class CodeManifestQuerySet(models.QuerySet["CodeManifest"]):
    def in_force(self, at: datetime) -> "CodeManifest | None":
        """The manifest of the release that answered at this moment."""
        return self.filter(created_at__lte=at).first()


class CodeManifest(models.Model):
    """The hashes of the code that asks, from the release on that brought it. Append-only."""

    content = models.JSONField(_("contents"))
    # Over the contents alone: two releases with the same code have the same one.
    code_hash = models.CharField(_("SHA-256 hash of the code"), max_length=64)
    created_at = models.DateTimeField(_("in force from"))
    # Over the moment too, which decides under which manifest a record falls.
    hash = models.CharField(_("SHA-256 hash"), max_length=64)

    objects = CodeManifestQuerySet.as_manager()

    class Meta:
        verbose_name = _("code of the question")
        verbose_name_plural = _("code of the question")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.code_hash[:12]}"


class PictureQuerySet(models.QuerySet["Picture"]):
    def of(self, notice: Notice, manifest: CodeManifest) -> "PictureQuerySet":
        """The pictures of a notice. Code that comes back later has the same pictures."""
        return self.filter(notice=notice, manifest__code_hash=manifest.code_hash)


class Picture(models.Model):
    """How a notice looked in one place, one language and one window. Append-only."""

    class Device(models.TextChoices):
        PHONE = "phone", _("phone")
        DESK = "desk", _("desk")

    notice = models.ForeignKey(Notice, models.PROTECT, verbose_name=_("notice"))
    manifest = models.ForeignKey(
        CodeManifest, models.PROTECT, verbose_name=_("code of the question")
    )
    language = models.CharField(_("language"), max_length=2)
    place = models.CharField(
        _("place"),
        max_length=12,
        choices=[(place.value, place.label) for place in ConsentRecord.PLACES],
    )
    device = models.CharField(_("device"), max_length=5, choices=Device)
    # PNG: without loss, and a standard that can be read for as long as a record is kept
    # (ISO/IEC 15948). WebP at full quality saves less than a tenth.
    image = models.BinaryField(_("picture"))
    image_hash = models.CharField(_("SHA-256 hash of the picture"), max_length=64)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    browser = models.CharField(_("browser"), max_length=100)
    taken_at = models.DateTimeField(_("taken at"))
    hash = models.CharField(_("SHA-256 hash"), max_length=64)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of the question")
        verbose_name_plural = _("pictures of the question")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "manifest", "language", "place", "device"],
                name="consent_one_picture_of_each",
            )
        ]

    def __str__(self) -> str:
        language = get_language_info(self.language)["name_translated"]
        return f"{self.get_place_display()}, {language}, {self.get_device_display()}"

    @property
    def alternative_text(self) -> str:
        """What the picture shows, for anyone who does not see it: the question and its buttons."""
        words = self.notice.texts[self.language]
        if self.place == ConsentRecord.Method.BANNER:
            title, buttons = words["title"], ("accept", "reject", "choose")
        else:
            title, buttons = words["cookie_page"]["title"], ("accept", "reject", "save")
        return gettext("%(picture)s. It says “%(title)s” and has the buttons: %(buttons)s.") % {
            "picture": capfirst(str(self)),
            "title": title,
            "buttons": ", ".join(words[button] for button in buttons),
        }


def hash_of_manifest(manifest: CodeManifest) -> str:
    """SHA-256 over all that the row says, in hexadecimal. The seal covers it."""
    return digest({"created_at": utc(manifest.created_at), "code": digest(manifest.content)})


def hash_of_picture(picture: Picture) -> str:
    """SHA-256 over all that the row says, in hexadecimal. Notice and manifest are named by id."""
    content = {
        "notice": picture.notice_id,
        "manifest": picture.manifest_id,
        "language": picture.language,
        "place": picture.place,
        "device": picture.device,
        "image": picture.image_hash,
        "width": picture.width,
        "height": picture.height,
        "browser": picture.browser,
        "taken_at": utc(picture.taken_at),
    }
    return digest(content)


def hash_of_image(image: bytes) -> str:
    """SHA-256 over the bytes of the file, as `sha256sum` prints it."""
    return hashlib.sha256(image).hexdigest()


def pictures_of(record: ConsentRecord) -> PictureQuerySet:
    """How the question looked that a record answers, on a phone and on a desk.

    Empty where no picture was taken of this notice and this code, and for a record that is older
    than the first manifest.
    """
    manifest = CodeManifest.objects.in_force(record.made_at)
    if manifest is None or record.notice is None:
        return Picture.objects.none()
    pictures = Picture.objects.of(record.notice, manifest)
    return pictures.filter(language=record.language, place=record.method)
