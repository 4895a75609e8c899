import pytest

from webkit.exceptions import UsageError
from webkit.scaffold.fields import Field, fields_in


MISTAKES = {
    "born": "it has no type. Write born:str, or 'born:str?' for one that may be null",
    "born:": "it has no type",
    ":str": "'' cannot name a field: it is empty.",
    "Name:str": "only a to z, digits and underscores can be in it. Try name",
    "firstName:str": "Try first_name",
    "naïve name:int": "Try naive_name",
    "9lives:int": "it does not begin with a letter. Try lives",
    "a__b:int": "two underscores come before the operator of a filter. Try a_b",
    "a_:int": "it ends with an underscore. Try a",
    f"{'a' * 28}:int": "it is longer than 27 characters",
    "class:str": "it is a keyword of Python. Try class_value",
    "int:str": "the generated code has a type of it. Try int_value",
    "metadata:json": "SQLAlchemy has an attribute of that name. Try metadata_value",
    "registry:json": "SQLAlchemy has an attribute of that name",
    "xmin:int": "the database has a column of that name",
    "l:int": "it looks like the digit 1",
    "id:int": "every object has it already, as its key.",
    "a:strng": "there is no type 'strng'. Did you mean str? The types are str, text, int,",
    "a:Integer": "Did you mean int?",
    "a:Date": "Did you mean date?",
    "a:references": "Did you mean ref?",
    "a:qqq": "there is no type 'qqq'. The types are",
    "a:str*": "there is no type 'str*'",
    "a:str:b": "only ref has a second colon. Write a:str",
    "a:ref": "it refers to nothing. Write a:ref:APP, such as artist:ref:artists",
    "a:ref:": "it refers to nothing",
    "a:ref:Art-ists": "'Art-ists' cannot name an app",
    "a:bool!": "bool cannot be unique. Leave out the !",
    "a:int!=3": "what is unique has no default",
    "a:json=[]": "json has no default. Write ? for one that may be null",
    "a:int=x": "the default 'x' is not a whole number of 64 bits, such as 7",
}


def test_a_word_is_a_name_and_a_type():
    assert fields_in(["name:str"]) == (Field(name="name", type="str"),)


def test_marks_say_null_and_unique_in_any_order():
    (field,) = fields_in(["email:email!?"])

    assert (field.optional, field.unique) == (True, True)


def test_a_default_is_code_and_may_have_any_character():
    (field,) = fields_in(["motto:str?=a=b:c?!"])

    assert (field.default, field.optional) == ('"a=b:c?!"', True)


def test_a_reference_is_a_column_with_the_key_of_another():
    first, second = fields_in(["artist:ref:artists", "label_id:ref:labels?"])

    assert (first.name, first.target) == ("artist_id", "artists")
    assert (second.name, second.target) == ("label_id", "labels")


def test_what_has_a_default_or_may_be_null_is_not_required():
    fields = fields_in(["a:int", "b:int?", "c:int=3"])

    assert [field.is_required for field in fields] == [True, False, False]


@pytest.mark.parametrize(("word", "reason"), MISTAKES.items(), ids=lambda text: ascii(text)[:30])
def test_a_mistake_is_named_with_what_to_write(word, reason):
    with pytest.raises(UsageError) as caught:
        fields_in([word])

    assert reason in str(caught.value)


def test_all_mistakes_are_reported_together():
    with pytest.raises(UsageError) as caught:
        fields_in(["Class:strng", "ok:int", "ok:str", "id:int"])

    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "'Class",
        "'Class",
        "'id",
        "'ok' is there 2 times. Keep one",
    ]
