// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/log_words.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* A prefix of the first bytes of a line is no longer than this. */
#define PREFIX_MAX 160

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What pages, mails and word processors make of the kernel's characters. */
static const struct {
	const char *from, *to; /* not longer */
} pasted[] = {
	{"&gt;", ">"},
	{"&lt;", "<"},
	{"&amp;", "&"},
	{"&quot;", "\""},
	{"&#39;", "'"},
	{"&#039;", "'"},
	{"&#x27;", "'"},
	{"&apos;", "'"},
	{"&nbsp;", " "},
	{"\xc2\xa0", " "},
	{"\xe2\x80\xaf", " "},
	{"\xe2\x80\x8b", ""},
	{"\xe2\x80\x98", "'"},
	{"\xe2\x80\x99", "'"},
	{"\xe2\x80\x9c", "\""},
	{"\xe2\x80\x9d", "\""},
	{"\xe2\x80\x93", "--"},
	{"\xe2\x80\x94", "--"},
	{"\xef\xbb\xbf", ""},
	{"\xff\xfe", ""},
	{"\t", " "},
	{"\r", ""},
	{"\\x0a", " "}, /* inside a record of /dev/kmsg */
};

/* The length of a terminal's colour or the like at the beginning of TEXT, ECMA-48 5.4; 0: none. */
static size_t control_sequence(const char *text)
{
	size_t length = 2;

	if (text[0] != '\033' || text[1] != '[')
		return 0;
	while (text[length] >= 0x20 && text[length] <= 0x3f)
		length++;
	return text[length] ? length + 1 : length;
}

static void replace_pasted(char *line)
{
	char *to = line;

	for (const char *from = line; *from;) {
		size_t skip = control_sequence(from), i = 0;

		if (skip) {
			from += skip;
			continue;
		}
		while (i < COUNT_OF(pasted) &&
		       (*from != *pasted[i].from || !text_starts_with(from, pasted[i].from)))
			i++;
		if (i == COUNT_OF(pasted)) {
			*to++ = *from++;
			continue;
		}
		from += strlen(pasted[i].from);
		for (const char *put = pasted[i].to; *put; put++)
			*to++ = *put;
	}
	while (to > line && (is_blank(to[-1]) || to[-1] == '`'))
		to--;
	*to = '\0';
}

/* After a time stamp "[   12.345678]", wherever in the prefix of LINE that stands; else NULL. */
static char *after_stamp(char *line)
{
	for (char *open = line; *open && open - line < PREFIX_MAX; open++) {
		char *c = open + 1;
		const char *digits;

		if (*open != '[')
			continue;
		while (is_blank(*c))
			c++;
		digits = c;
		while (is_digit(*c))
			c++;
		if (c == digits || *c != '.')
			continue;
		digits = ++c;
		while (is_digit(*c))
			c++;
		if (c == digits)
			continue;
		/* some add the processor: [    0.000000@0] */
		if (*c == '@' || *c == '/' || is_blank(*c))
			c += 1 + strspn(c + 1, "0123456789 ");
		if (*c == ']')
			return c + 1;
	}
	return NULL;
}

/* After "… kernel: " of syslog and journalctl, which begins with a date or a host; else NULL. */
static char *after_syslog(char *line)
{
	static const char tag[] = " kernel: ";
	char *found = strstr(line, tag);

	/* a program's words have its name before them, with a colon */
	if (!found || found - line >= PREFIX_MAX || memmem(line, (size_t)(found - line), ": ", 2))
		return NULL;
	return found + strlen(tag);
}

/* After "<6>", "kern  :info  : " (dmesg -x) or "6,339,5140900,-;" (/dev/kmsg); else NULL. */
static char *after_level(char *line)
{
	size_t digits;

	if (line[0] == '<') {
		digits = strspn(line + 1, "0123456789");
		return digits && line[1 + digits] == '>' ? line + digits + 2 : NULL;
	}
	if (text_starts_with(line, "kern ") || text_starts_with(line, "kern:")) {
		char *colon = strchr(line, ':');

		colon = colon ? strchr(colon + 1, ':') : NULL;
		return colon && colon - line < 24 ? colon + 1 : NULL;
	}
	digits = strspn(line, "0123456789,");
	if (digits > 4 && (line[digits] == '-' || line[digits] == 'c')) {
		/* newer kernels add the caller: "3,41,0,-,caller=T0;" */
		char *text = strchr(line, ';');

		return text && text - line < 64 ? text + 1 : NULL;
	}
	return NULL;
}

