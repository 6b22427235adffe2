# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
"""Archives and container images for tests, made byte by byte, so that each can be wrong in one way."""

import gzip
import hashlib
import io
import json
import tarfile

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"


def entry(name, content=None, *, type=None, link="", mode=0o644, uid=0, gid=0, mtime=1_000_000_000, device=(0, 0), pax=None):
    """(TarInfo, content) of one member. Content None and no type: a folder."""
    info = tarfile.TarInfo(name)
    info.type = type or (tarfile.REGTYPE if content is not None else tarfile.DIRTYPE)
    info.mode = mode if content is not None or type else 0o755
    info.linkname, info.uid, info.gid, info.mtime = link, uid, gid, mtime
    info.devmajor, info.devminor = device
    info.pax_headers = pax or {}
    data = content.encode() if isinstance(content, str) else content or b""
    info.size = len(data)
    return info, data


def tar(*members, format=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as t:
        for info, data in members:
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Layout:
    """An OCI image layout in memory: files by name, which a test may change before it is written."""

    def __init__(self, layers, config=None, *, compress=None, media=LAYER, platform=("linux", "amd64"), tag=None):
        self.files = {"oci-layout": json.dumps({"imageLayoutVersion": "1.0.0"}).encode()}
        self.layers = []
        packed = []
        for data in layers:
            blob = compress(data) if compress else data
            packed.append(blob)
            self.layers.append(self.add(blob, media))
        os, architecture = platform
        self.config = {"os": os, "architecture": architecture, "config": config or {},
                       "rootfs": {"type": "layers", "diff_ids": [digest(d) for d in layers]}}
        self.tag = tag
        self.seal()

    def add(self, data, media):
        self.files["blobs/" + digest(data).replace(":", "/")] = data
        return {"mediaType": media, "digest": digest(data), "size": len(data)}

    def add_json(self, value, media):
        return self.add(json.dumps(value).encode(), media)

    def seal(self, manifest=None, index=None):
        """Config, manifest and index over what is there."""
        self.manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": self.add_json(self.config, CONFIG),
                         "layers": self.layers}
        self.manifest.update(manifest or {})
        d = self.add_json(self.manifest, MANIFEST)
        if self.tag:
            d["annotations"] = {"org.opencontainers.image.ref.name": self.tag}
        self.descriptor = d
        self.index = {"schemaVersion": 2, "manifests": [d]}
        self.index.update(index or {})
        self.files["index.json"] = json.dumps(self.index).encode()

    def tar(self):
        return tar(*(entry(name, data) for name, data in sorted(self.files.items())))

    def write(self, folder):
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder


def docker(layers, config=None, *, tags=("test:latest",), platform=("linux", "amd64"), change=None, extra=()):
    """What `docker save` writes. change(manifest, config) may break it."""
    os, architecture = platform
    whole = {"os": os, "architecture": architecture, "config": config or {},
             "rootfs": {"type": "layers", "diff_ids": [digest(d) for d in layers]}}
    manifest = [{"Config": None, "RepoTags": list(tags), "Layers": [f"{i}/layer.tar" for i in range(len(layers))]}]
    if change:
        change(manifest, whole)
    data = json.dumps(whole).encode()
    name = hashlib.sha256(data).hexdigest() + ".json"
    if manifest[0]["Config"] is None:
        manifest[0]["Config"] = name
    members = [entry(name, data), entry("manifest.json", json.dumps(manifest))]
    members += [entry(f"{i}/layer.tar", d) for i, d in enumerate(layers)]
    return tar(*members, *extra)


def gzipped(data):
    return gzip.compress(data, mtime=0)
