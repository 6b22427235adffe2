# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""nginx: files, TLS, reverse proxy."""

import hashlib
import http.server
import os
import threading

import pytest

import pithrun
import real

MAIN = """daemon off;
master_process off;
error_log stderr notice;
pid /tmp/nginx.pid;
events { worker_connections 2048; }
http {
    access_log off;
    absolute_redirect off;
    ssl_protocols TLSv1.2 TLSv1.3;
    client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fcgi;
    uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
    include /etc/nginx/mime.types;
    sendfile on;
    %s
}
"""
SITE = """
    server { listen 80; listen [::]:80; root /www; location /old { return 301 /index.html; } }
    server { listen 443 ssl; ssl_certificate /tls/cert.pem; ssl_certificate_key /tls/key.pem; root /www; }
    server {
        listen 81;
        proxy_http_version 1.1;
        location / { proxy_pass http://%s:$arg_port; proxy_connect_timeout 5s; }
    }
""" % real.HOST
BIG = os.urandom(3 << 20)


def build(images, folder, name, text, *options):
    conf = folder / f"{name}.conf"
    conf.write_text(MAIN % text)
    return images.build(name, "-m", "64M", "-f", f"{conf}:/etc/nginx/nginx.conf", "-f", "/etc/nginx/mime.types:/etc/nginx/mime.types",
                        *options, real.program("nginx", "nginx-light"))


@pytest.fixture(scope="session")
def image(images, work):
    folder = work / "nginx"
    (folder / "www").mkdir(parents=True)
    (folder / "tls").mkdir()
    (folder / "www/index.html").write_text("<h1>It works</h1>\n")
    (folder / "www/big").write_bytes(BIG)
    real.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost", "-keyout", folder / "tls/key.pem", "-out", folder / "tls/cert.pem")
    return build(images, folder, "nginx", SITE, "-f", f"{folder}/www:/www", "-f", f"{folder}/tls:/tls")


@pytest.fixture
def nginx(serve, image):
    return serve(image, ports=(80, 81, 443)).answers(guest=80)


def test_files(nginx, tmp_path):
    assert real.get(nginx.url())[1] == "<h1>It works</h1>\n"
    assert real.get(nginx.url(), "-I")[1].lower().count("content-type: text/html") == 1
    real.run("curl", "-sS", "-m", "60", "-o", tmp_path / "big", nginx.url("/big"))
    assert hashlib.sha256((tmp_path / "big").read_bytes()).digest() == hashlib.sha256(BIG).digest()
    real.run("curl", "-sS", "-m", "60", "-r", "1048576-1048675", "-o", tmp_path / "part", nginx.url("/big"))
    assert (tmp_path / "part").read_bytes() == BIG[1 << 20:(1 << 20) + 100]
    assert real.get(nginx.url("/old"), "-o", os.devnull, status=301)
    assert real.get(nginx.url("/old"), "-L")[1] == "<h1>It works</h1>\n"


def test_wrong_requests(nginx):
    assert "404 Not Found" in real.get(nginx.url("/none"), status=404)[1]
    real.get(nginx.url("/../etc/passwd"), "--path-as-is", status=400)
    real.get(nginx.url(), "-X", "POST", "-d", "x=1", status=405)
    real.get(nginx.url("/big"), "-r", "99999999-", status=416)
    real.get(nginx.url(), "-H", "Host: a b", status=400)
    assert real.get(nginx.url())[0] == 200


def test_many_clients(nginx):
    real.hammered(nginx.url(), connections=100)
    assert real.get(nginx.url())[0] == 200


def test_tls(nginx, work):
    cert = work / "nginx/tls/cert.pem"
    url = f"https://localhost:{nginx.port(443)}/"
    assert real.get(url, "--cacert", cert)[1] == "<h1>It works</h1>\n"
    shown = real.run("openssl", "s_client", "-connect", f"127.0.0.1:{nginx.port(443)}", "-CAfile", cert, "-servername", "localhost",
                     input="GET / HTTP/1.0\r\n\r\n")
    assert "Verify return code: 0 (ok)" in shown and "TLSv1.3" in shown


