# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""A Java HTTP server on OpenJDK 17, the just-in-time compiler on."""

import pytest

import real


@pytest.fixture(scope="session")
def image(images, work):
    java = real.program("java", "openjdk-17-jdk-headless")
    folder = work / "java"
    folder.mkdir()
    real.run(real.program("javac", "openjdk-17-jdk-headless"), "-d", folder, real.SOURCES / "Http.java")
    return images.build("java", "-m", "512M", "--dir", f"{folder}:/app", java, "--", "-cp", "/app", "Http")


@pytest.fixture
def java(serve, image):
    return serve(image).answers()


def test_answers(java):
    assert real.get(java.url())[1] == "java true\n"
    for _ in range(3):
        assert real.get(java.url("/npe"))[1] == "4 null pointers\n"
    assert real.get(java.url("/gc"))[1] == "collected\n"
    real.hammered(java.url(), seconds=2)
    assert real.get(java.url("/none"), status=404)[1] == "none\n"


def test_exit(java):
    real.get(java.url("/exit"), status=None)
    assert java.ended() == 7


def test_stop(java):
    assert java.stop() == 128 + 15


@pytest.mark.parametrize("collector", ["-XX:+UseSerialGC", "-XX:+UseParallelGC"])
def test_other_collectors(serve, image, collector):
    server = serve(image, collector, "-cp", "/app", "Http").answers()
    assert real.get(server.url("/gc"))[1] == "collected\n"


def test_wrong_starts(image, pith, on):
    done = pith.run(on, image, "-cp", "/app", "Missing")
    assert done.returncode == 1 and "Could not find or load main class Missing" in done.stderr
    done = pith.run(on, image, "-XX:+NoSuchOption", "-version")
    assert done.returncode == 1 and "Unrecognized VM option" in done.stderr


def test_too_little_memory(image, pith, on):
    done = pith.run(on, image, "-Xmx1g", "-Xms1g", "-XX:+AlwaysPreTouch", "-version", options=("-m", "64M"))
    assert done.returncode != 0 and "memory" in done.stdout + done.stderr
