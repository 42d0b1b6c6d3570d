"""Which chat systems this installation talks to, and how we are known there.

Rules of this file: plain data from the environment, read once. A system nobody has set up is not
there: its address answers nothing, and no card goes to it.

| variable | meaning |
| --- | --- |
| GENBA_SLACK_SECRET, GENBA_SLACK_TOKEN | signing secret of the app, token of its bot |
| GENBA_MATTERMOST_URL, _TOKEN, _BOT, _SECRET | the server, token and id of the bot, command token |
| GENBA_TEAMS_SECRET | security token of the outgoing webhook |
| GENBA_ZULIP_URL, _BOT, _KEY, _SECRET | the server, address and key of the bot, webhook token |
| GENBA_MATRIX_URL, _BOT, _TOKEN | the homeserver, our user there and its access token |
"""

import ipaddress
import os
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from urllib.parse import urlsplit

from msgspec import Struct

from genba.channels.chat.contract import Account, Chat
from genba.runtime.outward import Allowed

EVERYWHERE = tuple(ipaddress.ip_network(net) for net in ("0.0.0.0/0", "::/0"))


class System(Struct, frozen=True, kw_only=True):
    """A chat system that is set up. `hosts` are those that may be called for it."""

    chat: Chat
    account: Account
    secret: str = ""
    hosts: tuple[Allowed, ...] = ()

    @property
    def sends(self) -> bool:
        """Whether cards can be posted there without being asked for."""
        return self.chat.post is not None and bool(self.account.token)


# Name -> the variables of its address, our token, our name there, and the secret it shows us.
_VARIABLES: dict[str, tuple[str, str, str, str]] = {
    "slack": ("GENBA_SLACK_URL", "GENBA_SLACK_TOKEN", "", "GENBA_SLACK_SECRET"),
    "mattermost": (
        "GENBA_MATTERMOST_URL",
        "GENBA_MATTERMOST_TOKEN",
        "GENBA_MATTERMOST_BOT",
        "GENBA_MATTERMOST_SECRET",
    ),
    "teams": ("", "", "", "GENBA_TEAMS_SECRET"),
    "zulip": ("GENBA_ZULIP_URL", "GENBA_ZULIP_KEY", "GENBA_ZULIP_BOT", "GENBA_ZULIP_SECRET"),
    "matrix": ("GENBA_MATRIX_URL", "GENBA_MATRIX_TOKEN", "GENBA_MATRIX_BOT", ""),
}
_HOSTS = {"slack": ("slack.com", "hooks.slack.com")}


@cache
def chats() -> dict[str, Chat]:
    """Every chat system there is a folder for, by name."""
    found = (point.load() for point in entry_points(group="genba.chats"))
    return {chat.channel.name: chat for chat in found}


def systems_from(environment: Mapping[str, str]) -> dict[str, System]:
    """The systems that are set up, by name."""
    found = {}
    for name, chat in chats().items():
        url, token, bot, secret = (
            environment.get(variable, "") for variable in _VARIABLES.get(name, ("",) * 4)
        )
        if token or secret:
            account = Account(url=url.rstrip("/"), token=token, name=bot)
            hosts = (*_named(url), *(Allowed(host) for host in _HOSTS.get(name, ())))
            found[name] = System(chat=chat, account=account, secret=secret, hosts=hosts)
    return found


def _named(url: str) -> tuple[Allowed, ...]:
    """The server somebody set up, wherever it stands: also inside."""
    parts = urlsplit(url)
    if not parts.hostname:
        return ()
    return tuple(Allowed(parts.hostname, parts.port or 0, net) for net in EVERYWHERE)


_systems: dict[str, System] | None = None


def systems() -> dict[str, System]:
    """The systems of this process, from the environment at the first call."""
    global _systems
    if _systems is None:
        _systems = systems_from(os.environ)
    return _systems


def use_systems(chosen: dict[str, System] | None) -> None:
    """Use these from now on; None reads the environment again."""
    global _systems
    _systems = chosen
