"""Addresses of the mail channel's pages; the web layer includes them at the root of the site."""

from django.urls import path

from genba.channels.mail import landing, mailbox_pages, pushing

urlpatterns = [
    path("m/<str:token>", landing.landing, name="mail_link"),
    path("mail/in", pushing.pushed, name="mail_pushed"),
    path("mailbox/", mailbox_pages.overview, name="mailbox"),
    path("mailbox/<str:name>", mailbox_pages.mail, name="mailbox_mail"),
]
