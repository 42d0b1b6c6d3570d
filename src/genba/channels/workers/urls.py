"""The addresses of workers of Camunda 7: `/engine-rest/…`."""

from django.urls import path

from genba.channels.workers import facade, queries

TASK = "engine-rest/external-task"

urlpatterns = [
    path(f"{TASK}/fetchAndLock", facade.fetch_and_lock),
    path(TASK, queries.tasks),
    path(f"{TASK}/count", queries.count),
    path(f"{TASK}/topic-names", queries.topic_names),
    path(f"{TASK}/<str:id>", queries.one),
    path(f"{TASK}/<str:id>/errorDetails", queries.error_details),
    path(f"{TASK}/<str:id>/complete", facade.complete),
    path(f"{TASK}/<str:id>/failure", facade.failure),
    path(f"{TASK}/<str:id>/bpmnError", facade.bpmn_error),
    path(f"{TASK}/<str:id>/extendLock", facade.extend_lock),
    path(f"{TASK}/<str:id>/unlock", facade.unlock),
]
