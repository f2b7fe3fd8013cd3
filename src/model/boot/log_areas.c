// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of mm/cma.c, of drivers/dma-buf, and of the boot as a whole: areas, and what became of
 * them. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/kernel_version.h"
#include "model/boot/log_work.h"

/* The words of a command line about CMA and the RAM; the caller frees them. */
static char *memory_words(const char *cmdline)
{
	static const char *const wanted[] = {
		"cma=", "mem=", "hugetlb_cma=", "numa_cma=", "cma_pernuma=", "memmap="};
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *stream = xmemopen(&text, &length);
	bool any = false;

	while (*cmdline) {
		size_t word;

		cmdline += strspn(cmdline, " ");
		word = strcspn(cmdline, " ");
		for (size_t i = 0; i < COUNT_OF(wanted); i++) {
			if (strncmp(cmdline, wanted[i], strlen(wanted[i])) != 0)
				continue;
			fprintf(stream, "%s%.*s", any ? " " : "", (int)word, cmdline);
			any = true;
		}
		cmdline += word;
	}
	xmemclose(stream);
	return any ? TAKE_POINTER(text) : NULL;
}

/* Who asked for an area that has no node, as far as the log says; the caller frees it. */
static char *asked_by(const struct log_work *work, const struct log_entry *entry)
{
	const struct log_boot *boot = log_boot_of(work, entry);
	AUTO_FREE char *words = boot->cmdline ? memory_words(boot->cmdline) : NULL;

	if (words)
		return xasprintf("the command line has %s", words);
	if (boot->cmdline && !boot->cmdline_cut)
		return xstrdup("the command line has no cma=, so the kernel's configuration asks "
			       "for it (CONFIG_CMA_SIZE_MBYTES)");
	return xstrdup("cma= or the kernel's configuration asks for it: the log lacks the whole "
		       "line 'Kernel command line'");
}

void log_explain_area(const struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	AUTO_FREE char *who = asked_by(work, entry);

	log_say(account, "CMA area without a node: %s%s", who,
		log_has(entry, 1) && !entry->numbers[0]
			? "; less than 1 MiB was asked for, and is rounded up to the CMA alignment"
			: "");
}

void log_explain_area_failed(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry, *cause = log_cause_of(work, entry);
	AUTO_FREE char *size = log_in_mib(entry, 0);
	AUTO_FREE char *who = asked_by(work, entry);

	if (cause) {
		log_say(account, "no CMA area%s, see line %llu", size,
			(unsigned long long)cause->line);
		account->level = SEVERITY_ERROR;
		return;
	}
	log_say(account, "no CMA area%s: no place for it", size);
	log_find(work, account, &log_rule_no_area,
		 "no free run of that size%s below the limit for DMA (of the zones, dma-ranges or, "
		 "on 32 bits, low memory), or at the base that is asked for; %s: ask for less, or "
		 "for a place with cma=SIZE@BASE-LIMIT",
		 size, who);
}

void log_explain_place(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const unsigned long long a = log_has(entry, 1) ? entry->numbers[0] : 0;
	const unsigned long long b = log_has(entry, 2) ? entry->numbers[1] : 0;
	AUTO_FREE char *who = asked_by(work, entry);
	AUTO_FREE char *size = log_bytes(a);

	log_say(account, "no CMA area: %s",
		entry->kind == LOG_LIMIT  ? "it would end beyond the limit"
		: entry->kind == LOG_BASE ? "its base is not aligned"
					  : "it would cross the border of low memory");
	if (!log_has(entry, entry->kind == LOG_LIMIT ? 3 : 2)) {
		log_find(work, account, &log_rule_no_area,
			 "the place that is asked for cannot be had; %s", who);
	} else if (entry->kind == LOG_LIMIT) {
		log_find(work, account, &log_rule_no_area,
			 "%s at 0x%llx would end beyond 0x%llx, the end of the RAM or of what DMA "
			 "reaches; %s: ask for less, or for a lower base",
			 size, b, (unsigned long long)entry->numbers[2], who);
	} else if (entry->kind == LOG_BASE) {
		log_find(work, account, &log_rule_no_area,
			 "the base 0x%llx is not a multiple of 0x%llx, the CMA alignment; %s", a, b,
			 who);
	} else {
		log_find(work, account, &log_rule_no_area,
			 "an area at 0x%llx would cross 0x%llx, where high memory begins; %s: ask "
			 "for a place on one side",
			 a, b, who);
	}
}

/* "zones DMA and DMA32, with the border 0x50000000"; NULL: the log does not show that. */
static char *crossing(const struct log_boot *boot, const struct place *place)
{
	array_for_each (&boot->zones, zone) {
		if (!place || zone->last < place->base ||
		    zone->last >= last_address(place->base, place->size))
			continue;
		array_for_each (&boot->zones, next) {
			if (zone->last != UINT64_MAX && next->first == zone->last + 1)
				return xasprintf("zones %s and %s, whose border is 0x%llx",
						 zone->name, next->name,
						 (unsigned long long)next->first);
		}
	}
	return NULL;
}

