// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Scripts give way to their interpreters. env(1) is not run but done here, since it is there only
// to look into PATH.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/script.h>
#include <image/search.h>
#include <image/subject.h>

// false: nowhere in PATH.
static bool find_in_path(const char *name, char out[PATH_MAX])
{
	const char *p = getenv("PATH");
	struct stat st;

	for (p = p ? p : "/usr/sbin:/usr/bin:/sbin:/bin"; *p; p += strcspn(p, ":"), p += *p == ':') {
		size_t n = strcspn(p, ":");

		if (n && snprintf(out, PATH_MAX, "%.*s/%s", (int)n, p, name) < PATH_MAX &&
		    !stat(out, &st) && S_ISREG(st.st_mode) && !access(out, X_OK))
			return true;
	}
	return false;
}

// Absolute, with the link that it may be itself: its name counts (redis-server -> redis-check-rdb).
static int make_absolute(const char *path, char out[PATH_MAX], struct failure *why)
{
	char copy[PATH_MAX], dir[PATH_MAX];
	const char *name;
	char *slash;

	if (snprintf(copy, sizeof(copy), "%s%s", strchr(path, '/') ? "" : "./", path) >= PATH_MAX)
		return failure_errno(why, -ENAMETOOLONG, "%.200s...", path);
	slash = strrchr(copy, '/');
	name = slash + 1;
	*slash = 0;
	if (*path == '/' && path_tidy(path, out) && strcmp(out, "/"))
		return 0;
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return failure_set(why, -EINVAL, "%s is not the path of a program", path);
	if (!realpath(*copy ? copy : "/", dir))
		return failure_errno(why, -errno, "cannot open the program %s", path);
	if (snprintf(out, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
		return failure_errno(why, -ENAMETOOLONG, "%.200s...", path);
	return 0;
}

static int look_up(const char *text, char out[PATH_MAX], struct failure *why)
{
	char found[PATH_MAX];

	if (strchr(text, '/') || !access(text, F_OK))
		return make_absolute(text, out, why);
	if (find_in_path(text, found))
		return make_absolute(found, out, why);
	return failure_set(why, -ENOENT,
			   "cannot open the program %s: there is no such file in this folder, and no "
			   "such program in PATH",
			   text);
}

static bool is_system(const char *path)
{
	static const char *const folders[] = { "/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!strncmp(path, folders[i], strlen(folders[i])))
			return strncmp(path, "/usr/src/", 9) != 0;
	return false;
}

// The path that a host's file gets by one of the user's files and folders. false: none has it.
static bool place_given(const struct spec *spec, const char *real, char out[PATH_MAX])
{
	char host[PATH_MAX], folder[PATH_MAX];

	for (size_t i = 0; i < spec->files.count; i++) {
		const char *text = spec->files.at[i], *colon = strrchr(text, ':');
		size_t n;

		snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
		n = realpath(host, folder) ? strlen(folder) : 0;
		if (!n || strncmp(real, folder, n) || (real[n] && real[n] != '/'))
			continue;
		if (snprintf(out, PATH_MAX, "%s%s", colon[1] && colon[2] ? colon + 1 : "",
			     real + n) < PATH_MAX)
			return true;
	}
	return false;
}

static char *place(const struct spec *spec, const char *path)
{
	char real[PATH_MAX], out[PATH_MAX];

	if (is_system(path))
		return strdup(path);
	if (!realpath(path, real))
		return strdup(strrchr(path, '/'));
	if (place_given(spec, real, out))
		return strdup(out);
	return strdup(is_system(real) ? real : strrchr(path, '/'));
}

// Puts words in front of a list.
static int put_before(struct strings *l, const struct strings *words)
{
	struct strings all = { 0 };
	int err = 0;

	for (size_t i = 0; i < words->count + l->count && !err; i++)
		err = strings_add(&all, i < words->count ? words->at[i]
							 : l->at[i - words->count]);
	strings_free(l);
	*l = all;
	return err;
}

// env NAME, env -S NAME ARGUMENTS: what env would run.
static int skip_env(char **interpreter, char **rest, struct strings *args, const char *path,
		    struct failure *why)
{
	char *words = *rest, *word;
	bool split = !strncmp(words, "-S", 2);

	if (split)
		words += 2;
	word = split ? strtok_r(words, " \t", rest) : words;
	if (split && word)
		while ((words = strtok_r(NULL, " \t", rest)))
			if (strings_add(args, words))
				return failure_errno(why, -ENOMEM, "%s", path);
	if (!word || !*word || *word == '-' || strchr(word, '='))
		return failure_set(why, -EINVAL,
				   "%s: its first line gives env something else than a program: "
				   "build the interpreter, with the script as --file and argument",
				   path);
	*interpreter = word;
	*rest = "";
	return 0;
}

// 1: the file is a script, and its interpreter takes its place.
static int take_script(struct subject *s, struct failure *why)
{
	char text[SCRIPT_LINE + 1], found[PATH_MAX], *interpreter, *rest;
	struct strings words = { 0 };
	FILE *f = fopen(s->program, "re");
	size_t n = f ? fread(text, 1, SCRIPT_LINE, f) : 0;
	int err = 0;

	if (f)
		fclose(f);
	text[n] = 0;
	if (!script_split(text, &interpreter, &rest))
		return 0;
	if (script_by_env(interpreter))
		err = skip_env(&interpreter, &rest, &words, s->program, why);
	if (!err && *interpreter != '/' && !find_in_path(interpreter, found))
		err = -ENOENT;
	else if (!err && *interpreter == '/' &&
		 (access(interpreter, F_OK) || !path_tidy(interpreter, found)))
		err = -ENOENT;
	if (err == -ENOENT)
		failure_set(why, err, "the script %s wants the interpreter %s, which is not there",
			    s->program, interpreter);
	if (!err && *rest && strings_add(&words, rest))
		err = failure_errno(why, -ENOMEM, "%s", s->program);
	if (!err && (strings_add(&words, s->guest) || put_before(&s->args, &words)))
		err = failure_errno(why, -ENOMEM, "%s", s->program);
	strings_free(&words);
	if (err)
		return err;
	if (s->script)
		return failure_set(why, -ENOEXEC,
				   "the interpreter of %s is a script itself: build that one's",
				   s->script);
	s->script = s->program;
	s->guest_script = s->guest;
	s->program = strdup(found);
	s->guest = NULL;
	return s->program ? 1 : failure_errno(why, -ENOMEM, "%s", found);
}

int subject_find(struct subject *s, const struct spec *spec, struct failure *why)
{
	char path[PATH_MAX];
	int err = look_up(spec->program, path, why);

	memset(s, 0, sizeof(*s));
	if (err)
		return err;
	s->program = strdup(path);
	for (err = 1; err == 1;) {
		s->guest = s->program ? place(spec, s->program) : NULL;
		if (!s->guest)
			err = failure_errno(why, -ENOMEM, "%s", path);
		else
			err = take_script(s, why);
	}
	if (err)
		subject_free(s);
	return err;
}

void subject_free(struct subject *s)
{
	free(s->program);
	free(s->guest);
	free(s->script);
	free(s->guest_script);
	strings_free(&s->args);
	memset(s, 0, sizeof(*s));
}
