# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Redis, driven by redis-cli, redis-benchmark and raw sockets. Its own test suite: test_redis_suite.py."""

import re
import socket
import time

import pytest

import real

FILL = "for i=1,100 do redis.call('set', i, string.rep('x', 1e6)) end"
QUIET = ("--save", "", "--protected-mode", "no")


@pytest.fixture(scope="session")
def image(images):
    return images.build("redis", "-m", "256M", real.program("redis-server"), "--", *QUIET)


@pytest.fixture
def redis(serve, image):
    return ready(serve(image, ports=(6379,)))


def cli(server, *args, **more):
    return real.run(real.program("redis-cli", "redis-tools"), "-p", server.port(), *args, **more)


def ready(server):
    server.until(lambda: cli(server, "ping", status=None).stdout == "PONG\n")
    return server


def test_values(redis):
    assert cli(redis, "set", "a", "1") == "OK\n"
    assert cli(redis, "incrby", "a", "41") == "42\n"
    assert cli(redis, "rpush", "l", "x", "y", "z") == "3\n"
    assert cli(redis, "lrange", "l", "0", "-1") == "x\ny\nz\n"
    assert cli(redis, "hset", "h", "f", "v") == "1\n"
    assert cli(redis, "eval", "return redis.call('get', KEYS[1]) + 1", "1", "a") == "43\n"
    assert cli(redis, "set", "short", "x", "px", "50") == "OK\n"
    time.sleep(0.1)
    assert cli(redis, "exists", "short") == "0\n"
    big = "x" * (8 << 20)
    assert cli(redis, "-x", "set", "big", input=big) == "OK\n"
    assert cli(redis, "strlen", "big") == f"{len(big)}\n"
    assert "redis_version:7" in cli(redis, "info", "server")


def test_wrong_commands(redis):
    cli(redis, "set", "a", "text")
    assert "ERR value is not an integer" in cli(redis, "incr", "a")
    assert "WRONGTYPE" in cli(redis, "lpush", "a", "x")
    assert "ERR unknown command" in cli(redis, "nonsense")
    with socket.create_connection(("127.0.0.1", redis.port()), 20) as s:
        s.sendall(b"*1\r\n$999999999999\r\n")
        assert s.recv(1000).startswith(b"-ERR Protocol error")
        assert s.recv(1000) == b""
    assert cli(redis, "ping") == "PONG\n"


def test_benchmark(redis):
    text = real.run(real.program("redis-benchmark", "redis-tools"), "-p", redis.port(), "-n", "5000", "-q", "-t",
                    "set,get,incr,lpush,sadd,hset,zadd,lrange_100,mset")
    assert len(re.findall(r"[\d.]+ requests per second", text)) >= 9
    real.run("redis-benchmark", "-p", redis.port(), "-n", "20000", "-P", "16", "-c", "50", "-q", "-t", "set,get")


def test_thousand_connections(redis):
    real.run("redis-benchmark", "-p", redis.port(), "-n", "10000", "-c", "1000", "-q", "-t", "set,get")
    redis.until(lambda: "connected_clients:1\n" in cli(redis, "info", "clients").replace("\r", ""), "all clients gone")


def test_save_and_load(redis):
    """In the foreground; a file of its own and back."""
    cli(redis, "set", "kept", "yes")
    assert cli(redis, "save") == "OK\n"
    assert cli(redis, "config", "set", "appendonly", "no") == "OK\n"
    assert cli(redis, "get", "kept") == "yes\n"
    assert "DB saved on disk" in redis.log()


def test_stop(redis):
    assert redis.stop() == 0
    assert "ready to exit" in redis.log()


def test_kill_9(redis):
    redis.kill()
    assert cli(redis, "ping", status=1).returncode == 1
    redis.start()
    ready(redis)
    assert cli(redis, "dbsize") == "0\n"


def test_bad_configuration(image, pith, on):
    done = pith.run(on, image, "--nonsense", "1")
    assert done.returncode == 1 and "Bad directive or wrong number of arguments" in done.stderr + done.stdout
    done = pith.run(on, image, "/none.conf")
    assert done.returncode == 1 and "can't open config file '/none.conf'" in done.stderr + done.stdout


def test_port_in_use(image, pith, on):
    """Its own two listeners on one port."""
    done = pith.run(on, image, "--bind", "0.0.0.0", "127.0.0.1", *QUIET)
    assert done.returncode == 1 and "Address already in use" in done.stderr + done.stdout


def test_maxmemory(serve, image):
    server = ready(serve(image, "--maxmemory", "8mb", *QUIET, ports=(6379,)))
    cli(server, "eval", FILL, "0")
    assert "OOM command not allowed" in cli(server, "set", "more", "x")
    assert cli(server, "ping") == "PONG\n"


def test_too_little_memory(serve, image):
    """It asks for more than the instance has: it says so and ends, and so does the log."""
    server = ready(serve(image, ports=(6379,), options=("-m", "24M")))
    cli(server, "eval", FILL, "0", status=None)
    assert server.ended() not in (0, None)
    assert "memory" in server.log()
    assert server.pith.run(server.on, image, options=("-m", "1M")).returncode != 0