void log_explain_dead(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const struct log_boot *boot = log_boot_of(work, entry);
	const struct place *place =
		account->region ? log_place_of(work, entry->boot, account->region) : NULL;
	AUTO_FREE char *zones = crossing(boot, place);

	log_say(account, "made, but of no use: each allocation from it fails");
	if (place && zones)
		log_find(work, account, &log_rule_dead_area,
			 "0x%llx to 0x%llx lies in %s, and a CMA area has to lie in one: each "
			 "allocation from it fails, also of a heap made of it; move it to one side "
			 "of the border",
			 (unsigned long long)place->base,
			 (unsigned long long)last_address(place->base, place->size), zones);
	else
		log_find(work, account, &log_rule_dead_area,
			 "each allocation from it fails, also of a heap made of it: it lies in two "
			 "memory zones, or the kernel had no memory for its table; which, %s",
			 !place ? "the log does not show, because it lacks the line with the "
				  "area's base"
			 : boot->zones.count
				 ? "the zones in this log do not show"
				 : "the log does not show, because it lacks 'Zone ranges:'");
}

/* Areas that end beyond the highest zone, three of them by name; the caller frees the text. */
static char *beyond_ram(const struct log_work *work, size_t boot)
{
	const struct log_boot *facts = &work->log->boots.items[boot];
	uint64_t end = 0;
	unsigned int found = 0;
	const char *last = NULL;
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *stream = xmemopen(&text, &length);

	array_for_each (&facts->zones, zone)
		end = zone->last > end ? zone->last : end;
	array_for_each (&work->places, place) {
		if (place->boot != boot || !end || last_address(place->base, place->size) <= end ||
		    (last && !strcmp(last, place->name)))
			continue;
		last = place->name;
		if (found++ < 3)
			fprintf(stream, "%s%s", found > 1 ? ", " : "", place->name);
	}
	if (found > 3)
		fprintf(stream, " and %u more", found - 3);
	xmemclose(stream);
	return found ? xasprintf("%s, which end%s beyond the RAM's end 0x%llx", text,
				 found > 1 ? "" : "s", (unsigned long long)end)
		     : NULL;
}

void log_explain_warning(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	AUTO_FREE char *areas =
		work->warned == entry->boot + 1 ? NULL : beyond_ram(work, entry->boot);

	work->warned = entry->boot + 1;
	log_say(account, "an area has pages that are not RAM");
	log_find(work, account, &log_rule_outside_ram,
		 "a CMA area has pages that are not RAM, because mem=, the boot loader or the tree "
		 "leave less: kernels may panic there; move it into the RAM%s%s",
		 areas ? ": " : "", areas ? areas : "");
}

/* Free pages: "187@69+4@572". */
static uint64_t largest_run(const char *text)
{
	uint64_t largest = 0;

	while (*text) {
		uint64_t run = 0;

		for (; *text >= '0' && *text <= '9'; text++)
			run = run > UINT32_MAX ? run : run * 10 + (uint64_t)(*text - '0');
		largest = run > largest ? run : largest;
		text += strcspn(text, "+");
		text += *text == '+';
	}
	return largest;
}

/* What the lines after a failure say of the area. */
struct room {
	bool runs_known, pages_known;
	uint64_t largest, free, total; /* pages */
};

static struct room room_after(const struct log_work *work, const struct log_entry *entry)
{
	enum {
		LOOK_AHEAD = 20
	};
	struct room room = {0};

	for (ptrdiff_t step = 1; step < LOOK_AHEAD; step++) {
		const struct log_entry *next = log_neighbour(work, entry, step);
		bool end = log_is_kind(next, LOG_AVAILABLE) || log_is_kind(next, LOG_AVAILABLE_END);

		if (!end && !log_is_kind(next, LOG_AVAILABLE_HEAD) &&
		    !log_is_kind(next, LOG_AVAILABLE_RANGE))
			break;
		if (next->name_count && next->kind != LOG_AVAILABLE_END) {
			uint64_t run = largest_run(next->names[0]);

			room.runs_known = true;
			room.largest = run > room.largest ? run : room.largest;
		}
		if (end && log_has(next, 2)) {
			room.pages_known = true;
			room.free = next->numbers[0];
			room.total = next->numbers[1];
			break;
		}
	}
	return room;
}

#define NO_RUN "no free run of that many pages at their alignment"
#define BUSY   "pages in the way cannot be moved, because a device, a pipe or I/O uses them"

/* What the errno says, by version: mm/cma.c. The caller frees it. */
static char *why_failed(uint32_t version, int64_t error)
{
	if (error == -12 && version && version < KERNEL(6, 13, 0))
		return xstrdup("-12: " NO_RUN);
	if (error == -16 && version && version < KERNEL(6, 13, 0))
		return xstrdup("-16: " BUSY);
	if (error == -12 && version >= KERNEL(7, 2, 0))
		return xstrdup("-12: no memory to move other pages to");
	if (error == -16)
		return xstrdup("-16: " BUSY ", or, on newer kernels, " NO_RUN);
	if (error == -12)
		return xstrdup("-12: " NO_RUN ", or, on newer kernels, no memory to move pages to");
	if (error == -4)
		return xstrdup("-4: a signal came while pages were moved");
	return xasprintf("%lld: what that means here is not known", (long long)error);
}

