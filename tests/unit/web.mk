# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
UNIT_test_web_request_SRCS := apps/web/request.c apps/web/text.c
UNIT_test_web_path_SRCS := apps/web/path.c apps/web/mime.c apps/web/text.c
UNIT_test_web_range_SRCS := apps/web/range.c apps/web/text.c
UNIT_test_web_date_SRCS := apps/web/date.c apps/web/text.c
UNIT_test_web_condition_SRCS := apps/web/condition.c apps/web/date.c apps/web/text.c
