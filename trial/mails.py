"""The mails of the trial. The worker writes each one at the moment of sending.

The words are plain text in `templates/trial/mail/`; `delivery/letters.py` makes the letter. A mail
holds no text that a visitor typed: otherwise anyone could send words of their own to any address.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.markdown import plain_text
from content.paths import absolute
from delivery import outbox, tokens
from delivery.letters import Letter, letter
from delivery.outbox import Kind
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies.reading.addresses import address
from trial import actions
from trial.marketing import objections
from trial.models import Channel, MarketingConsent, MarketingMail, SignUp

_Writer = Callable[[str, datetime], Letter | None]
_SUBJECTS = {
    PolicyCode.PRIVACY: gettext_lazy("Our privacy policy is changing"),
    PolicyCode.TERMS: gettext_lazy("Our terms of service are changing"),
    PolicyCode.ACCEPTABLE_USE: gettext_lazy("Our acceptable use policy is changing"),
}


@transaction.atomic
def confirmation(about: str, at: datetime) -> Letter | None:
    """The link that starts the trial; an address that has a trial gets the state of that trial.

    Only the reader of the mailbox learns which of the two it is (I16: same answer, same work).
    """
    # Row lock: an erasure at the same time waits, and deletes the new token too.
    sign_up = SignUp.objects.select_for_update().filter(pk=about).first()
    if sign_up is None:
        return None
    with translation.override(sign_up.language):
        if trial := SignUp.objects.trial_of(sign_up.email):
            if SignUp.objects.restricted().filter(pk=trial.pk).exists():
                raise outbox.Restricted  # the letter would tell of the trial
            context = {"trial": trial, "is_running": trial.is_running(at=at)}
            return letter(
                sign_up.email, _("Your VoIPstudio trial"), "trial/mail/known.txt", context
            )
        token = tokens.make(purpose=actions.CONFIRM, subject=about, at=at)
        context = {
            "link": _absolute("trial_confirm", token=token),
            "valid_until": at + tokens.LIFETIME,
        }
        return letter(
            sign_up.email, _("Confirm and start your trial"), "trial/mail/confirm.txt", context
        )


def started(about: str, at: datetime) -> Letter | None:
    """The trial has started: its last day, and what happens next."""
    trial = SignUp.objects.running(at=at).filter(pk=about).first()
    if trial is None:
        return None
    with translation.override(trial.language):
        context = {
            "trial": trial,
            "is_handed_over": bool(settings.PROVISIONING_URL),
            "consents_link": _consents_link(trial),
        }
        return letter(trial.email, _("Your trial has started"), "trial/mail/started.txt", context)


def reminder(about: str, at: datetime) -> Letter | None:
    """The trial ends soon. None where it is over."""
    trial = SignUp.objects.running(at=at).filter(pk=about).first()
    if trial is None:
        return None
    with translation.override(trial.language):
        return letter(
            trial.email, _("Your trial ends soon"), "trial/mail/reminder.txt", {"trial": trial}
        )


def marketing(about: str, at: datetime) -> Letter | None:
    """A marketing mail to one person. None where no consent stands by now (PKE Art. 398), or the
    person has objected (GDPR Art. 21(3))."""
    mail_id, consent_id = about.split()
    consents = MarketingConsent.objects.live(Channel.EMAIL, at=at).select_related("sign_up")
    consent = consents.filter(pk=consent_id).first()
    mail = MarketingMail.objects.filter(pk=mail_id).first()
    if consent is None or consent.person is None or mail is None:
        return None
    if objections.stands_against_address(consent.person.email):
        return None
    language = consent.person.language
    with translation.override(language):
        link = _absolute("trial_consents", consent_id=consent.pk)
        words = {"words": getattr(mail, f"text_{language}"), "consents_link": link}
        subject = getattr(mail, f"subject_{language}")
        written = letter(consent.person.email, subject, "trial/mail/marketing.txt", words)
    # RFC 2369 and RFC 8058: the mail program shows a button, which posts to the link.
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return replace(written, headers=headers)


def policy_change(about: str, at: datetime) -> Letter | None:
    """A material change of a policy. None where the trial is over, or a later version replaces it.

    This is information by GDPR Art. 13(3) and by the contract, not direct marketing (PKE Art. 398).
    So it needs no consent and has no link to unsubscribe.
    """
    trial_id, version_id = about.split()
    trial = SignUp.objects.running(at=at).filter(pk=trial_id).first()
    version = PolicyVersion.objects.published().filter(pk=version_id).first()
    if trial is None or version is None:
        return None
    before = PolicyVersion.objects.predecessor_in_force(version)
    if before is None or PolicyVersion.objects.replacements(version, at=at).exists():
        return None
    language = trial.language
    with translation.override(language):
        version_address = address(version.policy, "version", number=version.number)
        differences_address = address(
            version.policy, "differences", older=before.number, newer=version.number
        )
        context = {
            "trial": trial,
            "version": version,
            "title": getattr(version, f"title_{language}"),
            "summary": plain_text(getattr(version, f"change_summary_{language}")),
            "version_link": absolute(version_address),
            "differences_link": absolute(differences_address),
        }
        return letter(
            trial.email,
            str(_SUBJECTS[PolicyCode(version.policy)]),
            "trial/mail/policy.txt",
            context,
        )


def _consents_link(trial: SignUp) -> str:
    consent = trial.consents.first()
    return _absolute("trial_consents", consent_id=consent.pk) if consent else ""


def _absolute(name: str, **kwargs: Any) -> str:
    return absolute(reverse(name, kwargs=kwargs))


def _reader_of_sign_up(about: str) -> str | None:
    return SignUp.objects.filter(pk=about).values_list("email", flat=True).first()


def _reader_of_policy_change(about: str) -> str | None:
    trial_id, _version_id = about.split()
    return _reader_of_sign_up(trial_id)


def _reader_of_consent(about: str) -> str | None:
    _mail_id, consent_id = about.split()
    consents = MarketingConsent.objects.filter(pk=consent_id)
    return consents.values_list("sign_up__email", flat=True).first()


def _while_usable(write: _Writer) -> _Writer:
    """Let the mail wait while the sign-up that it is about is restricted (GDPR Art. 18)."""

    def write_or_wait(about: str, at: datetime) -> Letter | None:
        sign_up_id = about.split()[0]
        if SignUp.objects.restricted().filter(pk=sign_up_id).exists():
            raise outbox.Restricted
        return write(about, at)

    return write_or_wait


outbox.register(actions.CONFIRM, Kind(_while_usable(confirmation), _reader_of_sign_up))
outbox.register(actions.STARTED, Kind(_while_usable(started), _reader_of_sign_up))
outbox.register(actions.REMINDER, Kind(_while_usable(reminder), _reader_of_sign_up))
outbox.register(actions.POLICY, Kind(_while_usable(policy_change), _reader_of_policy_change))
outbox.register(actions.MARKETING, Kind(marketing, _reader_of_consent))
