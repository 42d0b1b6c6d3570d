"""Registers the objects of this folder at the object doors."""

from genba.acts.objects import ObjectType, register_object
from genba.cases import cards, decision_objects, objects

register_object(
    ObjectType(
        name="process",
        load=objects.load_process,
        visible=objects.sees_process,
        card=cards.process_card,
        gone=cards.process_gone,
    )
)
register_object(
    ObjectType(
        name="case",
        load=objects.load_case,
        visible=objects.sees_case,
        card=cards.case_card,
        gone=cards.case_gone,
        thread=objects.thread_of_case,
    )
)
register_object(
    ObjectType(
        name="task",
        load=objects.load_task,
        visible=objects.sees_task,
        card=cards.task_card,
        gone=cards.task_gone,
        whole=objects.whole_of_task,
    )
)
register_object(
    ObjectType(
        name="decision",
        load=decision_objects.load_decision,
        visible=decision_objects.sees,
        card=decision_objects.decision_card,
        gone=decision_objects.gone,
        thread=decision_objects.thread_of_decision,
    )
)
register_object(
    ObjectType(
        name="rule",
        load=decision_objects.load_row,
        visible=decision_objects.sees,
        card=decision_objects.row_card,
        gone=decision_objects.gone,
        whole=decision_objects.whole_of_row,
        thread=decision_objects.thread_of_row,
    )
)
