# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
# The web appliance: WEB_PURE_SRCS are functions without input or output, which unit tests link.
WEB_PURE_SRCS := $(addprefix apps/web/,text.c date.c mime.c request.c path.c range.c condition.c)
WEB_SRCS := $(WEB_PURE_SRCS) $(addprefix apps/web/,pool.c clock.c file.c page.c stats.c respond.c \
	conn.c server.c main.c)
# A quarter of the file would be padding between segments, and calls are smaller than copies.
$(O)/apps/web: APP_CFLAGS += -fno-pie -no-pie -fno-inline-functions-called-once \
	-Wl,-z,noseparate-code -Wl,-z,norelro -Wl,--build-id=none
