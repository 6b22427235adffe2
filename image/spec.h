// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What is to be built: from the command line (main.c) and pith.yaml (yaml.c).
#ifndef IMAGE_SPEC_H
#define IMAGE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pith/image.h>
#include <host/failure.h>

struct strings {
	char **at; // owned; at[count] is NULL
	size_t count;
};

struct spec {
	char *program;           // host path; with a source, a path in it, or NULL
	char *source;            // a whole root: folder, archive, container image; or NULL
	char *tag;               // which of several images in it, or NULL
	uint64_t max_size;       // bytes that it may unpack to; 0: what the disk allows
	char *cwd;               // where the program starts; NULL: /
	uint32_t uid, gid;       // as whom
	uint32_t stop_signal;    // 0: SIGTERM
	bool args_given;         // `--` was there, even if nothing follows
	char *output;            // host path of the image; NULL: the program's name with .pith
	char *name;              // NULL: the output's name without .pith
	struct strings args;     // behind argv[0]
	struct strings env;      // NAME=value
	struct strings files;    // host:guest
	struct strings libs;     // libraries for dlopen(): names, or host paths
	struct strings calls;    // linked besides those that were found
	struct manifest_port *ports;
	size_t port_count;
	uint64_t memory;         // 0: SPEC_MEMORY_*
	bool net_set;            // else by what the program can do
	enum manifest_net net;
	char *net_name;          // tap's name
	uint32_t platforms;      // IMAGE_F_KVM | IMAGE_F_PROCESS | IMAGE_F_PC
	bool wx, strip, quiet, json;
	struct strings packages; // named besides the program's own
	bool no_package;         // do not bring the program's
	bool in_place;           // not packed, however small
};

// Without --memory. It is taken as it is used, so more costs nothing; but programs that look how
// much there is (the JVM, Node) take a part of it.
#define SPEC_MEMORY_STATIC (256ull << 20)
#define SPEC_MEMORY_DYNAMIC (1ull << 30)

void spec_init(struct spec *s);
void spec_free(struct spec *s);

// Each takes text as a user writes it. 0 or a negative errno with *why naming the text.
int strings_add(struct strings *l, const char *s);
void strings_free(struct strings *l);
int spec_name(struct spec *s, const char *text, struct failure *why);     // letters, digits, . _ -
int spec_memory(struct spec *s, const char *text, struct failure *why);   // 4M, 512K, 1G, bytes
int spec_size(const char *text, uint64_t *out, struct failure *why);      // the same
int spec_network(struct spec *s, const char *text, struct failure *why);  // none, user, tap:NAME
int spec_port(struct spec *s, const char *text, struct failure *why);     // [HOST:]GUEST[/tcp|/udp]
int spec_env(struct spec *s, const char *text, struct failure *why);      // NAME=value
int spec_file(struct spec *s, const char *text, struct failure *why);     // HOST:/GUEST
int spec_dir(struct spec *s, const char *text, struct failure *why);      // HOST:/GUEST, or :/
int spec_platform(struct spec *s, const char *text, struct failure *why); // kvm, process, pc, all, or
									  // several with commas

// Reads a pith.yaml into the spec; paths in it are relative to its folder. Errors name file and
// line.
int spec_yaml(struct spec *s, const char *path, struct failure *why);

#endif
