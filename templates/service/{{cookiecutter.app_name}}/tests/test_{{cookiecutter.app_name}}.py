"""What the app {{ cookiecutter.app_name }} serves."""

from webkit.testing import APIClient


async def test_the_app_says_its_name_and_greets(api: APIClient) -> None:
    response = await api.get("/{{ cookiecutter.app_name }}/?name=Ann")

    assert response.status == 200
    found = await response.json()
    assert found["app"] == "{{ cookiecutter.app_name }}"
    assert found["greeting"].endswith(", Ann!")  # whatever webkit.toml says before it
