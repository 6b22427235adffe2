// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names that are labels of DNS as well. Apart from the rest, because the builder checks them too.
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <host/network.h>

bool network_member_ok(const char *name)
{
	if (!isalnum((unsigned char)name[0]) || strlen(name) > NETWORK_NAME_MAX)
		return false;
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
			return false;
	}
	return true;
}

bool network_name_ok(const char *name)
{
	return network_member_ok(name) && strcasecmp(name, "none") && strcasecmp(name, "user") &&
	       strcasecmp(name, "tap");
}