def test_tls_refused(nginx):
    assert real.get(f"https://localhost:{nginx.port(443)}/", status=None)[0] == 0  # nobody vouches for the certificate
    assert "plain HTTP request was sent to HTTPS port" in real.get(nginx.url(guest=443), status=400)[1]


class Upstream(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"upstream: {self.path.partition('?')[0]}\n".encode() * 1000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + (self.path.startswith("/cut"))))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.path.startswith("/cut")

    def log_message(self, *args):
        pass


def test_reverse_proxy(nginx):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        path = f"/page?port={server.server_port}"
        assert real.get(nginx.url(path, 81))[1] == "upstream: /page\n" * 1000
        real.together(20, lambda n: real.get(nginx.url(path, 81)))
        # An upstream that closes too early: the client sees that something is missing.
        assert real.run("curl", "-sS", "-m", "30", nginx.url(f"/cut?port={server.server_port}", 81), status=18).returncode == 18
    finally:
        server.shutdown()
        server.server_close()
    assert "502 Bad Gateway" in real.get(nginx.url(path, 81), status=502)[1]
    assert "Connection refused" in nginx.log()


@pytest.mark.parametrize("signal", ["TERM", "QUIT"])
def test_stop(nginx, signal):
    assert nginx.stop(signal=signal) == 0


def test_master_and_workers(serve, images, work):
    """The package's own configuration: processes, and a reload."""
    (work / "html").mkdir(exist_ok=True)
    (work / "html/index.html").write_text("Debian\n")
    server = serve(images.build("nginx-debian", "-m", "128M", "--dir", f"{work}/html:/var/www/html",
                                real.program("nginx", "nginx-light"), "--", "-g", "daemon off;")).answers()
    assert real.get(server.url())[1] == "Debian\n"
    server.pith("kill", "-s", "HUP", server.name)
    real.together(10, lambda n: real.get(server.url()))
    assert server.stop(signal="QUIT") == 0


def test_kill_9(nginx):
    nginx.kill()
    assert real.get(nginx.url(), status=None)[0] == 0
    nginx.start()
    nginx.answers(guest=80)


def test_bad_configuration(images, work, pith, on):
    image = build(images, work / "nginx", "nginx-bad", "server { listen 80; rooot /www; }")
    done = pith.run(on, image)
    assert done.returncode == 1
    assert 'unknown directive "rooot" in /etc/nginx/nginx.conf' in done.stderr
    assert pith.run(on, image, "-c", "/none.conf").returncode == 1


def test_check_only(image, pith, on):
    done = pith.run(on, image, "-t")
    assert done.returncode == 0 and "test is successful" in done.stderr


def test_port_in_use(images, work, pith, on, nginx):
    """In the instance by another socket of its own, and on the host by another instance."""
    twice = build(images, work / "nginx", "nginx-twice", "server { listen 80; } server { listen [::]:80 ipv6only=off; }")
    done = pith.run(on, twice)
    assert done.returncode == 1 and "Address already in use" in done.stderr
    pith.refused("run", "--on", on, "-d", "-p", f"{nginx.port(80)}:80", nginx.image, says=str(nginx.port(80)))


def test_no_certificate(images, work, pith, on):
    bad = build(images, work / "nginx", "nginx-nocert", "server { listen 443 ssl; ssl_certificate /a; ssl_certificate_key /b; }")
    done = pith.run(on, bad)
    assert done.returncode == 1 and 'cannot load certificate "/a"' in done.stderr


def test_too_little_memory(image, pith, on):
    if on.startswith("qemu"):
        pytest.skip("a machine's memory has the image in it, and the room left beside it is enough for -t")
    done = pith.run(on, image, "-t", options=("-m", "1M"))
    assert done.returncode != 0 and ("memory" in done.stderr or "alloc" in done.stderr), done.stderr
