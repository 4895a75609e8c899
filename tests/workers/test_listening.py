import errno
import re
import socket

import pytest

from webkit.config import Config, Settings
from webkit.workers.listening import Address, AddressError, address_of, bind


@pytest.fixture
def bound():
    opened = []

    def begin(host, port=0):
        opened.extend(bind(Address(host=host, port=port)))
        return opened

    yield begin
    for sock in opened:
        sock.close()


def config(**settings):
    return Config(
        settings=Settings(**settings), environment="local", origins={"port": ".env: PORT"}
    )


def test_a_free_port_is_found(bound):
    (sock,) = bound("127.0.0.1")

    assert sock.getsockname()[1] > 0


def test_a_socket_that_is_bound_does_not_listen_yet(bound):
    (sock,) = bound("127.0.0.1")

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(sock.getsockname(), 5)


def test_every_address_of_a_name_gets_the_same_port(bound, monkeypatch):
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: found)

    sockets = bound("both")

    assert {sock.getsockname()[0] for sock in sockets} == {"127.0.0.1", "127.0.0.2"}
    assert len({sock.getsockname()[1] for sock in sockets}) == 1


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_an_ipv6_address_leaves_ipv4_to_others(bound):
    sockets = bound("::")

    assert bound("0.0.0.0", sockets[0].getsockname()[1])


def test_an_address_that_the_machine_lacks_is_passed_over(bound, monkeypatch):
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: found)

    (sock,) = bound("some")

    assert sock.getsockname()[0] == "127.0.0.1"


def test_a_kind_of_address_that_the_machine_lacks_is_passed_over(monkeypatch):
    def refuse(*arguments):
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", refuse)

    with pytest.raises(AddressError, match="this machine has no such address"):
        bind(Address(host="127.0.0.1", port=0))


def test_a_host_that_is_another_machine_is_refused():
    with pytest.raises(AddressError, match=r"192\.0\.2\.1: this machine has no such address"):
        bind(Address(host="192.0.2.1", port=0))


def test_a_host_that_is_no_address_is_refused():
    with pytest.raises(AddressError, match=r"cannot listen on 999\.1\.2\.3:80: "):
        bind(Address(host="999.1.2.3", port=80))


def test_a_port_that_is_taken_is_refused_with_a_way_out(bound):
    (sock,) = bound("127.0.0.1")
    sock.listen()
    port = sock.getsockname()[1]

    with pytest.raises(AddressError, match=f"port {port} of 127.0.0.1 is taken.*--port") as caught:
        bind(Address(host="127.0.0.1", port=port))
    assert caught.value.exit_status == 1


def test_nothing_stays_open_when_one_address_is_taken(bound, monkeypatch):
    (sock,) = bound("127.0.0.2")
    sock.listen()
    port = sock.getsockname()[1]
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))
        for host in ("127.0.0.1", "127.0.0.2")
    ]
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *arguments, **options: found)

        with pytest.raises(AddressError):
            bind(Address(host="both", port=port))

    assert bound("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "url", "remark"),
    [
        ("127.0.0.1", "http://127.0.0.1:", ""),
        ("localhost", "http://localhost:", ""),
        ("0.0.0.0", "http://127.0.0.1:", " (on all interfaces)"),
    ],
)
def test_the_url_can_be_opened_in_a_browser(bound, host, url, remark):
    address = Address(host=host, port=0)

    assert re.fullmatch(rf"{re.escape(url)}\d+", address.url(bound(host)))
    assert address.remark == remark


def test_an_ipv6_address_stands_in_brackets(bound):
    sockets = bound("127.0.0.1")

    assert Address(host="::1", port=0).url(sockets).startswith("http://[::1]:")


def test_what_is_given_wins_over_the_configuration():
    address = address_of(config(host="127.0.0.2", port=9000), host="127.0.0.3", port=0)

    assert address == Address(host="127.0.0.3", port=0)


def test_the_configuration_wins_over_the_default_and_is_named():
    address = address_of(config(host="127.0.0.2", port=9000))

    assert address == Address(host="127.0.0.2", port=9000, origin=".env: PORT")
    assert address.remark == " (port from .env: PORT)"


def test_a_plain_application_has_the_default():
    assert address_of(None) == Address(host="127.0.0.1", port=8080)
