"""The ways in which the question is shown: each language, place and window."""

from dataclasses import dataclass

from django.conf import settings

from consent.models import ConsentRecord, Picture


@dataclass(frozen=True)
class Look:
    """One way in which visitors see the question."""

    language: str
    place: str
    device: str


@dataclass(frozen=True)
class Window:
    """The inside of a browser window, in CSS pixels."""

    width: int
    height: int
    is_mobile: bool


WINDOWS: dict[str, Window] = {
    Picture.Device.PHONE.value: Window(390, 844, is_mobile=True),
    Picture.Device.DESK.value: Window(1280, 800, is_mobile=False),
}


def every_look() -> list[Look]:
    return [
        Look(language, place.value, device)
        for language, _name in settings.LANGUAGES
        for place in ConsentRecord.PLACES
        for device in WINDOWS
    ]
