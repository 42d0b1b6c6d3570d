"""Every address of the web layer.

Rules of this file: what changes something is a POST; everything asks for a signed-in person
unless its view says otherwise (LoginRequiredMiddleware).
"""

from django.conf import settings
from django.urls import include, path, register_converter

from genba.web.live import live
from genba.web.pages import (
    acting,
    calendars,
    cases,
    chats,
    decisions,
    drafts,
    errors,
    files,
    helping,
    inbox,
    leaks,
    migrations,
    outside,
    people,
    processes,
    programs,
    queues,
    session,
    several,
    subscriptions,
    talked,
    undone,
    webhooks,
)
from genba.web.parts import Key, Number

register_converter(Key, "key")
register_converter(Number, "number")

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("find", inbox.find, name="find"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<number:number>", cases.case, name="case"),
    path("cases/<number:number>/drawing", cases.drawing, name="case_drawing"),
    path("cases/<number:number>/files/<str:content>", files.file, name="file"),
    path("cases/<number:number>/files/<str:content>/page", files.page, name="file_page"),
    path("cases/<number:number>/files/<str:content>/view", files.view, name="file_view"),
    path("cases/<number:number>/steps/<key:node>", talked.step, name="step"),
    path("cases/<number:number>/<str:work>", cases.case, name="task"),
    path("processes/", processes.processes, name="processes"),
    path("processes/deploy", processes.deploy, name="deploy"),
    path("processes/<key:key>", processes.process, name="process"),
    path("processes/<key:key>/help", helping.measures, name="help_measures"),
    path("processes/<key:key>/migration", migrations.migration, name="migration"),
    path("processes/<key:key>/<number:version>/drawing", processes.source, name="source"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<key:key>", decisions.decision, name="decision"),
    path("decisions/<key:key>/rows/<key:row>", decisions.decision, name="decision_row"),
    path("decisions/<key:key>/<number:version>/file", decisions.file, name="decision_file"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/<key:name>", calendars.calendar, name="calendar"),
    path("queues/", queues.queues, name="queues"),
    path("queues/<key:team>", queues.queue, name="queue"),
    path("me/chats", chats.chats, name="chats"),
    path("me/calendar", subscriptions.subscriptions, name="subscriptions"),
    path("me/webhooks", webhooks.webhooks, name="webhooks"),
    path("me/webhooks/<str:id>", webhooks.webhook, name="webhook"),
    path("me/skills", queues.skills, name="skills"),
    path("asks/<str:id>", helping.ask, name="ask"),
    path("notes/<str:id>", helping.note, name="note"),
    path("me", people.person, name="me"),
    path("me/programs", programs.programs, name="programs"),
    path("leaks", leaks.leaks_page, name="leaks"),
    path("undone", undone.undone_page, name="undone"),
    path("me/<number:id>", people.person_of, name="person"),
    path("me/<number:id>/skills", queues.skills_of, name="skills_of"),
    path("acts/several", several.several, name="several"),
    path("acts/<str:object>/<key:id>/<str:act>", acting.act, name="act"),
    path("drafts/forget", drafts.forget, name="forget_draft"),
    path("drafts/<str:object>/<key:id>/<str:act>", drafts.keep, name="draft"),
    path("foresee/<str:object>/<key:id>/<str:act>", acting.foreseen, name="foresee"),
    path("files/<str:object>/<key:id>/<str:content>", files.talked, name="thread_file"),
    path(
        "files/<str:object>/<key:id>/<str:content>/page",
        files.talked_page,
        name="thread_file_page",
    ),
    path(
        "files/<str:object>/<key:id>/<str:content>/view",
        files.talked_view,
        name="thread_file_view",
    ),
    path("open/<key:key>", outside.ask, name="outside"),
    path("open/<key:key>/<str:proof>", outside.begin, name="outside_form"),
    path("live", live, name="live"),
    path("", include("genba.channels.calendar.urls")),
    path("", include("genba.channels.feeds.urls")),
    path("", include("genba.channels.scim.urls")),
    path("", include("genba.channels.workers.urls")),
    path("api/", include("genba.web.api.urls")),
    path("language", session.language, name="language"),
    path("demo", session.demo, name="demo"),
    # Who has which mail address decides what they may do: an administrator changes it, not they.
    path("account/email/", errors.not_found),
    path("account/", include("allauth.account.urls")),
    path("", include("genba.channels.chat.urls")),
    path("", include("genba.channels.mail.urls")),
]

if settings.GENBA_OIDC is not None:
    urlpatterns += [
        path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("account/elsewhere/", include("allauth.socialaccount.urls")),
    ]

handler400 = "genba.web.pages.errors.bad_request"
handler403 = "genba.web.pages.errors.forbidden"
handler404 = "genba.web.pages.errors.not_found"
handler500 = "genba.web.pages.errors.failed"
