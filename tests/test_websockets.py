"""WebSockets with typed messages, over real connections."""

import json

import msgspec
import pytest
from aiohttp import WSCloseCode, WSMsgType

from webkit.application import create_app
from webkit.decorators import action
from webkit.exceptions import PermissionDenied
from webkit.routers import SimpleRouter
from webkit.viewsets import BaseViewSet
from webkit.websockets import WebSocket


class Said(msgspec.Struct):
    text: str


class Heard(msgspec.Struct):
    text: str
    room: str


class ChatViewSet(BaseViewSet):
    @action(detail=True)
    async def talk(self, id: str, ws: WebSocket[Said, Heard], loud: bool = False) -> None:
        async for said in ws:
            if said.text == "bye":
                await ws.close(message="see you")
            if said.text == "fail":
                raise RuntimeError("lost my voice")
            if said.text == "leave":
                raise PermissionDenied("out of here")
            if said.text == "end":
                return
            await ws.send(Heard(said.text.upper() if loud else said.text, id))

    @action()
    async def anything(self, ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    @action()
    async def shout(self, ws: WebSocket[Said, Heard]) -> None:
        async for _ in ws:
            pass
        await ws.send(Heard("anybody there?", "den"))


@pytest.fixture
async def client(aiohttp_client):
    router = SimpleRouter()
    router.register(ChatViewSet, basename="chat")
    return await aiohttp_client(create_app(routes=router.routes))


async def test_messages_have_types_both_ways(client):
    async with client.ws_connect("/chat/den/talk/?loud=1") as ws:
        await ws.send_json({"text": "hi"})

        assert await ws.receive_json() == {"text": "HI", "room": "den"}


async def test_a_handshake_names_no_versions(client):
    async with client.ws_connect("/chat/den/talk/") as ws:
        assert ws._response.headers["Server"] == "webkit"


async def test_bytes_of_json_are_a_message_too(client):
    async with client.ws_connect("/chat/den/talk/") as ws:
        await ws.send_bytes(b'{"text": "hi"}')

        assert await ws.receive_json() == {"text": "hi", "room": "den"}


async def test_without_types_any_json_is_a_message(client):
    async with client.ws_connect("/chat/anything/") as ws:
        await ws.send_json([1, None])

        assert await ws.receive_json() == [1, None]


@pytest.mark.parametrize(
    ("message", "status", "errors"),
    [
        ("{", 400, None),
        ('{"text": 1}', 422, ["#/text"]),
        ("{}", 422, ["#/text"]),
    ],
)
async def test_a_bad_message_is_answered_with_the_problem_and_the_talk_goes_on(
    client, message, status, errors
):
    async with client.ws_connect("/chat/den/talk/") as ws:
        await ws.send_str(message)
        problem = await ws.receive_json()
        await ws.send_json({"text": "hi"})

        assert problem["status"] == status
        assert [item["pointer"] for item in problem.get("errors", [])] == (errors or [])
        assert (await ws.receive_json())["text"] == "hi"


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("end", WSCloseCode.OK, ""),
        ("bye", WSCloseCode.OK, "see you"),
        ("leave", WSCloseCode.POLICY_VIOLATION, "out of here"),
        ("fail", WSCloseCode.INTERNAL_ERROR, ""),
    ],
)
async def test_the_connection_ends_with_the_action(client, text, code, reason):
    async with client.ws_connect("/chat/den/talk/") as ws:
        await ws.send_json({"text": text})
        message = await ws.receive()

        assert message.type == WSMsgType.CLOSE
        assert (message.data, message.extra) == (code, reason)


async def test_an_error_is_logged_and_never_told(client, caplog):
    async with client.ws_connect("/chat/den/talk/") as ws:
        await ws.send_json({"text": "fail"})
        await ws.receive()

    (record,) = [record for record in caplog.records if record.exc_info]
    assert "lost my voice" in record.exc_text


async def test_the_iteration_ends_when_the_peer_goes(client):
    async with client.ws_connect("/chat/den/talk/") as ws:
        await ws.send_json({"text": "hi"})
        await ws.receive_json()
        await ws.close()

    assert ws.close_code == WSCloseCode.OK


async def test_a_request_that_is_no_handshake_is_refused(client):
    answer = await client.get("/chat/den/talk/")

    assert answer.status == 400
    assert answer.content_type == "application/problem+json"


async def test_parameters_are_checked_before_the_connection_opens(client):
    answer = await client.get("/chat/den/talk/?loud=maybe")

    assert answer.status == 422


async def test_a_message_larger_than_the_limit_closes_the_connection(client):
    async with client.ws_connect("/chat/den/talk/") as ws:
        await ws.send_str(json.dumps({"text": "x" * 2 * 1024**2}))
        message = await ws.receive()

        assert message.data == WSCloseCode.MESSAGE_TOO_BIG


async def test_a_peer_that_has_gone_is_no_error(client, caplog):
    async with client.ws_connect("/chat/shout/") as ws:
        await ws.close()

    assert [record for record in caplog.records if record.exc_info] == []
