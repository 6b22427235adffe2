// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The instructions of call sites and stubs. Intel SDM vol. 2.
#include <core/klib.h>
#include <linux/patch.h>

#define MOV_EAX 0xb8
#define JMP_REL32 0xe9

bool patch_match(const uint8_t code[7], uint32_t nr)
{
	uint32_t imm;

	memcpy(&imm, code + 1, 4);
	return code[0] == MOV_EAX && imm == nr && code[5] == 0x0f && code[6] == 0x05;
}

static bool rel32(uint8_t *at, uintptr_t next, uintptr_t to)
{
	int64_t d = (int64_t)(to - next);
	int32_t v = (int32_t)d;

	memcpy(at, &v, 4);
	return v == d;
}

bool patch_jump(uint8_t code[PATCH_LEN], uintptr_t from, uintptr_t to)
{
	code[0] = JMP_REL32;
	return rel32(code + 1, from + PATCH_LEN, to);
}

bool patch_stub(uint8_t code[STUB_LEN], uintptr_t at, uint32_t nr, uintptr_t back, uintptr_t slot)
{
	static const uint8_t lea_rcx[3] = { 0x48, 0x8d, 0x0d };
	static const uint8_t jmp_mem[2] = { 0xff, 0x25 };

	memset(code, 0xcc, STUB_LEN);
	code[0] = MOV_EAX;
	memcpy(code + 1, &nr, 4);
	memcpy(code + 5, lea_rcx, 3);
	memcpy(code + 12, jmp_mem, 2);
	return rel32(code + 8, at + 12, back) && rel32(code + 14, at + 18, slot);
}
