// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <image/container.h>

static int copy_text(const struct json *j, const cJSON *o, const char *key, char **out,
		     struct failure *why)
{
	const char *text = NULL;
	int err = json_text(j, o, key, JSON_OPTIONAL, &text, why);

	if (err)
		return err;
	*out = strdup(text ? text : "");
	return *out ? 0 : failure_errno(why, -ENOMEM, "%.400s", j->name);
}

static int check_platform(const struct json *j, struct failure *why)
{
	const char *os = NULL, *arch = NULL;
	int err = json_text(j, j->top, "os", JSON_NEEDED, &os, why);

	if (!err)
		err = json_text(j, j->top, "architecture", JSON_NEEDED, &arch, why);
	if (!err && (strcmp(os, "linux") || strcmp(arch, "amd64")))
		err = failure_set(why, -ENOEXEC,
				  "the image is for %.40s/%.40s: Pith runs linux/amd64 only", os,
				  arch);
	return err;
}

// {"80/tcp": {}, "53/udp": {}}
static int read_ports(struct container *c, const struct json *j, const cJSON *config,
		      struct failure *why)
{
	const cJSON *ports = NULL, *p;
	int err = json_object(j, config, "ExposedPorts", JSON_OPTIONAL, &ports, why);

	cJSON_ArrayForEach(p, ports)
	{
		if (!err && strings_add(&c->ports, p->string))
			err = failure_errno(why, -ENOMEM, "%.400s", j->name);
	}
	return err;
}

static int read_config(struct container *c, const struct json *j, const cJSON *o,
		       struct failure *why)
{
	static const cJSON nothing = { .type = cJSON_Object };
	int err;

	o = o ? o : &nothing;
	err = json_texts(j, o, "Entrypoint", JSON_OPTIONAL, &c->entrypoint, why);
	if (!err)
		err = json_texts(j, o, "Cmd", JSON_OPTIONAL, &c->cmd, why);
	if (!err)
		err = json_texts(j, o, "Env", JSON_OPTIONAL, &c->env, why);
	if (!err)
		err = copy_text(j, o, "WorkingDir", &c->workdir, why);
	if (!err)
		err = copy_text(j, o, "User", &c->user, why);
	if (!err)
		err = copy_text(j, o, "StopSignal", &c->stop_signal, why);
	return err ? err : read_ports(c, j, o, why);
}

int container_read(struct container *c, const struct json *j, struct failure *why)
{
	const cJSON *config = NULL, *rootfs = NULL;
	const char *type = NULL;
	int err = check_platform(j, why);

	if (!err)
		err = json_object(j, j->top, "config", JSON_OPTIONAL, &config, why);
	if (!err)
		err = read_config(c, j, config, why);
	if (!err)
		err = json_object(j, j->top, "rootfs", JSON_NEEDED, &rootfs, why);
	if (!err)
		err = json_text(j, rootfs, "type", JSON_NEEDED, &type, why);
	if (!err && strcmp(type, "layers"))
		err = failure_set(why, -ENOTSUP, "%.400s: a root file system of the type %.40s",
				  j->name, type);
	return err ? err : json_texts(j, rootfs, "diff_ids", JSON_NEEDED, &c->diff_ids, why);
}

void container_free(struct container *c)
{
	struct strings *lists[] = { &c->entrypoint, &c->cmd, &c->env, &c->ports, &c->diff_ids };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		strings_free(lists[i]);
	free(c->workdir);
	free(c->user);
	free(c->stop_signal);
	memset(c, 0, sizeof(*c));
}
