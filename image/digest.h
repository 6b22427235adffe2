// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Digests as container images have them (OCI image specification, descriptor.md: Digests):
// "sha256:" or "sha512:" and lower-case hexadecimal digits.
#ifndef IMAGE_DIGEST_H
#define IMAGE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <host/failure.h>

#define DIGEST_MAX 64

struct digest {
	const struct nettle_hash *hash; // NULL: nothing is to be checked
	uint8_t want[DIGEST_MAX];
	void *state; // between digest_begin() and digest_end()
};

// 0 or a negative errno with *why, which names the text.
int digest_parse(struct digest *d, const char *text, struct failure *why);

int digest_begin(struct digest *d); // 0 or -ENOMEM
void digest_add(struct digest *d, const void *bytes, size_t len);
// Ends it: is it what was wanted?
bool digest_end(struct digest *d);

#endif
