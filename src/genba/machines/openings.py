"""Registers the objects of this folder at the object doors."""

from genba.acts.objects import ObjectType, register_object
from genba.machines import accounts, chat_links, jobs, provisioning, webhooks

register_object(
    ObjectType(
        name="job",
        load=jobs.load_job,
        visible=jobs.sees_job,
        card=jobs.job_card,
        gone=jobs.job_gone,
    )
)
register_object(
    ObjectType(
        name="account",
        load=accounts.load_account,
        visible=accounts.sees_account,
        card=accounts.account_card,
        gone=accounts.account_gone,
    )
)
register_object(
    ObjectType(
        name=webhooks.KIND,
        load=webhooks.load_webhook,
        visible=webhooks.sees_webhook,
        card=webhooks.webhook_card,
        gone=webhooks.webhook_gone,
    )
)
register_object(
    ObjectType(
        name=provisioning.KIND,
        load=provisioning.load_directory,
        visible=provisioning.sees_directory,
        card=provisioning.directory_card,
        gone=provisioning.directory_gone,
    )
)
register_object(
    ObjectType(
        name="chats",
        load=chat_links.load_chats,
        visible=chat_links.sees_chats,
        card=chat_links.chats_card,
        gone=chat_links.chats_gone,
    )
)
