// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/json.h>

static int read_bytes(const struct json *j, const struct node *n, char *bytes, struct failure *why)
{
	int fd, err = node_open(n, &fd, why);

	if (err)
		return err;
	err = node_read(n, fd, bytes, n->size, 0, why);
	node_close(n, fd);
	return err;
}

static int parse(struct json *j, const struct node *n, const struct digest *digest,
		 struct failure *why)
{
	struct digest d = digest ? *digest : (struct digest){ 0 };
	char *bytes = malloc(n->size + 1);
	int err = bytes && !digest_begin(&d) ? 0 : failure_errno(why, -ENOMEM, "%.500s", j->name);

	if (!err)
		err = read_bytes(j, n, bytes, why);
	if (!err)
		digest_add(&d, bytes, n->size);
	if (!digest_end(&d) && !err)
		err = failure_set(why, -EBADMSG,
				  "%.500s is damaged: its digest is not what it says", j->name);
	if (!err) {
		j->top = cJSON_ParseWithLength(bytes, n->size);
		if (!j->top)
			err = failure_set(why, -EINVAL, "%.500s is not JSON, or cut off", j->name);
	}
	free(bytes);
	return err;
}

int json_read(struct json *j, const struct tree *t, const char *path, const struct digest *digest,
	      struct failure *why)
{
	struct node *n;
	int err = tree_find(t, path, true, &n, why);

	*j = (struct json){ .name = path };
	if (err)
		return err;
	if (!S_ISREG(n->attr.mode))
		return failure_set(why, -EINVAL, "%.500s is not a file", path);
	if (n->size > JSON_MAX)
		return failure_set(why, -EFBIG, "%.500s is too large for what it is", path);
	return parse(j, n, digest, why);
}

void json_free(struct json *j)
{
	cJSON_Delete(j->top);
	j->top = NULL;
}

static int get(const struct json *j, const cJSON *o, const char *key, enum json_need need,
	       cJSON_bool (*is)(const cJSON *), const char *type, const cJSON **out,
	       struct failure *why)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

	if (!cJSON_IsObject(o))
		return failure_set(why, -EINVAL, "%.400s: an object is wanted where `%s` should be",
				   j->name, key);
	if (cJSON_IsNull(v))
		v = NULL;
	if (!v && need == JSON_NEEDED)
		return failure_set(why, -EINVAL, "%.400s has no `%s`", j->name, key);
	if (v && !is(v))
		return failure_set(why, -EINVAL, "%.400s: `%s` is not %s", j->name, key, type);
	*out = v;
	return 0;
}

int json_object(const struct json *j, const cJSON *o, const char *key, enum json_need need,
		const cJSON **out, struct failure *why)
{
	return get(j, o, key, need, cJSON_IsObject, "an object", out, why);
}

int json_list(const struct json *j, const cJSON *o, const char *key, enum json_need need,
	      const cJSON **out, struct failure *why)
{
	return get(j, o, key, need, cJSON_IsArray, "a list", out, why);
}

int json_text(const struct json *j, const cJSON *o, const char *key, enum json_need need,
	      const char **out, struct failure *why)
{
	const cJSON *v = NULL;
	int err = get(j, o, key, need, cJSON_IsString, "a text", &v, why);

	*out = v ? v->valuestring : NULL;
	return err;
}

int json_size(const struct json *j, const cJSON *o, const char *key, uint64_t *out,
	      struct failure *why)
{
	const cJSON *v = NULL;
	int err = get(j, o, key, JSON_NEEDED, cJSON_IsNumber, "a number", &v, why);

	if (!err && !(v->valuedouble >= 0 && v->valuedouble < 9e15))
		err = failure_set(why, -EINVAL, "%.400s: `%s` is not a size", j->name, key);
	*out = err ? 0 : (uint64_t)v->valuedouble;
	return err;
}

int json_texts(const struct json *j, const cJSON *o, const char *key, enum json_need need,
	       struct strings *out, struct failure *why)
{
	const cJSON *list = NULL, *v;
	int err = json_list(j, o, key, need, &list, why);

	if (err)
		return err;
	cJSON_ArrayForEach(v, list)
	{
		if (!cJSON_IsString(v))
			return failure_set(why, -EINVAL, "%.400s: `%s` is not a list of texts",
					   j->name, key);
		if (strings_add(out, v->valuestring))
			return failure_errno(why, -ENOMEM, "%.400s", j->name);
	}
	return 0;
}
