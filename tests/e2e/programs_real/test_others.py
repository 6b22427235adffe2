# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Programs that nobody named: memcached, HAProxy, lighttpd, Unbound, dnsmasq, Mosquitto, Dropbear, Ruby, Perl."""

import http.server
import os
import socket
import subprocess
import threading

import pytest

import real


def conf(work, name, text):
    path = work / name
    path.write_text(text)
    return path


# memcached

@pytest.fixture(scope="session")
def memcached_image(images):
    return images.build("memcached", "-m", "128M", real.program("memcached"), "--", "-u", "root", "-t", "4", "-m", "32")


def memcached_talk(server, text):
    with socket.create_connection(("127.0.0.1", server.port()), 30) as s:
        s.sendall(text + b"quit\r\n")
        return b"".join(iter(lambda: s.recv(65536), b""))


def test_memcached(serve, memcached_image):
    server = serve(memcached_image, ports=(11211,))
    server.until(lambda: memcached_talk(server, b"version\r\n"))
    assert memcached_talk(server, b"set a 0 0 3\r\nabc\r\nget a\r\nincr a 1\r\n") == \
        b"STORED\r\nVALUE a 0 3\r\nabc\r\nEND\r\nCLIENT_ERROR cannot increment or decrement non-numeric value\r\n"
    assert memcached_talk(server, b"nonsense\r\n") == b"ERROR\r\n"
    assert b"too large" in memcached_talk(server, b"set b 0 0 2000000\r\n" + b"x" * 2000000 + b"\r\n")

    def client(n):
        key = b"k%d" % n
        assert memcached_talk(server, b"set " + key + b" 0 0 1\r\n1\r\n" + (b"incr " + key + b" 1\r\n") * 50).endswith(b"51\r\n")
    real.together(40, client)
    assert server.stop() == 0


def test_memcached_wrong(memcached_image, pith, on):
    done = pith.run(on, memcached_image, "-u", "nobody_like_that")
    assert done.returncode == 67 and "can't find the user nobody_like_that" in done.stderr  # EX_NOUSER
    assert pith.run(on, memcached_image, "-u", "root", "-t", "0").returncode == 1


# HAProxy

HAPROXY = """
global
    maxconn 500
    nbthread 2
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend web
    bind *:80
    http-request return status 200 content-type text/plain string "haproxy\\n" if { path / }
    default_backend back
backend back
    server one %s:%d
"""


def test_haproxy(serve, images, work):
    class Back(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"behind\n")

        def log_message(self, *args):
            pass
    back = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Back)
    threading.Thread(target=back.serve_forever, daemon=True).start()
    try:
        path = conf(work, f"haproxy-{back.server_port}.cfg", HAPROXY % (real.HOST, back.server_port))
        image = images.build(path.stem, "-m", "128M", "-f", f"{path}:/etc/haproxy/haproxy.cfg", real.program("haproxy"), "--", "-db", "-f",
                             "/etc/haproxy/haproxy.cfg")
        server = serve(image).answers()
        assert real.get(server.url())[1] == "haproxy\n"
        assert real.get(server.url("/x"))[1] == "behind\n"
        real.together(30, lambda n: real.get(server.url(f"/{n}")))
    finally:
        back.shutdown()
        back.server_close()
    real.get(server.url("/x"), status=503)
    assert server.stop() in (0, 128 + 15)


def test_haproxy_wrong(images, work, pith, on):
    path = conf(work, "haproxy-bad.cfg", "global\n    nonsense 1\n")
    image = images.build("haproxy-bad", "-f", f"{path}:/etc/haproxy/haproxy.cfg", real.program("haproxy"), "--", "-db", "-f",
                         "/etc/haproxy/haproxy.cfg")
    done = pith.run(on, image)
    assert done.returncode == 1 and "unknown keyword 'nonsense'" in done.stderr


# lighttpd

LIGHTTPD = """
server.document-root = "/www"
server.port = 80
server.upload-dirs = ("/tmp")
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/html")
%s
"""


@pytest.fixture(scope="session")
def www(work):
    (work / "www").mkdir()
    (work / "www/index.html").write_text("lighttpd\n")
    return work / "www"


def lighttpd(images, work, www, name, extra):
    path = conf(work, f"{name}.conf", LIGHTTPD % extra)
    return images.build(name, "-m", "64M", "-f", f"{path}:/etc/lighttpd/pith.conf", "--dir", f"{www}:/www", real.program("lighttpd"), "--",
                        "-D", "-f", "/etc/lighttpd/pith.conf")


