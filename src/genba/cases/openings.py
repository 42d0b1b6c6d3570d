"""Registers the three objects of this folder at the object doors."""

from genba.acts.objects import ObjectType, register_object
from genba.cases import cards, objects

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
