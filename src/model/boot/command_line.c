// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/command_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

/* memparse(), lib/cmdline.c: a number in C's notation and one of KMGTPE. */
static uint64_t parse_memory(const char *text, const char **rest)
{
	static const char units[] = "kmgtpe";
	uint64_t number = 0;
	const char *unit;
	char *end;

	*rest = text;
	if (ascii_is_digit(*text)) {
		number = strtoull(text, &end, 0);
		*rest = end;
	}
	unit = **rest ? strchr(units, **rest | 0x20) : NULL;
	*rest += unit ? 1 : 0;
	return unit ? number << 10 * (unit - units + 1) : number;
}

/* early_cma(), kernel/dma/contiguous.c: of several words each sets what it has */
static void set_cma(struct command_line *line, const char *value)
{
	line->cma_given = true;
	line->cma_size = parse_memory(value, &value);
	if (*value != '@')
		return;
	line->cma_base = parse_memory(value + 1, &value);
	line->cma_limit =
		*value == '-' ? parse_memory(value + 1, &value) : line->cma_base + line->cma_size;
}

/* early_mem() of arm64, arm and riscv */
static void set_mem(struct command_line *line, const char *value)
{
	line->mem_count++;
	line->mem_size = parse_memory(value, &value);
	if (*value == '@') {
		line->mem_at = true;
		line->mem_base = parse_memory(value + 1, &value);
	}
}

void command_line_take(struct command_line *line, const char *text)
{
	for (const char *at = text; *at;) {
		/* quotes keep blanks inside a word; what follows -- is for init */
		size_t length = 0;
		bool quoted = false;

		at += strspn(at, " \t\n");
		while (at[length] && (quoted || !strchr(" \t\n", at[length])))
			quoted ^= at[length++] == '"';
		if (length == 2 && !strncmp(at, "--", 2))
			return;
		if (length >= 4 && !strncmp(at, "cma=", 4))
			set_cma(line, at + 4);
		else if (length > 4 && !strncmp(at, "mem=", 4))
			set_mem(line, at + 4);
		else if (length > 8 && !strncmp(at, "vmalloc=", 8))
			line->vmalloc = parse_memory(at + 8, &(const char *){NULL});
		at += length;
	}
}
