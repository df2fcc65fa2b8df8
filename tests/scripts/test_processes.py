"""Ports of what is started."""

import socket

from scripts.processes import free_port, held_port

ANY = 0


def test_a_port_that_is_held_is_given_to_nobody_else() -> None:
    with held_port(ANY) as port:
        assert free_port(port) != port
        with held_port(port) as other:
            assert other != port


def test_control_a_port_that_is_only_found_is_given_twice() -> None:
    port = free_port(ANY)
    assert free_port(port) == port


def test_the_server_can_listen_where_a_port_is_held() -> None:
    with held_port(ANY) as port, socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", port))
        server.listen()
        with socket.create_connection(("127.0.0.1", port), timeout=5), server.accept()[0]:
            pass
