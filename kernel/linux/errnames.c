// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names of error numbers, for the trace: include/uapi/asm-generic/errno-base.h and errno.h.
#include <core/klib.h>
#include <linux/errnames.h>
#include <linux/syscall.h>

#define HIGH 84

static const char low[] =
	"OK\0" "EPERM\0" "ENOENT\0" "ESRCH\0" "EINTR\0" "EIO\0" "ENXIO\0" "E2BIG\0" "ENOEXEC\0"
	"EBADF\0" "ECHILD\0" "EAGAIN\0" "ENOMEM\0" "EACCES\0" "EFAULT\0" "ENOTBLK\0" "EBUSY\0"
	"EEXIST\0" "EXDEV\0" "ENODEV\0" "ENOTDIR\0" "EISDIR\0" "EINVAL\0" "ENFILE\0" "EMFILE\0"
	"ENOTTY\0" "ETXTBSY\0" "EFBIG\0" "ENOSPC\0" "ESPIPE\0" "EROFS\0" "EMLINK\0" "EPIPE\0"
	"EDOM\0" "ERANGE\0" "EDEADLK\0" "ENAMETOOLONG\0" "ENOLCK\0" "ENOSYS\0" "ENOTEMPTY\0"
	"ELOOP\0";
static const char high[] = // from HIGH on
	"EILSEQ\0" "ERESTART\0" "ESTRPIPE\0" "EUSERS\0" "ENOTSOCK\0" "EDESTADDRREQ\0" "EMSGSIZE\0"
	"EPROTOTYPE\0" "ENOPROTOOPT\0" "EPROTONOSUPPORT\0" "ESOCKTNOSUPPORT\0" "EOPNOTSUPP\0"
	"EPFNOSUPPORT\0" "EAFNOSUPPORT\0" "EADDRINUSE\0" "EADDRNOTAVAIL\0" "ENETDOWN\0"
	"ENETUNREACH\0" "ENETRESET\0" "ECONNABORTED\0" "ECONNRESET\0" "ENOBUFS\0" "EISCONN\0"
	"ENOTCONN\0" "ESHUTDOWN\0" "ETOOMANYREFS\0" "ETIMEDOUT\0" "ECONNREFUSED\0" "EHOSTDOWN\0"
	"EHOSTUNREACH\0" "EALREADY\0" "EINPROGRESS\0" "ESTALE\0" "EUCLEAN\0" "ENOTNAM\0"
	"ENAVAIL\0" "EISNAM\0" "EREMOTEIO\0" "EDQUOT\0" "ENOMEDIUM\0" "EMEDIUMTYPE\0"
	"ECANCELED\0";

static const char *nth(const char *p, const char *end, int n)
{
	for (; n && p < end; n--)
		p += strlen(p) + 1;
	return p < end && *p ? p : "E?";
}

const char *errno_name(int e)
{
	if (e >= ERESTARTSYS)
		return "(interrupted by a signal)";
	if (e >= HIGH)
		return nth(high, high + sizeof(high) - 1, e - HIGH);
	return nth(low, low + sizeof(low) - 1, e);
}
