// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The instructions of call sites and stubs. Intel SDM vol. 2, chapter 2 and the opcode map.
#include <core/klib.h>
#include <linux/patch.h>

#define REX_W 8
#define REX_R 4
#define REX_B 1
#define RSP 4
#define JMP_REL32 0xe9

// modrm: mod 3 is register to register; mod 1 and 2 with rm 4 have a SIB byte, 0x24 is (%rsp), and
// 8 or 32 bits of offset.
static bool decode_modrm(const uint8_t *p, size_t len, unsigned rex, struct patch_instruction *i)
{
	uint8_t op = p[0], modrm = len > 1 ? p[1] : 0;
	unsigned mod = modrm >> 6, reg = (modrm >> 3 & 7) | (rex & REX_R ? 8 : 0), rm = modrm & 7;

	if (mod == 3) {
		unsigned to = op == 0x89 || op == 0x31 ? rm | (rex & REX_B ? 8 : 0) : reg;

		i->len += 2;
		i->source = PATCH_OTHER;
		i->reg = to;
		return len >= 2 && to != RSP &&
		       (op == 0x89 || op == 0x8b || op == 0x31 || op == 0x63);
	}
	if ((op != 0x8b && op != 0x8d) || rm != RSP || rex & 3 || reg == RSP || !mod)
		return false;
	i->source = op == 0x8b ? PATCH_STACK_LOAD : PATCH_STACK_ADDRESS;
	i->reg = reg;
	i->len += mod == 1 ? 4 : 7;
	if (len < (mod == 1 ? 4u : 7u) || p[2] != 0x24)
		return false;
	if (mod == 1)
		i->value = (int8_t)p[3];
	else
		memcpy(&i->value, p + 3, 4);
	return true;
}

bool patch_decode(const uint8_t *code, size_t len, struct patch_instruction *i)
{
	unsigned rex = 0;

	*i = (struct patch_instruction){ 0 };
	if (len && (code[0] & 0xf0) == 0x40) {
		rex = *code++;
		len--;
		i->len = 1;
	}
	if (!len)
		return false;
	i->wide = rex & REX_W;
	if ((code[0] & 0xf8) != 0xb8)
		return decode_modrm(code, len, rex, i);
	i->source = PATCH_IMMEDIATE;
	i->reg = (code[0] & 7) | (rex & REX_B ? 8 : 0);
	i->len += 5;
	if (len < 5 || i->wide || i->reg == RSP)
		return false;
	memcpy(&i->value, code + 1, 4);
	return true;
}

bool patch_row(const uint8_t window[PATCH_WINDOW], unsigned before, struct patch_instruction *first)
{
	const uint8_t *p = window + PATCH_WINDOW - before;
	struct patch_instruction next;
	size_t left = before;

	if (!patch_decode(p, left, first) || first->len < PATCH_LEN || first->source == PATCH_OTHER)
		return false;
	for (next = *first; left; left -= next.len, p += next.len) {
		if (!patch_decode(p, left, &next) || next.len > left)
			return false;
		if (left < before && next.reg == first->reg)
			return false; // what the first one set cannot be seen any more
	}
	return true;
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

size_t patch_stub(uint8_t code[STUB_MAX], uintptr_t at, const uint8_t *row, size_t row_len,
		  uintptr_t back, uintptr_t slot)
{
	static const uint8_t mov_eax_lea_rcx[5] = { 0x89, 0xc0, 0x48, 0x8d, 0x0d };
	static const uint8_t jmp_mem[2] = { 0xff, 0x25 };
	size_t n = row_len;

	memcpy(code, row, n);
	memcpy(code + n, mov_eax_lea_rcx, 5);
	n += 9;
	if (!rel32(code + n - 4, at + n, back))
		return 0;
	memcpy(code + n, jmp_mem, 2);
	n += 6;
	return rel32(code + n - 4, at + n, slot) ? n : 0;
}
