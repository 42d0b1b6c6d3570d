"""An assistant of a served installation: the client of the protocol over HTTP, and over standard
input and output."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client
from mcp_types import ElicitResult

from tests.serving import PROGRAM, Served, add_person, genba, served, surroundings

DRAWING = Path(__file__).parents[2] / "drawings" / "errands.bpmn"
BUYER, STAFF = "buyer@example.org", "staff@example.org"
ERAS = ("auto", "legacy")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the drawing of an errand."""
    home = tmp_path_factory.mktemp("assistants") / "var"
    add_person(home, BUYER, "Buyer", "Buying")
    add_person(home, STAFF, "Staff", "Staff")
    genba(home, "deploy", str(DRAWING))
    with served(home) as running:
        yield running
        code, _seconds, said = running.stop()  # with assistants inside it stops like without
        assert (code, said) == (0, "")


@pytest.fixture(scope="module")
def secret(server: Served) -> str:
    """A token of the buyer."""
    scopes = ("--scope", "read", "--scope", "act")
    said = genba(server.home, "token", "make", BUYER, "--name", "assistant", *scopes)
    return said.partition("Token: ")[2].split()[0]


@pytest.fixture
def errand(server: Served) -> str:
    """A new case; its id."""
    act = ("act", "process", "errands", "start", "--as", STAFF, "--json")
    return str(json.loads(genba(server.home, *act))["object_id"])


async def yes(_context: Any, _params: Any) -> ElicitResult:
    """The person confirms."""
    return ElicitResult(action="accept", content={"confirm": True})


async def packed(client: Client, errand: str) -> Any:
    """The buyer's assistant finds what is to be packed, and packs it."""
    tools = [tool.name for tool in (await client.list_tools()).tools]
    assert {"my_cards", "task_complete"} <= set(tools)
    cards = (await client.call_tool("my_cards", {})).structured_content["data"]
    (id,) = [card["id"] for card in cards if card["id"].startswith(errand)]
    return await client.call_tool("task_complete", {"id": id})


def over_http(
    server: Served, secret: str, session: Callable[[Client], Awaitable[Any]], era: str
) -> Any:
    """What happens in a session over HTTP."""

    async def run() -> Any:
        headers = {"Authorization": f"Bearer {secret}"}
        async with create_mcp_http_client(headers=headers) as http:
            transport = streamable_http_client(f"{server.address}/mcp", http_client=http)
            async with Client(transport, mode=era, elicitation_callback=yes, cache=None) as client:
                return await session(client)

    return asyncio.run(run())


def test_over_http_the_person_is_asked(server: Served, secret: str, errand: str) -> None:
    said = over_http(server, secret, lambda client: packed(client, errand), "auto")
    assert not said.is_error, said
    assert said.structured_content["data"]["verdict"] == "done"


def test_over_http_in_the_old_era_nothing_final_is_done(
    server: Served, secret: str, errand: str
) -> None:
    said = over_http(server, secret, lambda client: packed(client, errand), "legacy")
    assert said.is_error  # without sessions there is no way back to the person
    assert said.structured_content["verdict"] == "needs-person"
    assert f"{server.address}/cases/" in said.structured_content["message"]


@pytest.mark.parametrize("era", ERAS)
def test_over_standard_input_and_output(server: Served, secret: str, errand: str, era: str) -> None:
    env = {**surroundings(server.home), "GENBA_TOKEN": secret}
    program = StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=env)

    async def run() -> Any:
        async with Client(program, mode=era, elicitation_callback=yes, cache=None) as client:
            return await packed(client, errand)

    said = asyncio.run(run())
    assert not said.is_error, said


@pytest.mark.security("S12")
def test_without_a_token_for_it_nobody_is_let_in(server: Served, secret: str) -> None:
    made = genba(server.home, "token", "make", BUYER, "--name", "list", "--scope", "todo")
    todo = made.partition("Token: ")[2].split()[0]

    def status(**headers: str) -> int:
        asked = urllib.request.Request(f"{server.address}/mcp", b"{}", headers, method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked)
        with refused.value as answer:
            return int(answer.code)

    assert status() == 401
    assert status(Authorization=f"Bearer {todo}") == 401
    own = f"Bearer {secret}"
    assert status(Authorization=own, Origin="https://elsewhere.example") == 403
    assert status(Authorization=own, Host="elsewhere.example") == 403
