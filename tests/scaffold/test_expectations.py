import ast

import pytest

from webkit.scaffold.expectations import variables_of_tests
from webkit.scaffold.fields import fields_in
from webkit.scaffold.resources import Resource, Target


ARTISTS = Target(table="artists", tests="apps.artists.tests.test_artists", adding="add_artist")


def variables(*words, targets=()):
    known = {target.table: target for target in targets}
    resource = Resource(name="albums", class_name="Album", fields=fields_in(words), targets=known)
    return variables_of_tests(resource)


def test_each_number_makes_another_object():
    found = variables("title:str", "born:date", "more:json")

    code = found["new_function"].replace("dict[str, Any]", "dict")
    namespace = {}
    exec(code, namespace)
    assert namespace["new_album"](3) == {
        "title": "title 3",
        "born": "2001-01-03",
        "more": {"number": 3},
    }


def test_what_is_referred_to_is_added_first():
    found = variables("title:str", "artist:ref:artists", "by:ref:artists?", targets=[ARTISTS])

    assert found["new_function"].splitlines()[2:] == [
        "    artist = await add_artist(api, number)",
        "    return {",
        '        "title": f"title {number}",',
        '        "artist_id": artist["id"],',
        '        "by_id": artist["id"],',
        "    }",
    ]
    assert "from apps.artists.tests.test_artists import add_artist" in found["test_imports"]
    assert found["new_1"] == "await new_album(api, 1)"


def test_what_nothing_adds_is_left_out():
    found = variables("parent:ref:albums?")

    assert '"parent_id": None,' in found["new_function"]
    assert found["filter_test"] == ""
    assert found["conflict_tests"].count("async def") == 1


@pytest.mark.parametrize("adding", ["add_class", "add_api", "add_number"])
def test_a_variable_is_no_keyword_and_no_parameter(adding):
    target = Target(table="things", tests="t", adding=adding)

    found = variables("a:ref:things", targets=[target])

    ast.parse(found["new_function"])
    assert f"{adding[4:]}_row" in found["new_function"]


def test_a_list_is_ordered_by_a_field_in_whose_order_the_samples_are():
    assert variables("a:bool", "b:text", "c:int")["order"] == "c"
    assert variables("a:bool")["order"] == "id"


@pytest.mark.parametrize(
    ("word", "wanted", "results"),
    [
        ("a:str", '{"a": added[1]["a"]}', "[added[1]]"),
        ("a:bool", '{"a": "true"}', "[added[1]]"),
        ("a:datetime", '{"a__gte": added[1]["a"]}', "added[1:]"),
        ("limit:int", '{"limit__gte": added[1]["limit"]}', "added[1:]"),
    ],
)
def test_a_filter_is_tried(word, wanted, results):
    found = variables(word)["filter_test"]

    assert f"wanted = {wanted}\n" in found
    assert f'page["results"] == {results}\n' in found


def test_what_cannot_be_filtered_is_not_tried():
    assert variables("notes:text")["filter_test"] == ""


def test_a_value_that_does_not_fit_is_refused_by_its_name():
    assert 'json={"b": []}' in variables("a:json", "b:int")["refusal_test"]
    assert "json=[]" in variables("a:json")["refusal_test"]


def test_unique_fields_and_references_conflict():
    found = variables("a:str!", "b:ref:artists!", "c:ref:artists", "d:int", targets=[ARTISTS])

    names = [line for line in found["conflict_tests"].splitlines() if line.startswith("async")]
    assert [line.split("(")[0].removeprefix("async def test_") for line in names] == [
        "no_two_have_the_same_a",
        "no_two_have_the_same_b_id",
        "b_id_refers_to_what_is_there",
        "c_id_refers_to_what_is_there",
    ]