def test_lighttpd(serve, images, work, www):
    server = serve(lighttpd(images, work, www, "lighttpd", "")).answers()
    assert real.get(server.url())[1] == "lighttpd\n"
    real.get(server.url("/none"), status=404)
    real.get(server.url("/%00"), status=400)
    real.hammered(server.url())
    assert server.stop() in (0, 1), server.log()  # 1, on Linux too: connections were open


def test_lighttpd_wrong(images, work, www, pith, on):
    done = pith.run(on, lighttpd(images, work, www, "lighttpd-bad", 'server.modules = ("mod_nothing")'))
    assert done.returncode == 255 and "mod_nothing" in done.stderr


# Name servers

def dig(server, *question):
    return real.run("dig", "+short", "+time=2", "+tries=1", "@127.0.0.1", "-p", server.port(53), *question, status=None).stdout


UNBOUND = """server:
    interface: 0.0.0.0
    access-control: 0.0.0.0/0 allow
    do-daemonize: no
    chroot: ""
    username: ""
    directory: "/tmp"
    pidfile: ""
    use-syslog: no
    logfile: ""
    module-config: "iterator"
    local-zone: "test." static
    local-data: "a.test. A 192.0.2.1"
    local-data: 'a.test. TXT "%s"'
""" % ("x" * 200)


def test_unbound(serve, images, work):
    image = images.build("unbound", "-m", "64M", "-f", f"{conf(work, 'unbound.conf', UNBOUND)}:/etc/unbound/pith.conf",
                         real.program("unbound"), "--", "-d", "-c", "/etc/unbound/pith.conf")
    server = serve(image, ports=("53/udp", 53))
    server.until(lambda: "192.0.2.1" in dig(server, "a.test"))
    assert dig(server, "+tcp", "a.test") == "192.0.2.1\n"
    assert "x" * 200 in dig(server, "a.test", "TXT")
    assert dig(server, "none.test") == ""
    assert server.stop() == 0


def test_unbound_wrong(images, work, pith, on):
    image = images.build("unbound-bad", "-f", f"{conf(work, 'unbound-bad.conf', 'server: nonsense: 1')}:/etc/unbound/pith.conf",
                         real.program("unbound"), "--", "-d", "-c", "/etc/unbound/pith.conf")
    done = pith.run(on, image)
    assert done.returncode == 1 and "pith.conf:1: error" in done.stderr


@pytest.fixture(scope="session")
def dnsmasq_image(images):
    return images.build("dnsmasq", "-m", "64M", real.program("dnsmasq", "dnsmasq-base"), "--", "-d", "--user=root", "--no-resolv", "--no-hosts",
                        "--conf-file=/dev/null", "--address=/b.test/192.0.2.2")


def test_dnsmasq(serve, dnsmasq_image):
    server = serve(dnsmasq_image, ports=("53/udp", 53))
    server.until(lambda: "192.0.2.2" in dig(server, "b.test"))
    assert dig(server, "+tcp", "b.test") == "192.0.2.2\n"
    assert dig(server, "c.other") == ""
    assert server.stop() == 0


def test_dnsmasq_wrong(dnsmasq_image, pith, on):
    done = pith.run(on, dnsmasq_image, "--nonsense")
    assert done.returncode == 1 and "bad command line options" in done.stderr


# Mosquitto

@pytest.fixture(scope="session")
def mosquitto_image(images, work):
    path = conf(work, "mosquitto.conf", "listener 1883\nallow_anonymous true\nuser root\n")
    return images.build("mosquitto", "-m", "64M", "-f", f"{path}:/etc/mosquitto/pith.conf", real.program("mosquitto"), "--", "-c",
                        "/etc/mosquitto/pith.conf")


def test_mosquitto(serve, mosquitto_image):
    server = serve(mosquitto_image, ports=(1883,))
    publish = [real.program("mosquitto_pub", "mosquitto-clients"), "-p", server.port(), "-t", "a/b"]
    server.until(lambda: real.run(*publish, "-m", "kept", "-r", status=None).returncode == 0)
    assert real.run("mosquitto_sub", "-p", server.port(), "-t", "a/#", "-C", "1", "-W", "20") == "kept\n"
    with subprocess.Popen(["mosquitto_sub", "-p", str(server.port()), "-t", "c/d", "-q", "2", "-C", "100", "-W", "30"], stdout=subprocess.PIPE) as sub:
        server.until(lambda: "c/d" in server.log() or server.log().count("New client connected") >= 3)
        server.until(lambda: sub.poll() is not None or not real.run(publish[0], "-p", server.port(), "-t", "c/d", "-q", "2", "-l",
                                                                    input="x\n" * 50, status=None).returncode and sub.poll() is not None)
        assert sub.stdout.read().count(b"x\n") == 100
    assert server.stop() == 0


