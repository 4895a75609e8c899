from aiohttp import web

from webkit import health


async def test_health_says_that_the_process_lives(aiohttp_client):
    app = web.Application()
    app.add_routes(health.routes())
    client = await aiohttp_client(app)

    response = await client.get("/health")

    assert response.status == 200
    assert response.content_type == "application/json"
    assert await response.json() == {"status": "ok"}


def test_its_name_leaves_the_name_health_to_the_project():
    assert [route.kwargs["name"] for route in health.routes()] == ["webkit.health"]
