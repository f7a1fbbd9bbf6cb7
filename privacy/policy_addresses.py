"""Where versions of policies are read: the one place that knows, for pages, mails and the admin."""

from django.urls import reverse

from privacy.models import PolicyCode


def version(policy: str, number: int | None) -> str:
    """The permanent address of a version, in the active language."""
    if policy == PolicyCode.PRIVACY:
        return reverse("privacy_policy_version", kwargs={"number": number})
    return reverse(PolicyCode(policy).name.lower())


def differences(policy: str, *, old: int | None, new: int | None) -> str:
    """Where two versions are compared, in the active language."""
    if policy == PolicyCode.PRIVACY:
        return reverse("privacy_policy_versions")
    return reverse(PolicyCode(policy).name.lower())
