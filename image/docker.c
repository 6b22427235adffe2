// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// manifest.json: a list of images, each with the path of its configuration and those of its layers
// (github.com/moby/docker-image-spec: Combined Image JSON + Filesystem Changeset Format). The
// configuration is named by its own digest; it has those of the layers.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <image/oci.h>

static int has_tag(const struct json *j, const cJSON *image, const char *tag, bool *yes,
		   char *names, size_t size, struct failure *why)
{
	struct strings tags = { 0 };
	int err = json_texts(j, image, "RepoTags", JSON_OPTIONAL, &tags, why);

	*yes = false;
	for (size_t i = 0; i < tags.count; i++) {
		size_t n = strlen(names);

		*yes |= tag && !strcmp(tags.at[i], tag);
		snprintf(names + n, size - n, "%s%.100s", n ? ", " : "", tags.at[i]);
	}
	strings_free(&tags);
	return err;
}

static int choose(const struct oci *o, const struct json *j, const cJSON **out, struct failure *why)
{
	char names[600] = "";
	const cJSON *image;
	unsigned fit = 0, all = 0;

	if (!cJSON_IsArray(j->top))
		return failure_set(why, -EINVAL, "%s: a list of images is wanted", j->name);
	cJSON_ArrayForEach(image, j->top)
	{
		bool yes;
		int err = has_tag(j, image, o->tag, &yes, names, sizeof(names), why);

		if (err)
			return err;
		all++;
		if (o->tag ? yes : true) {
			*out = image;
			fit++;
		}
	}
	if (!all)
		return failure_set(why, -ENOENT, "%s: there is no image in it", j->name);
	if (!fit)
		return failure_set(why, -ENOENT, "there is no image %.200s in it, only %s", o->tag,
				   names);
	if (fit > 1)
		return failure_set(why, -EINVAL,
				   "there are several images in it: say which with --tag NAME: %s",
				   names);
	return 0;
}

// DIGITS.json, or blobs/sha256/DIGITS.
static bool digest_in_name(const char *path, struct digest *d)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct failure ignored;
	char text[7 + 64 + 1];
	size_t n = strspn(name, "0123456789abcdef");

	if (n != 64 || (name[n] && strcmp(name + n, ".json")))
		return false;
	snprintf(text, sizeof(text), "sha256:%.64s", name);
	return !digest_parse(d, text, &ignored);
}

static int load_config(struct oci *o, const char *path, struct failure *why)
{
	struct json config;
	struct digest d;
	struct node *n;
	int err = image_file(o, path, "the configuration", &n, why);

	if (err)
		return err;
	err = json_read(&config, o->from, path, digest_in_name(path, &d) ? &d : NULL, why);
	if (!err)
		err = container_read(&o->config, &config, why);
	json_free(&config);
	return err;
}

static int load_layers(struct oci *o, const struct json *j, const cJSON *image, struct failure *why)
{
	struct strings layers = { 0 };
	int err = json_texts(j, image, "Layers", JSON_NEEDED, &layers, why);

	for (size_t i = 0; i < layers.count && !err; i++) {
		struct node *n;

		err = image_file(o, layers.at[i], "a layer", &n, why);
		if (!err)
			err = layer_load(o, n, layers.at[i], i, layers.count, NULL, why);
	}
	strings_free(&layers);
	return err;
}

int docker_load(struct oci *o, struct failure *why)
{
	const cJSON *image = NULL;
	const char *config = NULL;
	struct json j;
	int err = json_read(&j, o->from, "manifest.json", NULL, why);

	if (!err)
		err = choose(o, &j, &image, why);
	if (!err)
		err = json_text(&j, image, "Config", JSON_NEEDED, &config, why);
	if (!err)
		err = load_config(o, config, why);
	if (!err)
		err = load_layers(o, &j, image, why);
	json_free(&j);
	return err;
}
