# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""A short soak: connections that come and go leave neither memory nor open files behind. bench/soak does it for ten minutes."""

import os
import socket
import time

import real

KIB = 1024


def look(server):
    seen = server.pith.inspect(server.name)
    return seen["statistics"]["open_files"], seen["statistics"]["memory_used"], len(os.listdir(f"/proc/{seen['pid']}/fd"))


def settled(server):
    """When all that was open is closed."""
    last = look(server)
    for _ in range(100):
        time.sleep(0.1)
        now = look(server)
        if now[0] == last[0] and now[2] == last[2]:
            break
        last = now
    return now


def soaked(server, visit, may_grow, rounds=4, clients=40, visits=25):
    """Rounds of clients that come and go. The second half may take no more than the first."""
    def client(n):
        for _ in range(visits):
            visit()
    for _ in range(rounds // 2):
        real.together(clients, client)
    before = settled(server)
    for _ in range(rounds // 2):
        real.together(clients, client)
    after = settled(server)
    assert after[0] == before[0], "open files in the instance"
    # Some of its connections linger; a leak would be of the 2,000 that came and went.
    assert after[2] <= before[2] + 16, "descriptors of the monitor"
    assert after[1] < before[1] + may_grow * KIB, "memory of the instance"


def asked(port, question, answer):
    with socket.create_connection(("127.0.0.1", port), 30) as s:
        s.sendall(question)
        assert answer in s.recv(4096)


def test_nginx(serve, images, work):
    conf = work / "soak.conf"
    conf.write_text("daemon off; master_process off; error_log stderr crit; pid /run/nginx.pid; events {}"
                    "http { access_log off; server { listen 80; return 200 'soaked'; } }")
    image = images.build("nginx-soak", "-m", "64M", "-f", f"{conf}:/etc/nginx/nginx.conf", real.program("nginx", "nginx-light"))
    server = serve(image).answers()
    soaked(server, lambda: asked(server.port(), b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"soaked"), 1024)  # TIME_WAIT is a minute


def test_clients_that_go_without_a_word(serve, images, work):
    """They reset their connections in the middle of a request."""
    server = serve(images.build("redis-soak", "-m", "128M", real.program("redis-server"), "--", "--save", "", "--protected-mode", "no"),
                   ports=(6379,)).says("Ready to accept")

    def visit():
        with socket.create_connection(("127.0.0.1", server.port()), 30) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.sendall(b"PING\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$100000\r\n" + b"x" * 5000)
            s.recv(10)
    soaked(server, visit, 4096)  # what its malloc keeps goes up and down