/* After "[    T0]", "[1:swapper]", "[Sat Apr  6 06:46:40 2024]" or "(0)"; else NULL. */
static char *after_brackets(char *line)
{
	static const char open[] = "[(", close[] = "])";
	const char *kind = *line ? strchr(open, *line) : NULL;
	char *end = kind ? strchr(line, close[kind - open]) : NULL;

	return end && end - line < 48 ? end + 1 : NULL;
}

char *log_clean(char *line, bool *stamped)
{
	char *at = line, *next;

	replace_pasted(line);
	at += strspn(at, " >|`");
	next = after_stamp(at);
	*stamped = next != NULL;
	if (next)
		at = next;
	do {
		at += strspn(at, " ");
		next = after_level(at);
		if (!next)
			next = after_brackets(at);
		if (!next && !*stamped)
			next = after_syslog(at);
		*stamped = *stamped || next;
		if (next)
			at = next;
	} while (next);
	/* journalctl -o short-monotonic has the host behind the time stamp */
	next = *stamped ? after_syslog(at) : NULL;
	if (next)
		at = next;
	next = text_starts_with(at, "kernel: ") ? at + strlen("kernel: ") : at;
	return next + strspn(next, " ");
}

enum log_class {
	CLASS_PLAIN,
	CLASS_REGION, /* "OF: reserved mem: ", "OF: fdt: ", "Reserved memory: ", also several */
	CLASS_CMA,    /* "cma: ", "CMA: " */
	CLASS_HEAP,   /* "dma_heap: ", Rockchip's "rk_dma_heap: " */
};

static const struct {
	const char *text;
	enum log_class class;
} prefixes[] = {
	{"OF: reserved mem: ", CLASS_REGION},
	{"OF: fdt: ", CLASS_REGION},
	{"OF: fdt:", CLASS_REGION},
	{"Reserved memory: ", CLASS_REGION},
	{"software IO TLB: ", CLASS_REGION},
	{"cma: ", CLASS_CMA},
	{"CMA: ", CLASS_CMA},
	{"dma_heap: ", CLASS_HEAP},
	{"rk_dma_heap: ", CLASS_HEAP},
};

/*
 * What the kernel writes. %n is a name without blanks, %s one that ends where the words after it
 * begin, %u a number, %a an address, with 0x or without, %* what nobody asks for; a blank stands
 * for several, as time stamps of old pages have them. A line may end anywhere behind the |: it is
 * known all the same.
 */
