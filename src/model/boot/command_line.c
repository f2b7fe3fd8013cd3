// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/command_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

#define BLANKS        " \t\n\v\f\r"
#define VMALLOC_LEAST (UINT64_C(16) << 20)

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

/* early_vmalloc(), arch/arm/mm/mmu.c: an unsigned long, not less than 16 MiB */
static void set_vmalloc(struct command_line *line, const char *value)
{
	uint32_t bytes = (uint32_t)parse_memory(value, &value);

	line->vmalloc = bytes < VMALLOC_LEAST ? VMALLOC_LEAST : bytes;
}

/* What follows NAME, which ends with "=", or NULL; quotes around it are not the value's. */
static const char *value_of(const char *word, size_t length, const char *name)
{
	size_t begin = strlen(name);

	if (length < begin || strncmp(word, name, begin) != 0)
		return NULL;
	return word + begin + (word[begin] == '"');
}

/* A word without the quotes around it. Returns whether those after it are for init. */
static bool take_word(struct command_line *line, const char *word, size_t length)
{
	const char *value;

	if (length == 2 && !strncmp(word, "--", 2))
		return true;
	if ((value = value_of(word, length, "cma=")))
		set_cma(line, value);
	else if (length > 4 && (value = value_of(word, length, "mem=")))
		set_mem(line, value);
	else if ((value = value_of(word, length, "vmalloc=")))
		set_vmalloc(line, value);
	return false;
}

/* next_arg(), lib/cmdline.c (7.2): quotes keep blanks inside a word. */
void command_line_take(struct command_line *line, const char *text)
{
	for (const char *at = text; *at;) {
		size_t length = 0;
		bool inside = false, quoted;

		at += strspn(at, BLANKS);
		quoted = *at == '"';
		while (at[length] && (inside || !strchr(BLANKS, at[length])))
			inside ^= at[length++] == '"';
		if (take_word(line, at + quoted,
			      length - quoted - (quoted && length > 1 && at[length - 1] == '"')))
			return;
		at += length;
	}
}
