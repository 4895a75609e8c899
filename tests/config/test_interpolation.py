import pytest

from webkit.config.interpolation import Fault, Interpolation, text_of
from webkit.config.sources import Sources
from webkit.config.values import Value, tabled
from webkit.config.variables import Variables


TREE = {
    "webkit": {"port": 8080, "debug": True, "secret_key": "80618061", "nothing": None},
    "shop": {
        "name": "Shop",
        "greeting": "Hello from ${name}",
        "chain": "${greeting}!",
        "loop": "${pool}",
        "pool": "${loop}",
        "me": "${me}",
        "rows": ["${name}", 1, {"a": ["${name}"]}],
        "tax": {"rate": 7, "text": "${rate} ${name}", "by": {"eu": "${rate}"}},
    },
    "schedule": {"backup": {"every": "2"}},
    "DEFAULT": {"home": "/srv"},
    "guest-book": {"max": 3},
}


def means(text, *, at="shop.x", tree=TREE, variables=None, **layers):
    sources = Sources(
        tree=tabled(tree, {}, file="a.toml"), variables=(Variables("", variables or {}),)
    )
    value = Value(raw=text, origin="a.toml:9")
    return Interpolation(sources, **layers).resolve(value, tuple(at.split(".")))


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("plain", "plain"),
        ("${name}", "Shop"),
        ("a ${name} b ${name}", "a Shop b Shop"),
        ("${greeting}", "Hello from Shop"),
        ("${chain}", "Hello from Shop!"),
        ("${webkit:port}", 8080),
        ("http://x:${webkit:port}/", "http://x:8080/"),
        ("${webkit:debug}.", "true."),
        ("${webkit:nothing}.", "."),
        ("${tax.rate}", 7),
        ("${shop:tax.text}", "7 Shop"),
        ("${tax.by.eu}", 7),
        ("${schedule/backup:every}", "2"),
        ("${schedule.backup:every}", "2"),
        ("${guest_book:max}", 3),
        ("${home}/x", "/srv/x"),
        ("$$", "$"),
        ("$${name}", "${name}"),
        ("pa$word", "pa$word"),
        ("$", "$"),
        (["${name}", "x"], ["Shop", "x"]),
        (5, 5),
        (["x"], ["x"]),
        ({"a": "x"}, {"a": "x"}),
    ],
)
def test_a_reference_is_replaced_by_what_it_means(text, raw):
    assert means(text).raw == raw


def test_texts_in_lists_and_their_mappings_are_replaced_too():
    assert means(TREE["shop"]["rows"]).raw == ["Shop", 1, {"a": ["Shop"]}]


def test_an_option_is_looked_for_from_the_inside_to_the_outside():
    assert means("${rate} ${name}", at="shop.tax.x").raw == "7 Shop"


def test_a_value_keeps_its_place_and_whether_it_is_text():
    whole, part = means("${tax.rate}"), means("${tax.rate}0")

    assert (whole.origin, whole.is_text) == ("a.toml:9", False)
    assert (part.origin, part.is_text, part.raw) == ("a.toml:9", True, "70")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${nmae}", "${nmae} is not known. Did you mean ${name}?"),
        ("${webkit:prot}", "${webkit:prot} is not known. Did you mean ${webkit:port}?"),
        ("${a.b}", "${a.b} is not known"),
        ("${name.b}", "${name.b} is not known. Did you mean ${name}?"),
        ("${}", "${} is not known"),
        ("${none:none}", "${none:none} is not known"),
        ("${tax}", "${tax} is a section, and not a value"),
        ("${loop}", "${loop} leads back to itself"),
        ("x${me}", "${me} leads back to itself"),
        ("${name", "'${' has no end. Write $$ for a dollar"),
        ("${a${name}}", "'${' has no end. Write $$ for a dollar"),
        (["${nmae}"], "${nmae} is not known. Did you mean ${name}?"),
    ],
)
def test_a_broken_reference_is_refused(text, reason):
    with pytest.raises(Fault) as caught:
        means(text)

    assert str(caught.value) == reason


def test_a_value_is_not_what_a_broken_reference_in_it_means():
    with pytest.raises(Fault) as caught:
        means("${nam}", at="shop.name")

    assert str(caught.value) == "${nam} is not known"


def test_what_a_variable_says_is_meant_and_taken_as_it_is():
    found = means("<${name}>", variables={"SHOP__NAME": "${greeting} $$"})

    assert found.raw == "<${greeting} $$>"


def test_a_layer_below_is_meant_where_nobody_says_anything():
    layers = {
        "shipped": {"shop": tabled({"shop": {"low": 1}}, {}, file="b.toml")},
        "defaults": {"shop": lambda: tabled({"low": 0, "lowest": 2}, {}, file="")},
    }

    assert means("${low}-${lowest}-${name}", **layers).raw == "1-2-Shop"


@pytest.mark.parametrize("text", ["${webkit:secret_key}", "x-${webkit:secret_key}"])
def test_what_a_secret_goes_into_is_hidden_too(text):
    assert means(text).is_hidden
    assert not means("${name}").is_hidden


@pytest.mark.parametrize(
    ("raw", "text"), [(True, "true"), (None, ""), (1.5, "1.5"), ("x", "x"), (False, "false")]
)
def test_a_value_has_a_text(raw, text):
    assert text_of(raw) == text
