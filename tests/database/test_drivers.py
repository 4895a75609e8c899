"""What drivers say when they refuse."""

from webkit.database.drivers import CROWDED, unavailable


def test_who_is_turned_away_is_told_when_to_come_back():
    error = unavailable(CROWDED)

    assert (error.status_code, error.detail) == (503, "The database is busy.")
    assert error.headers == {"Retry-After": "1"}
