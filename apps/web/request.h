// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The head of a request (RFC 9112): a pure function from bytes to a struct of slices of them.
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "text.h"

#define HEAD_MAX 8192    // bytes of a request's head: more is 431
#define URI_MAX 2048     // bytes of a request's target: more is 414
#define FIELDS_MAX 64    // fields in a head: more is 431
#define BODY_MAX 65536   // bytes of content that are read and dropped: more is 413

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_OTHER,   // one of RFC 9110 or 5789 that no file has: 405
	METHOD_UNKNOWN, // 501
};

// A field that was not given has at == NULL.
struct request {
	enum method method;
	struct slice path;  // still percent-encoded, begins with a slash
	struct slice query; // with its question mark, or empty
	bool http10;
	bool keep;          // the connection stays open
	bool expects;       // 100-continue
	uint64_t body;      // bytes of content that follow
	struct slice host;
	struct slice range, if_range;
	struct slice if_match, if_none_match, if_modified_since, if_unmodified_since;
};

// The length of the head, empty lines before it included; 0: it is not complete; or the negative
// of the status to refuse it with. After a refusal nothing else on the connection can be trusted.
int request_parse(const char *buf, size_t len, struct request *r);

#endif
