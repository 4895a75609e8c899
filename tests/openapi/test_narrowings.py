import pytest

from webkit.openapi.narrowings import Comparison


STRING, INTEGER, NUMBER, NULL = ({"type": name} for name in ("string", "integer", "number", "null"))


def _object(*required, **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


def _tagged(tag, **properties):
    return _object("kind", kind={"enum": [tag]}, **properties)


def _request(old, new):
    return list(Comparison({}, {}).request(old, new, at="it"))


def _answer(old, new):
    return list(Comparison({}, {}).answer(old, new, at="it"))


@pytest.mark.parametrize(
    "schema",
    [
        {},
        True,
        STRING,
        {"type": ["string", "null"]},
        {"enum": ["a", 1, True, None, 1.5, ["a"]]},
        {"anyOf": [STRING, {"oneOf": [INTEGER, NULL]}]},
        _object("a", a=STRING, b={"type": "array", "items": INTEGER}),
        {"type": "object", "additionalProperties": INTEGER},
        {"type": "array", "prefixItems": [STRING, INTEGER]},
        {"properties": {"a": STRING}},
    ],
)
def test_what_stays_as_it_is_breaks_nobody(schema):
    assert _request(schema, schema) == _answer(schema, schema) == []


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (STRING, INTEGER, "it: string is not taken any more, only integer"),
        (NUMBER, INTEGER, "it: number is not taken any more, only integer"),
        ({}, STRING, "it: anything is not taken any more, only string"),
        ({"anyOf": [STRING, NULL]}, STRING, "it: null is not taken any more, only string"),
        ({"enum": ["a", "b"]}, {"enum": ["b", "c"]}, "it: 'a' is not taken any more"),
        (STRING, {**STRING, "enum": ["a"]}, "it: only 'a' are taken now"),
        (INTEGER, {**INTEGER, "minimum": 1}, "it: minimum is 1 now"),
        (
            {**INTEGER, "maximum": 9},
            {**INTEGER, "maximum": 5},
            "it: maximum is 5 now, not 9",
        ),
        (STRING, {**STRING, "pattern": "^a"}, "it: pattern is ^a now"),
        (STRING, {**STRING, "format": "date"}, "it: format is date now"),
        (
            _object(),
            {**_object(), "additionalProperties": False},
            "it: no other fields are taken any more",
        ),
        (_object(a=STRING), _object(), "it: the field 'a' is gone"),
        (_object(a=STRING), _object("a", a=STRING), "it: the field 'a' is required now"),
        (_object(), _object("a", a=STRING), "it: the field 'a' is new, and required"),
        (
            _object(a=_object(b=STRING)),
            _object(a=_object(b=INTEGER)),
            "it, field 'a', field 'b': string is not taken any more, only integer",
        ),
        (
            {"type": "array", "items": STRING},
            {"type": "array", "items": INTEGER},
            "it, an item: string is not taken any more, only integer",
        ),
        (
            {"type": "object", "additionalProperties": STRING},
            {"type": "object", "additionalProperties": INTEGER},
            "it, a value: string is not taken any more, only integer",
        ),
        (
            {"type": "array", "prefixItems": [STRING, STRING]},
            {"type": "array", "prefixItems": [STRING, INTEGER]},
            "it, item 2: string is not taken any more, only integer",
        ),
        (
            {"anyOf": [_tagged("cat"), _tagged("dog")]},
            _tagged("cat"),
            "it: object is not taken any more, only object",
        ),
        (
            {"anyOf": [_tagged("cat", a=STRING), _tagged("dog")]},
            {"anyOf": [_tagged("dog"), _tagged("cat", a=INTEGER)]},
            "it, field 'a': string is not taken any more, only integer",
        ),
    ],
)
def test_a_narrower_request_breaks_clients(old, new, text):
    assert _request(old, new) == [text]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (INTEGER, NUMBER),
        (STRING, {}),
        (_object(a=STRING), {}),
        (_object(a=STRING), {"type": "object"}),
        (STRING, {"anyOf": [STRING, NULL]}),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}),
        ({**STRING, "enum": ["a"]}, STRING),
        ({**INTEGER, "minimum": 1, "maximum": 5}, {**INTEGER, "minimum": 0, "maximum": 6}),
        (INTEGER, {**INTEGER, "format": "int32"}),
        (_object("a", a=STRING), _object(a=STRING)),
        (_object(), _object(a=STRING)),
        ({**_object(), "additionalProperties": False}, _object()),
        (_tagged("cat"), {"anyOf": [_tagged("cat"), _tagged("dog")]}),
        (_object(a=STRING), _tagged("cat", a=STRING) | {"required": []}),
    ],
)
def test_a_wider_request_breaks_nobody(old, new):
    assert _request(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (STRING, {"anyOf": [STRING, NULL]}, "it: null is possible now, not only string"),
        (INTEGER, NUMBER, "it: number is possible now, not only integer"),
        (STRING, {}, "it: anything is possible now, not only string"),
        (_object(a=STRING), _object(), "it: the field 'a' is gone"),
        (_object("a", a=STRING), _object(a=STRING), "it: the field 'a' may be missing now"),
        ({**STRING, "format": "date"}, STRING, "it: the format is not date any more"),
        (
            _object(a=STRING),
            _object(a=INTEGER),
            "it, field 'a': integer is possible now, not only string",
        ),
    ],
)
def test_a_wider_answer_breaks_clients(old, new, text):
    assert _answer(old, new) == [text]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (NUMBER, INTEGER),
        ({}, STRING),
        ({"anyOf": [STRING, NULL]}, STRING),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}),
        (STRING, {**STRING, "format": "date"}),
        ({**INTEGER, "format": "int32"}, INTEGER),
        (_object(a=STRING), _object("a", a=STRING, b=STRING)),
        (STRING, {**STRING, "maxLength": 5}),
    ],
)
def test_a_narrower_answer_breaks_nobody(old, new):
    assert _answer(old, new) == []


def test_references_are_followed_and_circles_end():
    old = {"schemas": {"Node": _object(next={"$ref": "#/schemas/Node"}, a=STRING)}}
    new = {"schemas": {"Other": _object(next={"$ref": "#/schemas/Other"}, a=INTEGER)}}

    found = Comparison(old, new).request(
        {"$ref": "#/schemas/Node"}, {"$ref": "#/schemas/Other"}, at="it"
    )

    assert list(found) == ["it, field 'a': string is not taken any more, only integer"]


def test_one_schema_is_compared_once():
    comparison = Comparison({}, {})
    old, new = _object(a=STRING), _object()

    assert len(list(comparison.request(old, new, at="one"))) == 1
    assert list(comparison.request(old, new, at="another")) == []


def test_a_reference_that_leads_nowhere_is_anything():
    documents = {"a~b": {"$ref": "#/a~0b"}}

    found = Comparison(documents, {}).request({"$ref": "#/a~0b"}, {"$ref": "#/none"}, at="it")

    assert list(found) == []
