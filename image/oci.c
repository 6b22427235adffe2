// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From the index over the manifest to the layers (OCI image specification: image-layout.md,
// image-index.md, manifest.md). Every step goes by a digest, and the digest is checked.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <image/oci.h>

#define INDEX_DEPTH 4 // indexes in indexes

enum kind { KIND_UNKNOWN, KIND_INDEX, KIND_MANIFEST, KIND_CONFIG, KIND_LAYER };

static const struct {
	const char *media;
	enum kind kind;
} media_types[] = {
	{ "application/vnd.oci.image.index.v1+json", KIND_INDEX },
	{ "application/vnd.docker.distribution.manifest.list.v2+json", KIND_INDEX },
	{ "application/vnd.oci.image.manifest.v1+json", KIND_MANIFEST },
	{ "application/vnd.docker.distribution.manifest.v2+json", KIND_MANIFEST },
	{ "application/vnd.oci.image.config.v1+json", KIND_CONFIG },
	{ "application/vnd.docker.container.image.v1+json", KIND_CONFIG },
	{ "application/vnd.oci.image.layer.v1.tar", KIND_LAYER },
	{ "application/vnd.oci.image.layer.v1.tar+gzip", KIND_LAYER },
	{ "application/vnd.oci.image.layer.v1.tar+zstd", KIND_LAYER },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar", KIND_LAYER },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", KIND_LAYER },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", KIND_LAYER },
	{ "application/vnd.docker.image.rootfs.diff.tar", KIND_LAYER },
	{ "application/vnd.docker.image.rootfs.diff.tar.gzip", KIND_LAYER },
	{ "application/vnd.docker.image.rootfs.diff.tar.zstd", KIND_LAYER },
	{ "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", KIND_LAYER },
};

struct descriptor {
	const char *media, *digest_text;
	enum kind kind;
	struct digest digest;
	char path[256]; // of the blob
	struct node *node;
};

static enum kind kind_of(const char *media)
{
	for (size_t i = 0; i < sizeof(media_types) / sizeof(media_types[0]); i++)
		if (!strcmp(media, media_types[i].media))
			return media_types[i].kind;
	return KIND_UNKNOWN;
}

// Reads a descriptor without looking for its blob (descriptor.md).
static int descriptor_read(struct descriptor *d, const struct json *j, const cJSON *o,
			   struct failure *why)
{
	int err = json_text(j, o, "mediaType", JSON_NEEDED, &d->media, why);

	if (!err)
		err = json_text(j, o, "digest", JSON_NEEDED, &d->digest_text, why);
	if (!err)
		err = digest_parse(&d->digest, d->digest_text, why);
	if (err)
		return err;
	d->kind = kind_of(d->media);
	snprintf(d->path, sizeof(d->path), "blobs/%.6s/%.200s", d->digest_text, d->digest_text + 7);
	return 0;
}

int image_file(const struct oci *o, const char *path, const char *what, struct node **out,
	       struct failure *why)
{
	struct failure inner = { "" };
	int err = tree_find(o->from, path, true, out, &inner);

	if (err)
		return failure_set(why, err, "%s is missing: %.700s", what, inner.text);
	if (!S_ISREG((*out)->attr.mode))
		return failure_set(why, -EINVAL, "%s, %.400s, is not a file", what, path);
	return 0;
}

static int blob_find(const struct oci *o, struct descriptor *d, const struct json *j,
		     const cJSON *desc, enum kind kind, const char *what, struct failure *why)
{
	uint64_t size;
	int err;

	if (d->kind != kind)
		return failure_set(why, -ENOTSUP,
				   "%.300s: %s has the media type %.200s, which Pith does not know",
				   j->name, what, d->media);
	err = json_size(j, desc, "size", &size, why);
	if (!err)
		err = image_file(o, d->path, what, &d->node, why);
	if (!err && d->node->size != size)
		err = failure_set(why, -EBADMSG, "%s, %.300s, has %llu bytes instead of %llu", what,
				  d->path, (unsigned long long)d->node->size,
				  (unsigned long long)size);
	return err;
}

