# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers

DESTDIR ?=
LIBFILES = libkernel.a nucleus.bin stage1.bin start.bin calls.list
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PITH_LIBDIR) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(O)/pith $(DESTDIR)$(PREFIX)/bin/pith
	install -m 755 $(O)/pith-build $(DESTDIR)$(PITH_LIBDIR)/pith-build
	for f in $(LIBFILES); do install -m 644 $(O)/$$f $(DESTDIR)$(PITH_LIBDIR)/$$f || exit 1; done
	for f in docs/man/*.1; do install -m 644 $$f $(DESTDIR)$(PREFIX)/share/man/man1/ || exit 1; done
.PHONY: install
