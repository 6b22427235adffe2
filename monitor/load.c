// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the monitor and the loader (monitor/load.h).
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <monitor/load.h>

static int explain(const struct image *img, const struct load_config *cfg, uint64_t need, int err,
		   struct failure *why)
{
	if (err == -E2BIG)
		return failure_set(why, err, "arguments and environment are longer than %lu KiB",
				   LOAD_STRINGS_MAX >> 10);
	if (err == -EFBIG)
		return failure_set(why, -ENOMEM,
				   "%s: image and memory are too large for an address space",
				   img->path);
	return failure_set(why, err,
			   "%s: %llu KiB of memory are too little: it needs %llu KiB to start; "
			   "give more with --memory",
			   img->path, (unsigned long long)cfg->memory >> 10,
			   ((unsigned long long)need + 1023) >> 10);
}

int load_checked_image(const struct image *img, struct load_config *cfg, struct loaded *out,
		       struct failure *why)
{
	struct load_random random;
	int err;

	// Up to 256 bytes come whole (getrandom(2)).
	_Static_assert(sizeof(random) <= 256, "one getrandom() is enough");
	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return failure_errno(why, -errno, "no random numbers from the host");
	cfg->image = (struct load_image){ img->map, img->len, &img->header, img->manifest };
	cfg->ram_pa = LOAD_RAM_PA;
	cfg->image_pa = (cfg->ram_pa + cfg->memory + LOAD_IMAGE_ALIGN - 1) & ~(LOAD_IMAGE_ALIGN - 1);
	cfg->random = &random;
	err = load_image(cfg, out);
	cfg->random = NULL;
	explicit_bzero(&random, sizeof(random));
	return err ? explain(img, cfg, out->need, err, why) : 0;
}