void log_explain_alloc_failed(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const struct room room = room_after(work, entry);
	AUTO_FREE char *why = NULL;
	unsigned long long pages = log_has(entry, 1) ? entry->numbers[0] : 0;

	if (!log_has(entry, 2)) {
		log_say(account, "an allocation failed");
		log_find(work, account, &log_rule_alloc_failed,
			 "an allocation from the area failed");
		return;
	}
	why = why_failed(log_boot_of(work, entry)->version, (int64_t)entry->numbers[1]);
	log_say(account, "an allocation of %llu pages failed%s", pages,
		entry->count > 1 ? ", several times" : "");
	if (room.pages_known && pages > room.total)
		log_find(work, account, &log_rule_alloc_failed,
			 "%llu pages are more than the whole area, %llu pages: make it larger",
			 pages, (unsigned long long)room.total);
	else if (room.pages_known && pages > room.free)
		log_find(work, account, &log_rule_alloc_failed,
			 "%llu pages, but only %llu of %llu are free: free buffers, or make the "
			 "area larger",
			 pages, (unsigned long long)room.free, (unsigned long long)room.total);
	else if (room.pages_known && room.runs_known && pages > room.largest)
		log_find(work, account, &log_rule_alloc_failed,
			 "%llu pages, %llu are free, but no more than %llu in one run: the area is "
			 "fragmented; allocate large buffers first, or give this device its own "
			 "area",
			 pages, (unsigned long long)room.free, (unsigned long long)room.largest);
	else
		log_find(work, account, &log_rule_alloc_failed,
			 "%llu pages, error %s; make the area larger, or allocate earlier%s", pages,
			 why,
			 room.pages_known ? ""
					  : "; how much was free only CONFIG_CMA_DEBUG's line "
					    "'number of available pages' says");
}

void log_explain_available(struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	if (entry->kind == LOG_AVAILABLE_RANGE) {
		log_say(account, "largest free run: %llu pages",
			entry->name_count ? (unsigned long long)largest_run(entry->names[0])
					  : 0ULL);
	} else if (!log_has(entry, 2)) {
		log_say(account, "free pages of the area (the line is cut)");
	} else if (entry->kind == LOG_AVAILABLE && entry->name_count) {
		log_say(account, "%llu of %llu pages are free, the largest run has %llu",
			(unsigned long long)entry->numbers[0],
			(unsigned long long)entry->numbers[1],
			(unsigned long long)largest_run(entry->names[0]));
	} else {
		log_say(account, "%llu of %llu pages are free",
			(unsigned long long)entry->numbers[0],
			(unsigned long long)entry->numbers[1]);
	}
}

void log_explain_cmdline(struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	AUTO_FREE char *words = entry->name_count ? memory_words(entry->names[0]) : NULL;

	if (words)
		log_say(account, "the command line has %s", words);
	else
		log_say(account, "the command line has nothing about CMA or the RAM%s",
			entry->cut ? ", as far as it is there" : "");
}

void log_explain_parameters(struct log_work *work, struct log_account *account)
{
	AUTO_FREE char *words =
		account->entry->name_count ? memory_words(account->entry->names[0]) : NULL;

	const char *cma = words ? strstr(words, "cma=") : NULL;

	/* not the end of hugetlb_cma= or numa_cma= */
	while (cma && cma != words && cma[-1] != ' ')
		cma = strstr(cma + 1, "cma=");
	if (!cma) {
		log_say(account, "not about CMA");
		return;
	}
	log_say(account, "this kernel does not know cma=");
	log_find(work, account, &log_rule_no_cma,
		 "the kernel does not know cma=: it was built without CONFIG_DMA_CMA, and has no "
		 "default CMA area");
}

void log_explain_memory(struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	if (entry->kind == LOG_LIMITED)
		log_say(account, "mem= leaves %llu MB of the RAM",
			log_has(entry, 1) ? (unsigned long long)entry->numbers[0] : 0ULL);
	else if (log_has(entry, 3))
		log_say(account, "all CMA areas together have %llu KiB",
			(unsigned long long)entry->numbers[2]);
}

void log_explain_no_heap(struct log_work *work, struct log_account *account)
{
	const struct log_entry *cause = log_cause_of(work, account->entry);

	log_say(account, "a heap is not made%s",
		account->entry->kind == LOG_HEAP_FAILED ? ", though its CMA area is there"
							: ": its device cannot be made");
	if (cause) {
		AUTO_FREE char *before = TAKE_POINTER(account->meaning);

		log_say(account, "%s, see line %llu", before, (unsigned long long)cause->line);
		account->level = SEVERITY_ERROR;
		return;
	}
	log_find(work, account, &log_rule_no_heap,
		 "the heap's device cannot be made: the line before says why, and is missing here");
}
