"""The addresses of calendars and to-do lists; the web layer includes them at the root."""

from django.urls import path

from genba.channels.calendar import feed

urlpatterns = [
    path("calendar/<str:secret>.ics", feed.feed, name="calendar_feed"),
]
