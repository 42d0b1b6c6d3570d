"""The addresses of calendars and to-do lists; the web layer includes them at the root."""

from django.urls import path, re_path

from genba.channels.calendar import dav, feed

urlpatterns = [
    path("calendar/<str:secret>.ics", feed.feed, name="calendar_feed"),
    path(".well-known/caldav", dav.well_known),
    re_path(r"^(dav/(?:me/|lists/|lists/tasks/)?)$", dav.collection),
    re_path(r"^dav/lists/tasks/([^/]+)\.ics$", dav.item),
]
