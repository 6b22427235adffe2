# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""apps/ramp: nginx, PHP and MariaDB as three instances on one named network serve a small site, to curl and to a browser."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

import pithrun

RAMP = pithrun.ROOT / "apps/ramp/ramp"
NEEDED = ["/usr/sbin/nginx", "/usr/bin/php-cgi", "/usr/sbin/mariadbd"]


def ramp(env, *args, seconds=180):
    return subprocess.run([RAMP, *map(str, args)], env=env, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)


def curl(*args):
    return subprocess.run(["curl", "-sS", "--max-time", "30", *args], capture_output=True, text=True, timeout=40)


@pytest.fixture(scope="module")
def home(images):
    for path in NEEDED:
        if not os.path.exists(path):
            pytest.skip(f"{path} is missing: scripts/setup test installs it")
    # Under /var/tmp: a Unix socket's path must stay short, and the database's files may not fit into a tmpfs.
    folder = Path(tempfile.mkdtemp(prefix="pr", dir="/var/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=["kvm", "process"])
def site(request, home):
    """The whole stack on one platform: (url, environment, options)."""
    why = pithrun.kvm_missing() if request.param == "kvm" else None
    if why:
        pytest.skip(why)
    env = dict(os.environ, PITH=pithrun.PITH, XDG_RUNTIME_DIR=str(home), RAMP_IMAGES=str(home / "images"))
    options = ["--port", pithrun.free_port(), "--on", request.param, "--data", home / "data"]
    done = ramp(env, "up", *options)
    try:
        assert done.returncode == 0, done.stdout + done.stderr
        yield f"http://127.0.0.1:{options[1]}/", env, options
    finally:
        ramp(env, "down")
    assert not list((home / "pith/instances").iterdir())


def written(url, name, text):
    return curl("-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "--data-urlencode", f"name={name}",
                "--data-urlencode", f"text={text}", url).stdout


def test_page(site):
    url, _, _ = site
    done = curl("-i", url)
    assert " 200 " in done.stdout.splitlines()[0]
    assert "<h1>Guestbook</h1>" in done.stdout and "MariaDB" in done.stdout


def test_entries_are_kept(site):
    url, _, _ = site
    name = f"Ann {time.monotonic_ns()}"
    assert written(url, name, "Grüße <b>") == f"303 {url}"
    page = curl(url).stdout
    assert name in page and "Grüße &lt;b&gt;" in page


def test_static_file(site):
    url, _, _ = site
    done = curl("-i", f"{url}style.css")
    assert " 200 " in done.stdout.splitlines()[0] and "text/css" in done.stdout


@pytest.mark.parametrize("name, text", [("", "text"), ("name", ""), ("n" * 81, "text"), ("name", "t" * 1001)])
def test_bad_entries_are_refused(site, name, text):
    url, _, _ = site
    assert written(url, name, text).startswith("400 ")


def test_quotes_are_no_sql(site):
    url, _, _ = site
    text = "'); DROP TABLE entries; --"
    assert written(url, "Bobby", text).startswith("303 ")
    assert "Bobby" in curl(url).stdout


def test_missing_pages(site):
    url, _, _ = site
    assert curl("-o", "/dev/null", "-w", "%{http_code}", f"{url}none.css").stdout == "404"
    assert curl("-o", "/dev/null", "-w", "%{http_code}", f"{url}none.php").stdout == "404"


def test_twice(site):
    _, env, options = site
    done = ramp(env, "up", *options)
    assert done.returncode == 1 and "ramp down" in done.stderr


def test_browser(site, home):
    url, _, _ = site
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is missing: scripts/setup test installs it")
    name = f"Browser {time.monotonic_ns()}"
    assert written(url, name, "seen").startswith("303 ")
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        done = subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                               "--disable-background-networking", "--disable-component-update", "--disable-sync",
                               "--disable-dev-shm-usage", f"--user-data-dir={profile}", "--dump-dom", url],
                              capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert name in done.stdout and "three instances of Pith" in done.stdout, done.stderr[-2000:]


def test_database_goes_away_and_comes_back(site):
    """A crash of the database is a page that says so; started again it has every entry."""
    url, env, options = site
    name = f"Before {time.monotonic_ns()}"
    assert written(url, name, "kept").startswith("303 ")
    subprocess.run([pithrun.PITH, "kill", "ramp-db"], env=env, check=True)
    pithrun.until(lambda: curl("-o", "/dev/null", "-w", "%{http_code}", url).stdout == "503", "a page without a database", 60)
    ramp(env, "down")
    done = ramp(env, "up", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert name in curl(url).stdout


@pytest.mark.parametrize("args, says", [([], "usage"), (["sideways"], "usage"), (["up", "--port"], "needs a value"),
                                        (["up", "--colour", "red"], "usage")])
def test_wrong_words(args, says):
    done = ramp(dict(os.environ, PITH=pithrun.PITH), *args)
    assert done.returncode in (1, 2) and says in done.stderr
