// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// JSON out of archives, of which nothing is believed: each value is asked for with the type that it
// must have, and one of another type is an error that names it.
#ifndef IMAGE_JSON_H
#define IMAGE_JSON_H

#include <cjson/cJSON.h>

#include <image/digest.h>
#include <image/spec.h>
#include <image/tree.h>

#define JSON_MAX (4u << 20) // bytes: what registries take of a manifest

struct json {
	cJSON *top;	  // owned
	const char *name; // of the file, for messages
};

// Reads a file of a tree; digest: what it must have, or NULL. 0 or a negative errno with *why.
int json_read(struct json *j, const struct tree *t, const char *path, const struct digest *digest,
	      struct failure *why);
void json_free(struct json *j);

// A member of an object. *out is NULL if it is not there or null and need not be; else it belongs
// to j. 0 or a negative errno with *why: -EINVAL names the file and the key.
enum json_need { JSON_OPTIONAL, JSON_NEEDED };
int json_object(const struct json *j, const cJSON *o, const char *key, enum json_need need,
		const cJSON **out, struct failure *why);
int json_list(const struct json *j, const cJSON *o, const char *key, enum json_need need,
	      const cJSON **out, struct failure *why);
int json_text(const struct json *j, const cJSON *o, const char *key, enum json_need need,
	      const char **out, struct failure *why);
// A number of bytes, which must be there: not negative, and below 9e15. Errors likewise.
int json_size(const struct json *j, const cJSON *o, const char *key, uint64_t *out,
	      struct failure *why);
// A list of texts, appended.
int json_texts(const struct json *j, const cJSON *o, const char *key, enum json_need need,
	       struct strings *out, struct failure *why);

#endif
