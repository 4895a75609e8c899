"""What /{{ cookiecutter.name }}/ serves, over a real table."""

{{ cookiecutter.test_imports }}

URL = "/{{ cookiecutter.name }}/"


{{ cookiecutter.new_function }}


{{ cookiecutter.add_function }}


async def test_what_is_added_is_there(api: APIClient) -> None:
    body = {{ cookiecutter.new_1 }}

    response = await api.post(URL, json=body)

    assert response.status == 201
    added = await response.json()
    assert added == {**body, "id": added["id"]}
    response = await api.get(f"{URL}{added['id']}/")
    assert response.status == 200
    assert await response.json() == added


async def test_the_list_has_pages(api: APIClient) -> None:
    added = [await {{ cookiecutter.add }}(api, number) for number in (1, 2, 3)]

    response = await api.get(URL, params={"limit": 2, "offset": 1})

    assert response.status == 200
    page = await response.json()
    assert page["count"] == 3
    assert page["results"] == added[1:]


async def test_the_list_has_the_order_that_is_asked_for(api: APIClient) -> None:
    added = [await {{ cookiecutter.add }}(api, number) for number in (1, 2, 3)]

    response = await api.get(URL, params={"ordering": "-{{ cookiecutter.order }}"})

    assert response.status == 200
    page = await response.json()
    assert page["results"] == added[::-1]
{{ cookiecutter.filter_test }}

async def test_an_update_replaces_all_that_a_client_says(api: APIClient) -> None:
    added = await {{ cookiecutter.add }}(api, 1)
    body = {{ cookiecutter.new_2 }}

    response = await api.put(f"{URL}{added['id']}/", json=body)

    assert response.status == 200
    assert await response.json() == {**body, "id": added["id"]}


async def test_a_patch_changes_what_is_given(api: APIClient) -> None:
    added = await {{ cookiecutter.add }}(api, 1)
    other = {{ cookiecutter.new_2 }}
    changes = {"{{ cookiecutter.subject }}": other["{{ cookiecutter.subject }}"]}

    response = await api.patch(f"{URL}{added['id']}/", json=changes)

    assert response.status == 200
    assert await response.json() == {**added, **changes}


async def test_what_is_removed_is_gone(api: APIClient) -> None:
    added = await {{ cookiecutter.add }}(api, 1)

    response = await api.delete(f"{URL}{added['id']}/")

    assert response.status == 204
    response = await api.get(f"{URL}{added['id']}/")
    await problem(response, 404)


async def test_what_is_not_there_is_not_found(api: APIClient) -> None:
    response = await api.get(f"{URL}1/")

    await problem(response, 404)


{{ cookiecutter.refusal_test }}{{ cookiecutter.conflict_tests }}
