"""The doors of the managers' policy pages: storefronts and versions of theirs, and 404 for all others."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from returns.models import PolicyVersion, Storefront
from returns.viewer import Viewer
from returns.views.access import Answer, View, manager_required


def managed_shop(view: View) -> View:
    """For managers; the view gets the storefront of theirs that its address names."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **kwargs: object) -> HttpResponse:
        shops = Storefront.objects.staffed_by(Viewer(request.user))
        return view(request, get_object_or_404(shops, slug=slug), **kwargs)

    return manager_required(guarded)


def managed_version(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """For managers; the view gets the policy version of a storefront of theirs that its address names."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, number: int, **kwargs: object) -> Answer:
        return view(request, _version(request, slug, number), **kwargs)

    return manager_required(guarded)


def step_of_version(view: View) -> View:
    """For what is sent from the page of a version; whoever only looks is led to that page."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, number: int, **kwargs: object) -> HttpResponse:
        version = _version(request, slug, number)
        if request.method != "POST":
            return redirect("reports:policy", slug, number)
        return view(request, version, **kwargs)

    return manager_required(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def _version(request: HttpRequest, slug: str, number: int) -> PolicyVersion:
    versions = PolicyVersion.objects.managed_by(Viewer(request.user)).select_related(
        "storefront", "edited_by", "published_by", "copied_from__storefront"
    )
    return get_object_or_404(versions, storefront__slug=slug, number=number)