static const struct log_message {
	enum log_kind kind;
	enum log_class class;
	const char *text;
} messages[] = {
	{LOG_VERSION, CLASS_PLAIN, "Linux version %n %*"},
	{LOG_MACHINE, CLASS_PLAIN, "Machine model: %s"},
	{LOG_MACHINE, CLASS_REGION, "Machine model: %s"},
	{LOG_CMDLINE, CLASS_PLAIN, "Kernel command line: %s"},
	{LOG_PARAMETERS, CLASS_PLAIN, "Unknown kernel command line parameters \"%s\"%*"},
	{LOG_ZONE, CLASS_PLAIN, "%n [mem %a-%a]"},
	{LOG_MEMORY, CLASS_PLAIN, "Memory: %uK/%uK available (%*K reserved, %uK cma-reserved%*"},
	{LOG_LIMITED, CLASS_PLAIN, "Memory limited to %uMB"},

	{LOG_NO_NODE, CLASS_REGION, "No reserved-memory node in| the DT"},
	{LOG_FORMAT, CLASS_REGION, "unsupported node format|, ignoring"},
	{LOG_REG, CLASS_REGION, "invalid reg property in| '%s', skipping node."},
	{LOG_NOT_RESERVED, CLASS_REGION,
	 "failed to reserve memory for node| '%s': base %a, size %u MiB"},
	{LOG_RESERVED, CLASS_REGION, "reserved region for node| '%s': base %a, size %u MiB"},
	{LOG_FIRST_ENTRY, CLASS_REGION,
	 "node '%s' has| %u <base size> entries, only the first is used"},
	{LOG_MORE_ENTRIES, CLASS_REGION, "%n() ignores| %u regions in node '%s'"},
	{LOG_NO_PLACE, CLASS_REGION, "failed to allocate memory for node '%s'"},
	{LOG_NO_PLACE, CLASS_REGION, "failed to allocate memory for node| '%s': size %u MiB"},
	{LOG_PLACED, CLASS_REGION, "allocated memory for| '%s' node: base %a, size %u MiB"},
	{LOG_SIZE, CLASS_REGION, "invalid size property in| '%s' node."},
	{LOG_ALIGNMENT, CLASS_REGION, "invalid alignment property in| '%s' node."},
	{LOG_RANGES, CLASS_REGION, "invalid alloc-ranges property in| '%s', skipping node."},
	{LOG_TABLE_FULL, CLASS_REGION, "not enough space for all defined regions."},
	{LOG_TABLE_FULL, CLASS_REGION, "not enough space all defined| regions."},
	{LOG_TABLE_FULL, CLASS_REGION, "not enough space for all defined| regions., skip '%s'"},
	{LOG_TABLE_FULL, CLASS_REGION, "not enough space for all defined| regions, skip '%s'"},
	{LOG_DYNAMIC_FULL, CLASS_REGION, "too many defined dynamic regions|, skip '%s'"},
	{LOG_NO_TABLE, CLASS_REGION,
	 "Failed to allocate memory for reserved_mem array| with err: %u"},
	{LOG_INITIALIZED, CLASS_REGION, "initialized node %n, compatible| id %n"},
	{LOG_OVERLAP_HEAD, CLASS_REGION, "OVERLAP DETECTED!"},
	{LOG_OVERLAP, CLASS_REGION, "OVERLAP DETECTED! %n (%a--%a) overlaps with| %n (%a--%a)"},
	{LOG_OVERLAP, CLASS_PLAIN, "%n (%a--%a) overlaps with| %n (%a--%a)"},
	{LOG_REFUSED, CLASS_REGION, "node %n compatible matching| fail"},
	{LOG_REGION, CLASS_REGION, "%a..%a (%u KiB) %n %n %n"},
	{LOG_ASSIGNED, CLASS_PLAIN, "%s: assigned reserved memory node| %n"},

	{LOG_CMA_POOL, CLASS_REGION, "created CMA memory pool at| %a, size %u MiB"},
	{LOG_MISALIGNED, CLASS_REGION, "incorrect alignment of CMA| region"},
	{LOG_NO_POOL, CLASS_REGION, "unable to setup CMA| region"},
	{LOG_BYPASSED, CLASS_REGION, "bypass %n node, using| cmdline CMA params instead"},
	{LOG_BYPASSED, CLASS_PLAIN,
	 "Skipping dt linux,cma-default node| in favor for \"cma=\" kernel param."},
	{LOG_DMA_POOL, CLASS_REGION, "created DMA memory pool at| %a, size %u MiB"},
	{LOG_DMA_POOL, CLASS_REGION, "created DMA memory pool at| %a, size %u KiB"},
	{LOG_DMA_POOL_FAILED, CLASS_REGION, "failed to init DMA memory pool at| %a, size %u MiB"},
	{LOG_DMA_POOL_FAILED, CLASS_REGION, "failed to init DMA memory pool at| %a, size %u KiB"},
	{LOG_RESTRICTED, CLASS_REGION, "created restricted DMA pool at| %a, size %u MiB"},
	{LOG_RESTRICTED_MAPPING, CLASS_PLAIN,
	 "%s: Restricted DMA pool must be accessible| within the linear mapping."},
	{LOG_NEEDS_NO_MAP, CLASS_REGION, "regions without no-map are| not yet supported"},
	{LOG_TWO_DEFAULTS, CLASS_REGION, "region for default DMA coherent area| is redefined"},
	{LOG_DEFAULT_SET, CLASS_PLAIN, "DMA: default coherent area is set"},
	{LOG_BEYOND, CLASS_PLAIN, "%s: reserved memory is beyond device's| set DMA address range"},
	{LOG_NO_WORD, CLASS_CMA, "Config string not| provided"},
	{LOG_BAD_NODE, CLASS_CMA, "invalid node %u| specified"},
	{LOG_NODE_FAILED, CLASS_CMA, "%n: reservation failed:| err %u, node %u"},
	{LOG_NODE_FAILED, CLASS_PLAIN, "hugetlb_cma: reservation failed:| err %u, node %u"},
	{LOG_NOT_QUEUED, CLASS_CMA, "Couldn't queue default CMA region| for heap creation."},
	{LOG_NOT_STORED, CLASS_PLAIN, "Couldn't store CMA reserved area."},

	{LOG_AREA, CLASS_CMA, "Reserved %u MiB at| %a on node %u"},
	{LOG_AREA, CLASS_CMA, "Reserved %u MiB at %a"},
	{LOG_AREA, CLASS_CMA, "reserved %u MiB at| %a"},
	{LOG_AREA, CLASS_CMA, "reserved %u MiB"},
	{LOG_AREA_RANGES, CLASS_CMA, "Reserved %u MiB in %u range"},
	{LOG_AREA_RANGES, CLASS_CMA, "Reserved %u MiB in %u| ranges"},
	{LOG_HUGE, CLASS_PLAIN, "hugetlb_cma: reserved %u MiB on| node %u"},
	{LOG_AREA_FAILED, CLASS_CMA, "Failed to reserve %u MiB"},
	{LOG_AREA_FAILED, CLASS_CMA, "Failed to reserve %u| MiB on node %u"},
	{LOG_AREA_FAILED, CLASS_CMA, "failed to reserve %u| MiB"},
	{LOG_LIMIT, CLASS_CMA, "Size (%a) of region at| %a exceeds limit (%a)"},
	{LOG_BASE, CLASS_CMA, "Region at %a must be aligned| to %a bytes"},
	{LOG_BORDER, CLASS_CMA, "Region at %a defined on low/high| memory boundary (%a)"},
	{LOG_SLOTS, CLASS_CMA, "Not enough slots for CMA| reserved regions!"},
	{LOG_TOO_EARLY, CLASS_CMA,
	 "pageblock_order not yet initialized.| Called during early boot?"},
	{LOG_DEAD, CLASS_CMA, "CMA area %s could not be| activated"},
	{LOG_AREA_WARNING, CLASS_PLAIN, "WARNING: %*mm/cma.c:%u %*"},
	{LOG_ALLOC_FAILED, CLASS_CMA, "alloc failed, req-size: %u pages, ret: %u"},
	{LOG_ALLOC_FAILED, CLASS_CMA, "%n: alloc failed, req-size:| %u pages, ret: %u"},
	{LOG_ALLOC_FAILED, CLASS_CMA, "%n: %s: alloc failed, req-size:| %u pages, ret: %u"},
	{LOG_AVAILABLE, CLASS_CMA, "number of available pages:| %n => %u free of %u total pages"},
	{LOG_AVAILABLE, CLASS_CMA, "number of available pages:| %s=> %u free of %u total pages"},
	{LOG_AVAILABLE, CLASS_CMA, "number of available pages:| %s=>%u pages, total: %u pages"},
	{LOG_AVAILABLE_HEAD, CLASS_CMA, "number of available pages:"},
	{LOG_AVAILABLE_RANGE, CLASS_CMA, "range %u: %n"},
	{LOG_AVAILABLE_RANGE, CLASS_CMA, "range %u:"},
	{LOG_AVAILABLE_END, CLASS_CMA, "=> %u free of| %u total pages"},
	{LOG_AVAILABLE_END, CLASS_PLAIN, "=> %u free of| %u total pages"},
	{LOG_SKIPPED, CLASS_CMA, "%n: %s: skipping incompatible area| [%a-%a]"},
	{LOG_BUSY, CLASS_CMA, "%n(): memory range at| %*is busy, retrying"},
	{LOG_DEBUG, CLASS_CMA, "%n(): returned| %*"},
	{LOG_DEBUG, CLASS_CMA, "%n(cma| %*"},
	{LOG_DEBUG, CLASS_CMA, "%n(page| %*"},
	{LOG_DEBUG, CLASS_CMA, "%n(size| %*"},
	{LOG_DEBUG, CLASS_CMA, "%n(limit| %*"},
	{LOG_DEBUG, CLASS_CMA, "%n: reserving %u MiB for| global area"},

	{LOG_SAME_AREA, CLASS_PLAIN, "sysfs: cannot create duplicate filename '/kernel/mm/cma/%s'"},
	{LOG_SAME_AREA, CLASS_PLAIN, "debugfs: '%s' already exists in 'cma'"},
	{LOG_SAME_AREA, CLASS_PLAIN, "debugfs: Directory '%s' with parent 'cma' already present!"},
	{LOG_SAME_HEAP, CLASS_PLAIN,
	 "sysfs: cannot create duplicate filename '/devices/virtual/dma_heap/%s'"},
	{LOG_HEAP_NAMELESS, CLASS_HEAP, "Cannot add heap without| a name"},
	{LOG_HEAP_OPS, CLASS_HEAP, "Cannot add heap with invalid| ops struct"},
	{LOG_HEAP_MINOR, CLASS_HEAP, "Unable to get minor number| for heap"},
	{LOG_HEAP_DEVICE, CLASS_HEAP, "Unable to add char| device"},
	{LOG_HEAP_DEVICE, CLASS_HEAP, "Unable to create| device"},
	{LOG_HEAP_TWICE, CLASS_HEAP, "Already registered heap| named %n"},
	{LOG_HEAP_UNKNOWN, CLASS_HEAP, "minor %u| unknown."},
	{LOG_HEAP_FAILED, CLASS_PLAIN, "cma_heap: Failed to add CMA heap| %n"},
	{LOG_TEE_FAILED, CLASS_PLAIN, "%s: can't register DMA heap id| %u (%n)"},
};

