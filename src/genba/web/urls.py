"""Every address of the web layer.

Rules of this file: what changes something is a POST; everything asks for a signed-in person
unless its view says otherwise (LoginRequiredMiddleware).
"""

from django.urls import include, path

from genba.web import rest
from genba.web.live import live
from genba.web.pages import acting, cases, decisions, files, inbox, processes, session

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("find", inbox.find, name="find"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:number>", cases.case, name="case"),
    path("cases/<int:number>/drawing", cases.drawing, name="case_drawing"),
    path("cases/<int:number>/files/<str:content>", files.file, name="file"),
    path("cases/<int:number>/<str:work>", cases.case, name="task"),
    path("processes/", processes.processes, name="processes"),
    path("processes/deploy", processes.deploy, name="deploy"),
    path("processes/<str:key>", processes.process, name="process"),
    path("processes/<str:key>/<int:version>/drawing", processes.source, name="source"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/<str:key>", decisions.decision, name="decision"),
    path("decisions/<str:key>/<int:version>/file", decisions.file, name="decision_file"),
    path("acts/<str:object>/<str:id>/<str:act>", acting.act, name="act"),
    path("live", live, name="live"),
    path("api/", rest.urls()),
    path("language", session.language, name="language"),
    path("demo", session.demo, name="demo"),
    path("account/", include("allauth.account.urls")),
    path("", include("genba.channels.mail.urls")),
]

handler400 = "genba.web.pages.errors.bad_request"
handler403 = "genba.web.pages.errors.forbidden"
handler404 = "genba.web.pages.errors.not_found"
handler500 = "genba.web.pages.errors.failed"
