from webkit.config.syntax import FormatError


def test_a_line_that_is_not_known_is_line_zero():
    assert FormatError("is no TOML").line == 0
    assert str(FormatError("is no TOML", 3)) == "is no TOML"
