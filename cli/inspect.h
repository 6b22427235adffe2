// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The two halves of `pith inspect`. Both make a JSON object, which is printed as it is or as text.
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include <cjson/cJSON.h>

#include <host/state.h>

// An image file (cli/inspect_image.c). NULL with *why.
cJSON *inspect_image(const char *path, struct failure *why);
void inspect_image_print(const cJSON *o);

// An instance (cli/inspect_instance.c), with its statistics if it runs.
cJSON *inspect_instance(struct instance *in, struct failure *why);
void inspect_instance_print(const cJSON *o);

// For both: values that may be missing or of another type.
double inspect_number(const cJSON *o, const char *key);
const char *inspect_text(const cJSON *o, const char *key); // "" if there is none

#endif
