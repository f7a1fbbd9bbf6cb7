"""Who of the staff may do what with versions of policies."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - admin_view lets in staff only
    return request.user


def may(user: User, permission: str) -> bool:
    return user.has_perm(f"privacy.{permission}_policyversion")


def require(request: HttpRequest, *permissions: str) -> User:
    """The user, who needs one of these permissions. Raises PermissionDenied."""
    user = user_of(request)
    if not any(may(user, permission) for permission in permissions):
        raise PermissionDenied
    return user
