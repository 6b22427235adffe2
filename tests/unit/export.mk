# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
UNIT_test_export_words_SRCS = export/words.c host/failure.c
UNIT_test_export_fat_SRCS = export/fat.c export/content.c image/output.c
UNIT_test_export_ids_SRCS = export/gpt.c export/vhdx.c image/output.c