int layer_load(struct oci *o, const struct node *n, const char *path, size_t i, size_t count,
	       const struct digest *packed, struct failure *why)
{
	struct digest unpacked;
	char name[400];
	int err;

	if (o->config.diff_ids.count != count)
		return failure_set(why, -EINVAL,
				   "the image has %zu layers, and its configuration speaks of %zu",
				   count, o->config.diff_ids.count);
	snprintf(name, sizeof(name), "layer %zu of %zu (%.300s)", i + 1, count, path);
	err = digest_parse(&unpacked, o->config.diff_ids.at[i], why);
	if (err)
		return err;
	tree_next_layer(o->to->tree);
	return untar(o->to, n, name, packed, &unpacked, why);
}

static int load_layers(struct oci *o, const struct json *manifest, struct failure *why)
{
	const cJSON *layers = NULL, *l;
	size_t i = 0, count;
	int err = json_list(manifest, manifest->top, "layers", JSON_NEEDED, &layers, why);

	if (err)
		return err;
	count = (size_t)cJSON_GetArraySize(layers);
	cJSON_ArrayForEach(l, layers)
	{
		struct descriptor d;

		err = descriptor_read(&d, manifest, l, why);
		if (!err)
			err = blob_find(o, &d, manifest, l, KIND_LAYER, "a layer", why);
		if (!err)
			err = layer_load(o, d.node, d.path, i++, count, &d.digest, why);
		if (err)
			return err;
	}
	return 0;
}

static int load_manifest(struct oci *o, const struct descriptor *d, struct failure *why)
{
	struct json manifest, config = { NULL, NULL };
	const cJSON *c = NULL;
	struct descriptor cd;
	int err = json_read(&manifest, o->from, d->path, &d->digest, why);

	if (!err)
		err = json_object(&manifest, manifest.top, "config", JSON_NEEDED, &c, why);
	if (!err)
		err = descriptor_read(&cd, &manifest, c, why);
	if (!err)
		err = blob_find(o, &cd, &manifest, c, KIND_CONFIG, "the configuration", why);
	if (!err)
		err = json_read(&config, o->from, cd.path, &cd.digest, why);
	if (!err)
		err = container_read(&o->config, &config, why);
	if (!err)
		err = load_layers(o, &manifest, why);
	json_free(&config);
	json_free(&manifest);
	return err;
}

// Text that grows up to a bound, for lists in messages.
struct list_text {
	char text[600];
	size_t len;
	unsigned count;
};

static void list_add(struct list_text *l, const char *word)
{
	l->count++;
	if (l->len < sizeof(l->text) - 1)
		l->len += (size_t)snprintf(l->text + l->len, sizeof(l->text) - l->len, "%s%.100s",
					   l->len ? ", " : "", word);
}

// Is it for linux/amd64? Without a platform its configuration will say.
static int platform_of(const struct json *j, const cJSON *o, char name[100], bool *ours,
		       struct failure *why)
{
	const char *os = NULL, *arch = NULL;
	const cJSON *p = NULL;
	int err = json_object(j, o, "platform", JSON_OPTIONAL, &p, why);

	*ours = true;
	snprintf(name, 100, "%s", "any");
	if (err || !p)
		return err;
	err = json_text(j, p, "os", JSON_NEEDED, &os, why);
	if (!err)
		err = json_text(j, p, "architecture", JSON_NEEDED, &arch, why);
	if (err)
		return err;
	*ours = !strcmp(os, "linux") && !strcmp(arch, "amd64");
	snprintf(name, 100, "%.40s/%.40s", os, arch);
	return 0;
}

