"""The commands for Google's tag in dataLayer, and their order, as the tag reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from tests.run_once import acts_in_the_browser

pytestmark = acts_in_the_browser

ALL_DENIED = {
    "ad_storage": "denied",
    "ad_user_data": "denied",
    "ad_personalization": "denied",
    "analytics_storage": "denied",
}
ANALYTICS_GRANTED = {"analytics_storage": "granted"}
ADS_GRANTED = {
    "ad_storage": "granted",
    "ad_user_data": "granted",
}
COOKIES = {"cookie_expires": 90 * 24 * 60 * 60, "cookie_update": False, "cookie_domain": "none"}
NO_SIGNALS = {"allow_google_signals": False, "allow_ad_personalization_signals": False}

ANALYTICS_CONFIG = ["config", "G-TEST", COOKIES | NO_SIGNALS]
ADS_CONFIG = ["config", "AW-123", COOKIES | {"allow_ad_personalization_signals": False}]

# Only an `arguments` object is a command to gtag.js: an array would be ignored.
_COMMANDS = """() => window.dataLayer?.map((command) =>
  Object.prototype.toString.call(command) === "[object Arguments]" ? [...command] : "no command")"""


@pytest.mark.parametrize(
    ("groups", "granted", "redacts", "configs"),
    [
        (["analytics"], ANALYTICS_GRANTED, True, [ANALYTICS_CONFIG]),
        (["marketing"], ADS_GRANTED, False, [ADS_CONFIG]),
        (
            ["preferences", "analytics", "marketing"],
            ANALYTICS_GRANTED | ADS_GRANTED,
            False,
            [ANALYTICS_CONFIG, ADS_CONFIG],
        ),
    ],
    ids=["analytics", "marketing", "all"],
)
def test_everything_is_denied_first_then_the_granted_groups_are_updated_and_configured(
    visitor: Visitor,
    groups: list[str],
    granted: dict[str, str],
    redacts: bool,
    configs: list[list[Any]],
) -> None:
    """Red when: google_commands.js pushes the update before the default, grants all types for one
    group, or leaves out `cookie_update` or `cookie_domain`; google_tag.js pushes arrays; tags.py
    gives both ids for one group."""
    visitor.open("/")
    visitor.choose(*groups)

    commands = commands_of(visitor)

    (moment,) = (command[1] for command in commands if command[0] == "js")
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert commands == [
        ["consent", "default", ALL_DENIED],
        ["consent", "update", granted],
        ["set", "ads_data_redaction", redacts],
        ["js", moment],
        *configs,
    ]


@pytest.mark.parametrize("groups", [[], ["preferences"]], ids=["refused", "preferences"])
def test_without_analytics_and_marketing_google_gets_no_command_and_no_request(
    visitor: Visitor, groups: list[str]
) -> None:
    """Red when: tags.py gives an id for any grant."""
    visitor.open("/")
    visitor.choose(*groups)
    visitor.open("/")

    assert commands_of(visitor) is None
    assert visitor.google.requests == []


def test_before_a_choice_google_gets_no_command_and_no_request(visitor: Visitor) -> None:
    """Red when: tags.py ignores what is granted."""
    visitor.open("/")

    assert commands_of(visitor) is None
    assert visitor.google.requests == []


@pytest.mark.parametrize("has_gpc", [False, True])
def test_after_a_withdrawal_google_gets_no_command_and_no_request(
    new_visitor: NewVisitor, has_gpc: bool
) -> None:
    """Red when: choice.py keeps groups granted after a refusal, or under the GPC signal."""
    visitor = new_visitor()
    visitor.open("/")
    visitor.press("accept")
    if has_gpc:
        visitor.context.set_extra_http_headers({"Sec-GPC": "1"})
    else:
        visitor.follow_to_settings()
        visitor.press("reject")
    visitor.google.forget()

    visitor.open("/")

    assert commands_of(visitor) is None
    assert visitor.google.requests == []


def test_a_withdrawal_of_one_group_leaves_the_other_granted(visitor: Visitor) -> None:
    """Red when: form.py grants every group for any tick."""
    visitor.open("/")
    visitor.press("accept")
    visitor.follow_to_settings()
    visitor.choose("analytics")

    commands = commands_of(visitor)

    assert commands[1] == ["consent", "update", ANALYTICS_GRANTED]
    assert [command for command in commands if command[0] == "config"] == [ANALYTICS_CONFIG]


def commands_of(visitor: Visitor) -> Any:
    return visitor.page.evaluate(_COMMANDS)
