from webkit.config import Secret, Settings


def test_settings_need_nothing_and_hide_the_key():
    assert Settings() == Settings(secret_key=Secret(""))
    assert "Secret()" in repr(Settings())
