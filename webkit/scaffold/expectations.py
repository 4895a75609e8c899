"""The tests of a resource: what in ``templates/resource`` depends on its fields."""

import keyword
from collections.abc import Iterator, Mapping

from webkit.scaffold.fields import Field
from webkit.scaffold.kinds import REFERENCE
from webkit.scaffold.layout import imported, joined
from webkit.scaffold.resources import PARAMETERS, Resource


__all__ = ("variables_of_tests",)

_POINTERS = '    assert [error["pointer"] for error in answer["errors"]] == {pointers}'
_FILTER = """

async def test_the_list_is_filtered(api: APIClient) -> None:
    added = [await {add}(api, number) for number in (1, 2, 3)]
    wanted = {{"{parameter}": {value}}}

    response = await api.get(URL, params=wanted)

    assert response.status == 200
    page = await response.json()
    assert page["results"] == {found}
"""
_REFUSAL = """\
async def test_what_does_not_fit_is_refused(api: APIClient) -> None:
    response = await api.post(URL, json={body})

    {answer}await problem(response, 422)"""
_UNIQUE = """


async def test_no_two_have_the_same_{field}(api: APIClient) -> None:
    added = await {add}(api, 1)
    other = {new_2}
    body = {{**other, "{field}": added["{field}"]}}

    response = await api.post(URL, json=body)

    answer = await problem(response, 409)
{pointers}"""
_DANGLING = """


async def test_{field}_refers_to_what_is_there(api: APIClient) -> None:
    other = {new_1}
    body = {{**other, "{field}": 999}}

    response = await api.post(URL, json=body)

    answer = await problem(response, 409)
{pointers}"""


def variables_of_tests(resource: Resource) -> dict[str, str]:
    """Return the variables of the tests, but for those that the whole template has."""
    adders = _adders(resource)
    call = f"{'await ' if adders else ''}new_{resource.singular}({'api, ' if adders else ''}"
    known = {
        "add": f"add_{resource.singular}",
        "new_1": f"{call}1)",
        "new_2": f"{call}2)",
        "new_n": f"{call}number)",
    }
    return {
        **known,
        "test_imports": _imports(resource),
        "new_function": _new(resource),
        "add_function": _add(resource, known["new_n"]),
        "subject": resource.fields[0].name,
        "order": _order(resource),
        "filter_test": _filter(resource, known["add"]),
        "refusal_test": _refusal(resource),
        "conflict_tests": "".join(_conflicts(resource, known)),
    }


def _adders(resource: Resource) -> dict[str, str]:
    """Return the functions that add what the resource refers to, each with its variable."""
    targets = filter(None, map(resource.adder_of, resource.fields))
    return {target.adding: _variable(target.adding.removeprefix("add_")) for target in targets}


def _variable(name: str) -> str:
    return f"{name}_row" if keyword.iskeyword(name) or name in ("api", "number") else name


def _imports(resource: Resource) -> str:
    targets = filter(None, map(resource.adder_of, resource.fields))
    lines = sorted({imported(target.tests, [target.adding]) for target in targets})
    ours = "\n".join(["", "", *lines]) if lines else ""
    return f"from typing import Any\n\nfrom webkit.testing import APIClient, problem{ours}"


def _new(resource: Resource) -> str:
    adders = _adders(resource)
    parameters = ["api: APIClient"] * bool(adders) + ["number: int"]
    prefix = "async def" if adders else "def"
    what = "having added what it refers to" if adders else "which differs from number to number"
    items = (f"        {_item(resource, field)}," for field in resource.fields)
    lines = [
        joined(f"{prefix} new_{resource.singular}(", parameters, ") -> dict[str, Any]:"),
        f'    """Return what makes one, {what}."""',
        *(f"    {variable} = await {add}(api, number)" for add, variable in adders.items()),
        *("    return {", *items, "    }"),
    ]
    return "\n".join(lines)


def _item(resource: Resource, field: Field) -> str:
    target = resource.adder_of(field)
    if target:
        value = f'{_variable(target.adding.removeprefix("add_"))}["id"]'
    elif field.target:
        value = "None"
    else:
        value = field.kind.sample.replace("{field}", field.name)
    return f'"{field.name}": {value}'


def _add(resource: Resource, body: str) -> str:
    parameters = ["api: APIClient", "number: int"]
    head = joined(f"async def add_{resource.singular}(", parameters, ") -> dict[str, Any]:")
    return f'''\
{head}
    """Add one, and return it."""
    body = {body}
    response = await api.post(URL, json=body)
    assert response.status == 201
    added: dict[str, Any] = await response.json()
    return added'''


def _order(resource: Resource) -> str:
    """Return a field in whose order the samples are."""
    fields = (field for field in resource.fields if field.kind.is_ordered)
    return next((field.name for field in fields if field.type not in ("bool", REFERENCE)), "id")


def _filter(resource: Resource, add: str) -> str:
    field = next((field for field in resource.fields if _is_filtered(resource, field)), None)
    if field is None:
        return ""
    is_exact = "" in field.kind.filters and field.name not in PARAMETERS
    value = '"true"' if field.type == "bool" else f'added[1]["{field.name}"]'
    return _FILTER.format(
        add=add,
        parameter=field.name if is_exact else f"{field.name}__gte",
        value=value,
        found="[added[1]]" if is_exact else "added[1:]",
    )


def _is_filtered(resource: Resource, field: Field) -> bool:
    if field.target and not resource.adder_of(field):
        return False
    return any(operator or field.name not in PARAMETERS for operator in field.kind.filters)


def _refusal(resource: Resource) -> str:
    field = next((field for field in resource.fields if field.kind.wrong), None)
    if field is None:
        return _REFUSAL.format(body="[]", answer="")
    body = f'{{"{field.name}": {field.kind.wrong}}}'
    pointers = f'\n    assert "#/{field.name}" in [error["pointer"] for error in answer["errors"]]'
    return _REFUSAL.format(body=body, answer="answer = ") + pointers


def _conflicts(resource: Resource, known: Mapping[str, str]) -> Iterator[str]:
    for field in resource.fields:
        pointers = _POINTERS.format(pointers=f'["#/{field.name}"]')
        facts = {**known, "field": field.name, "pointers": pointers}
        if field.unique and (not field.target or resource.adder_of(field)):
            yield _UNIQUE.format(**facts)
        if field.target:
            yield _DANGLING.format(**facts)
