"""The addresses of SCIM."""

from django.urls import path

from genba.channels.scim.views import ROOT, scim

urlpatterns = [
    path(f"{ROOT.lstrip('/')}/<path:path>", scim),
    path(ROOT.lstrip("/"), scim, {"path": ""}),
]
