"""Addresses that chat systems call; the web layer includes them at the root of the site."""

from django.urls import path

from genba.channels.chat import endpoints

urlpatterns = [path("chat/<slug:name>", endpoints.endpoint, name="chat")]
