// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <nettle/nettle-meta.h>
#include <stdlib.h>
#include <string.h>

#include <image/digest.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int digest_parse(struct digest *d, const char *text, struct failure *why)
{
	const struct nettle_hash *hash = NULL;
	const char *digits = text + 7;

	memset(d, 0, sizeof(*d));
	if (!strncmp(text, "sha256:", 7))
		hash = &nettle_sha256;
	else if (!strncmp(text, "sha512:", 7))
		hash = &nettle_sha512;
	else
		return failure_set(
			why, -ENOTSUP,
			"%.200s is not a digest that can be checked: sha256 and sha512 can", text);
	for (size_t i = 0; i < 2 * hash->digest_size; i++) {
		int n = hex(digits[i]);

		if (n < 0)
			return failure_set(why, -EINVAL, "%.200s is not a digest", text);
		d->want[i / 2] = (uint8_t)(d->want[i / 2] << 4 | n);
	}
	if (digits[2 * hash->digest_size])
		return failure_set(why, -EINVAL, "%.200s is not a digest", text);
	d->hash = hash;
	return 0;
}

int digest_begin(struct digest *d)
{
	if (!d->hash)
		return 0;
	d->state = malloc(d->hash->context_size);
	if (!d->state)
		return -ENOMEM;
	d->hash->init(d->state);
	return 0;
}

void digest_add(struct digest *d, const void *bytes, size_t len)
{
	if (d->state)
		d->hash->update(d->state, len, bytes);
}

bool digest_end(struct digest *d)
{
	uint8_t got[DIGEST_MAX];
	bool same = true;

	if (d->state) {
		d->hash->digest(d->state, d->hash->digest_size, got);
		same = !memcmp(got, d->want, d->hash->digest_size);
	}
	free(d->state);
	d->state = NULL;
	return same;
}
