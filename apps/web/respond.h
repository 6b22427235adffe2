// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Answers: from a request to the bytes of a head and what is to be sent after it.
#ifndef WEB_RESPOND_H
#define WEB_RESPOND_H

#include "file.h"
#include "range.h"
#include "request.h"

// There must be so much room in a text before an answer is put into it: a redirection, whose
// address may be three times as long as the request's, and a page or the content of a small file.
#define ANSWER_MAX (3 * URI_MAX + CONTENT_MAX + 1024)

// Parts of a multipart answer that are still to come (RFC 9110 14.6).
struct parts {
	unsigned count;
	unsigned next;
	uint64_t boundary;
	struct range range[RANGES_MAX];
};

// An answer is what is put into out, then left bytes of the file from offset; then, as long as
// answer_next_part() says, the same again.
struct answer {
	struct text *out;
	bool close;          // in: it will be the last on the connection
	struct file *file;   // NULL: nothing but out; else a count that the taker must put back
	uint64_t offset;
	uint64_t left;
	struct parts *parts; // NULL, or to be given back with answer_end()
};

void answer_listings(bool allowed);

void answer_request(const struct request *r, struct answer *a);
// status: what request_parse() refused a request with, or 408 or 503.
void answer_error(int status, struct answer *a);
bool answer_next_part(struct answer *a);
void answer_end(struct answer *a);

#endif
