"""The page of the trial. Until the sign-up form is here, it says how to start one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def free_trial(request: HttpRequest) -> HttpResponse:
    """How to start the free trial."""
    return render(request, "trial/free_trial.html")
