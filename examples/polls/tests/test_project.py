"""What this service does whatever its apps are."""

from webkit.testing import APIClient, problem


async def test_it_is_healthy(api: APIClient) -> None:
    response = await api.get("/health")

    assert response.status == 200


async def test_an_unknown_url_is_answered_with_a_problem(api: APIClient) -> None:
    response = await api.get("/no/such/page")

    await problem(response, 404)


async def test_the_root_is_served(api: APIClient) -> None:
    """By the welcome page, until a route of an app or of routes.py claims it."""
    response = await api.get("/")

    assert response.status == 200