def test_mosquitto_wrong(mosquitto_image, pith, on):
    done = pith.run(on, mosquitto_image, "-c", "/none.conf")
    assert done.returncode != 0 and "Unable to open config file /none.conf" in done.stderr + done.stdout


# Dropbear

def test_dropbear(serve, images, work, tmp_path):
    """A shell command over ssh: dropbear starts a process for each connection, and the command in it."""
    keys = work / "dropbear"
    if not keys.exists():
        keys.mkdir()
        real.run(real.program("dropbearkey", "dropbear-bin"), "-t", "ed25519", "-f", keys / "host")
        real.run(real.program("ssh-keygen", "openssh-client"), "-q", "-t", "ed25519", "-N", "", "-f", keys / "user")
        (keys / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
        (keys / "authorized_keys").write_text((keys / "user.pub").read_text())
        (keys / "authorized_keys").chmod(0o600)
    image = images.build("dropbear", "-m", "64M", "-f", f"{keys}/host:/etc/dropbear/host", "-f",
                         f"{keys}/authorized_keys:/root/.ssh/authorized_keys", "-f", f"{keys}/passwd:/etc/passwd", "-f", f"{os.path.realpath('/bin/sh')}:/bin/sh",
                         real.program("dropbear", "dropbear-bin"), "--", "-F", "-E", "-r", "/etc/dropbear/host", "-p", "22")
    server = serve(image, ports=(22,))

    def ssh(command, key=keys / "user"):
        return real.run("ssh", "-p", server.port(), "-i", key, "-F", "/dev/null", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
                        "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=10", "root@127.0.0.1", command, status=None)
    server.until(lambda: "Warning" in ssh("true").stderr)
    done = ssh("echo out $((6*7)); echo err >&2; exit 3")
    assert done.returncode == 3 and done.stdout == "out 42\n" and done.stderr.endswith("err\n")
    real.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other")
    done = ssh("true", tmp_path / "other")
    assert done.returncode == 255 and "Permission denied" in done.stderr


# Ruby and Perl

@pytest.fixture(scope="session")
def ruby_image(images):
    return images.build("ruby", "-m", "128M", "--package", "ruby-webrick", "-f", f"{real.SOURCES}/http.rb:/app/http.rb",
                        real.program("ruby"), "--", "/app/http.rb")


def test_ruby(serve, ruby_image):
    server = serve(ruby_image).answers()
    assert real.get(server.url())[1] == "ruby [1, 2, 3]\n"
    assert real.get(server.url("/threads"))[1] == "12359500\n"
    real.get(server.url("/fail"), status=500)
    real.together(20, lambda n: real.get(server.url()))
    assert server.stop() == 0


def test_ruby_wrong(ruby_image, pith, on):
    done = pith.run(on, ruby_image, "-e", "nothing_like_it")
    assert done.returncode == 1 and "undefined local variable" in done.stderr
    assert pith.run(on, ruby_image, "-e", "exit 3").returncode == 3


@pytest.fixture(scope="session")
def perl_image(images):
    return images.build("perl", "-m", "64M", "-f", f"{real.SOURCES}/http.pl:/app/http.pl", real.program("perl"), "--", "/app/http.pl")


def test_perl(serve, perl_image):
    server = serve(perl_image).answers()
    assert real.get(server.url())[1] == "perl 9,10,1001\n"
    real.together(20, lambda n: real.get(server.url()))
    real.get(server.url("/die"), status=None)
    assert server.ended() not in (0, None)
    assert "asked to die" in server.log()


def test_perl_wrong(perl_image, pith, on):
    done = pith.run(on, perl_image, "-e", "use Nothing::Like::It;")
    assert done.returncode == 2 and "Can't locate Nothing/Like/It.pm" in done.stderr
    assert pith.run(on, perl_image, "-e", "exit 3").returncode == 3
    done = pith.run(on, perl_image, "-e", "my $p = fork // die; if (!$p) { exit 4 } waitpid $p, 0; print $? >> 8")
    assert done.stdout == "4", done.stderr