// The names by which a user can choose among several.
static int tag_of(const struct json *j, const cJSON *o, const char **tag, struct failure *why)
{
	const cJSON *a = NULL;
	int err = json_object(j, o, "annotations", JSON_OPTIONAL, &a, why);

	*tag = NULL;
	if (!err && a)
		err = json_text(j, a, "org.opencontainers.image.ref.name", JSON_OPTIONAL, tag, why);
	if (!err && a && !*tag)
		err = json_text(j, a, "io.containerd.image.name", JSON_OPTIONAL, tag, why);
	return err;
}

struct choice {
	const cJSON *it;
	unsigned count; // how many fit
	struct list_text tags, platforms;
};

static int choose(const struct oci *o, const struct json *index, bool by_tag, struct choice *c,
		  struct failure *why)
{
	const cJSON *list = NULL, *d;
	int err = json_list(index, index->top, "manifests", JSON_NEEDED, &list, why);

	cJSON_ArrayForEach(d, list)
	{
		char platform[100];
		const char *tag;
		bool ours;

		if (!err)
			err = platform_of(index, d, platform, &ours, why);
		if (!err)
			err = tag_of(index, d, &tag, why);
		if (err)
			return err;
		list_add(&c->platforms, platform);
		if (!ours)
			continue;
		list_add(&c->tags, tag ? tag : "one without a name");
		if (by_tag && o->tag && (!tag || strcmp(tag, o->tag)))
			continue;
		if (!c->count++)
			c->it = d;
	}
	return err;
}

static int cannot_choose(const struct oci *o, const struct json *index, const struct choice *c,
			 struct failure *why)
{
	if (!c->platforms.count)
		return failure_set(why, -ENOENT, "%.300s: there is no image in it", index->name);
	if (!c->tags.count)
		return failure_set(why, -ENOEXEC,
				   "there is no image for linux/amd64 in it, only for %s",
				   c->platforms.text);
	if (!c->count)
		return failure_set(why, -ENOENT, "there is no image %.200s in it, only %s", o->tag,
				   c->tags.text);
	return failure_set(why, -EINVAL,
			   "there are several images in it: say which with --tag NAME: %s",
			   c->tags.text);
}

// `path` of an index. The outermost one tells images apart by name, those in it by platform: the
// first that fits is taken, as they are in order of preference.
static int load_index(struct oci *o, const char *path, const struct digest *digest, unsigned depth,
		      struct failure *why)
{
	struct choice c = { 0 };
	struct descriptor d;
	struct json index;
	int err = json_read(&index, o->from, path, digest, why);

	if (!err)
		err = choose(o, &index, !depth, &c, why);
	if (!err && (!c.count || (!depth && c.count > 1)))
		err = cannot_choose(o, &index, &c, why);
	if (!err)
		err = descriptor_read(&d, &index, c.it, why);
	if (!err)
		err = blob_find(o, &d, &index, c.it,
				d.kind == KIND_INDEX ? KIND_INDEX : KIND_MANIFEST, "the image",
				why);
	if (!err && d.kind == KIND_INDEX)
		err = depth < INDEX_DEPTH ? load_index(o, d.path, &d.digest, depth + 1, why)
					  : failure_set(why, -ELOOP,
							"%.300s: too many indexes in "
							"indexes",
							path);
	else if (!err)
		err = load_manifest(o, &d, why);
	json_free(&index);
	return err;
}

int oci_load(struct oci *o, struct failure *why)
{
	const char *version = NULL;
	struct json layout;
	int err = json_read(&layout, o->from, "oci-layout", NULL, why);

	if (!err)
		err = json_text(&layout, layout.top, "imageLayoutVersion", JSON_NEEDED, &version,
				why);
	if (!err && strncmp(version, "1.", 2))
		err = failure_set(why, -ENOTSUP,
				  "it is an OCI image layout of version %.40s: Pith knows 1.0.0",
				  version);
	json_free(&layout);
	return err ? err : load_index(o, "index.json", NULL, 0, why);
}
