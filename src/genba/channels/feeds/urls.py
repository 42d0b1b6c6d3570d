"""The addresses of feeds."""

from django.urls import path

from genba.channels.feeds.views import feed

urlpatterns = [
    path("feeds/<str:secret>/<str:name>.atom", feed, {"form": "atom"}, name="feed"),
    path("feeds/<str:secret>/<str:name>.json", feed, {"form": "json"}),
]