/* Reads a number; false where there is none, or it may go on behind the end of the line. */
static bool take_number(const char **text, bool hexadecimal, uint64_t *number)
{
	const char *at = *text;
	bool negative = !hexadecimal && *at == '-';
	uint64_t base = hexadecimal ? 16 : 10, value = 0;
	size_t digits = 0;

	if (negative || (hexadecimal && at[0] == '0' && at[1] == 'x'))
		at += negative ? 1 : 2;
	for (;; at++, digits++) {
		uint64_t digit;

		if (is_digit(*at))
			digit = (uint64_t)(*at - '0');
		else if (hexadecimal && *at >= 'a' && *at <= 'f')
			digit = (uint64_t)(*at - 'a') + 10;
		else if (hexadecimal && *at >= 'A' && *at <= 'F')
			digit = (uint64_t)(*at - 'A') + 10;
		else
			break;
		if (value > (UINT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	if (!digits)
		return false;
	*number = negative ? 0 - value : value;
	*text = at;
	return true;
}

/* How many bytes of the pattern are words that stand as they are. */
static size_t words_length(const char *pattern)
{
	return strcspn(pattern, "%|");
}

/* Where the words at the beginning of PATTERN are in TEXT; NULL: nowhere. */
static const char *find_words(const char *text, const char *pattern)
{
	size_t length = words_length(pattern);

	return memmem(text, strlen(text), pattern, length);
}

enum matched {
	MATCHED_NOT,
	MATCHED_CUT,
	MATCHED
};

/* A name, up to the words that follow it in the pattern. NULL: the line ends inside. */
static const char *take_name(const char *text, const char *pattern, bool blanks)
{
	const char *end;

	if (*pattern == '|')
		pattern++;
	if (!*pattern)
		return text + strlen(text);
	end = blanks || *pattern != ' ' ? find_words(text, pattern) : strchr(text, ' ');
	return end;
}

/* One %-conversion; false: it does not fit. *END: the line ends in it. */
static bool convert(char what, const char *pattern, const char **text, struct log_match *match,
		    bool *end)
{
	const char *stop;
	uint64_t number;

	if (what == 'u' || what == 'a') {
		if (!**text)
			return *end = true;
		if (!take_number(text, what == 'a', &number))
			return false;
		*end = !**text && *pattern;
		if (!*end && match->number_count < LOG_NUMBERS)
			match->numbers[match->number_count++] = number;
		return true;
	}
	stop = take_name(*text, pattern, what != 'n');
	*end = !stop;
	if (!stop)
		return what != 'n' || !strchr(*text, ' ');
	if (what == 'n' && (stop == *text || memchr(*text, ' ', (size_t)(stop - *text))))
		return false;
	if (what != '*' && match->name_count < LOG_NAMES) {
		match->names[match->name_count].text = *text;
		match->names[match->name_count++].length = (size_t)(stop - *text);
	}
	*text = stop;
	return true;
}

static enum matched match_one(const char *pattern, const char *text, struct log_match *match)
{
	bool certain = false;

	for (;;) {
		if (*pattern == '|') {
			certain = true;
			pattern++;
		} else if (!*pattern) {
			return *text ? MATCHED_NOT : MATCHED;
		} else if (*pattern == '%' && pattern[1] == '*' && !pattern[2]) {
			return MATCHED;
		} else if (!*text) {
			return certain ? MATCHED_CUT : MATCHED_NOT;
		} else if (*pattern == '%') {
			bool end = false;

			if (!convert(pattern[1], pattern + 2, &text, match, &end))
				return MATCHED_NOT;
			if (end)
				return certain ? MATCHED_CUT : MATCHED_NOT;
			pattern += 2;
		} else if (*pattern == ' ') {
			if (*text != ' ')
				return MATCHED_NOT;
			text += strspn(text, " ");
			pattern++;
		} else if (*pattern++ != *text++) {
			return MATCHED_NOT;
		}
	}
}

static enum log_class take_prefixes(const char **message)
{
	enum log_class class = CLASS_PLAIN;
	size_t i;

	do {
		for (i = 0; i < COUNT_OF(prefixes); i++) {
			if ((class == CLASS_PLAIN || class == prefixes[i].class) &&
			    text_starts_with(*message, prefixes[i].text)) {
				*message += strlen(prefixes[i].text);
				class = prefixes[i].class;
				break;
			}
		}
	} while (i < COUNT_OF(prefixes));
	return class;
}

/* What the pattern alone lets through that is not it. */
static bool is_it(const struct log_match *match, const char *text)
{
	static const char *const zones[] = {"DMA", "DMA32", "Normal", "HighMem"};
	static const char *const functions[] = {"cma_activate_area", "cma_init_reserved_areas",
						"cma_validate_zones"};

	for (size_t i = 0; match->kind == LOG_ZONE && i < COUNT_OF(zones); i++) {
		if (strlen(zones[i]) == match->names[0].length &&
		    text_starts_with(match->names[0].text, zones[i]))
			return true;
	}
	for (size_t i = 0; match->kind == LOG_AREA_WARNING && i < COUNT_OF(functions); i++) {
		if (strstr(text, functions[i]))
			return true;
	}
	return match->kind != LOG_ZONE && match->kind != LOG_AREA_WARNING;
}

bool log_match(const char *message, struct log_match *match)
{
	enum log_class class = take_prefixes(&message);
	bool known = false;

	for (size_t i = 0; i < COUNT_OF(messages); i++) {
		struct log_match now = {.kind = messages[i].kind};
		enum matched matched;

		if (messages[i].class != class)
			continue;
		matched = match_one(messages[i].text, message, &now);
		if (matched == MATCHED_NOT || !is_it(&now, message))
			continue;
		now.cut = matched == MATCHED_CUT;
		if (!now.cut || !known)
			*match = now;
		known = true;
		if (!now.cut)
			break;
	}
	return known;
}
