# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""PHP: the built-in server, and php-cgi as a FastCGI server, asked by a FastCGI client and through nginx."""

import json
import os

import pytest

import real

PAGE = {"php": 8, "text": "enon", "method": "GET", "year": 1971, "sum": 500500, "match": "hellö wörld"}


def page(text):
    assert json.loads(text) == PAGE


@pytest.fixture(scope="session")
def image(images):
    return images.build("php", "-m", "128M", "--package", "tzdata", "--dir", f"{real.SOURCES}/php:/www", real.program("php", "php-cli"), "--", "-S", "0.0.0.0:80",
                        "-t", "/www")


@pytest.fixture(scope="session")
def cgi_image(images):
    return images.build("php-cgi", "-m", "128M", "--package", "tzdata", "--dir", f"{real.SOURCES}/php:/www", "-e", "PHP_FCGI_CHILDREN=0", "-e",
                        "PHP_FCGI_MAX_REQUESTS=0", real.program("php-cgi"), "--", "-b", "0.0.0.0:9000")


@pytest.fixture
def php(serve, image):
    return serve(image).answers()


def test_built_in_server(php):
    page(real.get(php.url())[1])
    assert json.loads(real.get(php.url(), "-d", "text=abc")[1])["text"] == "cba"
    assert "color" in real.get(php.url("/style.css"))[1]
    real.together(20, lambda n: page(real.get(php.url())[1]))


def test_errors(php):
    real.get(php.url("/?do=fail"), status=500)
    php.says("asked to fail")
    assert real.get(php.url("/?do=exit"), status=503)[1] == "closed"
    real.get(php.url("/?do=memory"), status=500)
    php.says("Allowed memory size")
    real.get(php.url("/none.css"), status=404)
    page(real.get(php.url())[1])


def test_wrong_starts(image, pith, on):
    done = pith.run(on, image, "-r", "exit(3);")
    assert done.returncode == 3, done.stderr
    done = pith.run(on, image, "-r", "nonsense(;")
    assert done.returncode == 255 and "Parse error" in done.stdout + done.stderr
    done = pith.run(on, image, "/none.php")
    assert done.returncode == 1 and "Could not open input file: /none.php" in done.stdout + done.stderr
    done = pith.run(on, image, "-S", "0.0.0.0:80", "-t", "/nowhere")
    assert done.returncode == 1 and "does not exist" in done.stdout + done.stderr


def test_too_little_memory(image, pith, on):
    done = pith.run(on, image, "-d", "memory_limit=-1", "-r", "$a = []; for (;;) $a[] = str_repeat('x', 1 << 20);", options=("-m", "32M"))
    assert done.returncode != 0 and "memory" in (done.stdout + done.stderr).lower()


def fastcgi(server, script, query="", body=""):
    """Through cgi-fcgi, which speaks FastCGI for a CGI environment."""
    env = {"REQUEST_METHOD": "POST" if body else "GET", "SCRIPT_FILENAME": script, "QUERY_STRING": query, "REQUEST_URI": "/",
           "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "PATH": os.environ["PATH"]}
    done = real.run(real.program("cgi-fcgi", "libfcgi-bin"), "-bind", "-connect", f"127.0.0.1:{server.port()}", env=env, input=body, status=None)
    head, _, text = done.stdout.replace("\r", "").partition("\n\n")
    return head, text


@pytest.fixture
def cgi(serve, cgi_image):
    server = serve(cgi_image, ports=(9000,))
    server.until(lambda: "200" in fastcgi(server, "/www/index.php")[0] or "json" in fastcgi(server, "/www/index.php")[0])
    return server


def test_fastcgi(cgi):
    head, text = fastcgi(cgi, "/www/index.php")
    assert "application/json" in head
    page(text)
    assert json.loads(fastcgi(cgi, "/www/index.php", body="text=abc")[1])["text"] == "cba"
    real.together(10, lambda n: page(fastcgi(cgi, "/www/index.php")[1]))


def test_fastcgi_errors(cgi):
    head, text = fastcgi(cgi, "/www/none.php")
    assert "404" in head and "No input file specified" in text
    assert "500" in fastcgi(cgi, "/www/index.php", "do=fail")[0]
    assert "503" in fastcgi(cgi, "/www/index.php", "do=exit")[0]
    page(fastcgi(cgi, "/www/index.php")[1])


def test_behind_nginx(cgi, serve, images, work):
    conf = work / "php-nginx.conf"
    conf.write_text("""daemon off; master_process off; error_log stderr; pid /run/nginx.pid; events {}
        http { access_log off; server { listen 80; location / {
            include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /www/index.php; fastcgi_pass %s:$arg_port; } } }""" % real.HOST)
    nginx = serve(images.build("php-nginx", "-m", "64M", "-f", f"{conf}:/etc/nginx/nginx.conf", real.program("nginx", "nginx-light")))
    url = nginx.url(f"/?port={cgi.port()}")
    nginx.answers()
    page(real.get(url)[1])
    assert json.loads(real.get(url, "-d", "text=abc")[1])["method"] == "POST"
    real.get(nginx.url("/?port=1"), status=502)
