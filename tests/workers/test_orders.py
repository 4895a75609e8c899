import pytest

from webkit.workers.orders import Job, Orders, read, written


@pytest.mark.parametrize(
    "order",
    [
        Orders(
            root="/shop", app="main:app", sockets=[3, 4], control=5, url="http://x", forks=False
        ),
        Job(
            root="/shop", app="main:app", sockets=[3], channel=6, changed=["é.py"], problem="<a\n>"
        ),
    ],
)
def test_an_order_is_read_as_it_was_written(order):
    assert read(type(order), written(order)) == order
