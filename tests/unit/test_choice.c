// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/xalloc.h"
#include "model/import/choice.h"

/* Memory below and above 4 GiB, pages, and a memfd; a device that takes all of them. */
struct machine {
	struct inventory inventory;
	struct matrix matrix;
	struct attempt attempts[4];
};

static void add(struct machine *machine, const char *name, enum memory_kind kind, uint64_t base)
{
	struct attempt *attempt = &machine->attempts[machine->matrix.sources.count];

	*attempt = (struct attempt){.result = ATTEMPT_MAPS, .tried = 3, .taken = 3, .mapped = YES};
	*array_add(&machine->matrix.sources) =
		(struct import_source){name, strcmp(name, "udmabuf") ? "/dev/dma_heap" : NULL};
	if (!strcmp(name, "udmabuf"))
		return;
	*array_add(&machine->inventory.heaps) = (struct heap){
		.name = xstrdup(name), .node = xasprintf("%s/%s", HEAP_DIRECTORY, name)};
	*array_add(&machine->inventory.memories) = (struct memory){
		.kind = kind,
		.base = {.number = {base != 0, base}},
		.size = {.number = {base != 0, 0x1000000}},
	};
}

static void make(struct machine *machine)
{
	*machine = (struct machine){0};
	add(machine, "udmabuf", MEMORY_PAGES, 0);
	add(machine, "high", MEMORY_CMA, 0x100000000);
	add(machine, "low", MEMORY_CMA, 0xff000000);
	add(machine, "system", MEMORY_PAGES, 0);
	*array_add(&machine->matrix.importers) = (struct importer){.kind = IMPORTER_DRM};
	machine->matrix.cells = machine->attempts;
}

static void drop(struct machine *machine)
{
	array_for_each (&machine->inventory.heaps, heap) {
		free(heap->name);
		free(heap->node);
	}
	array_free(&machine->inventory.heaps);
	array_free(&machine->inventory.memories);
	array_free(&machine->matrix.sources);
	array_free(&machine->matrix.importers);
}

static void expect(const struct machine *machine, const char *heap, const char *why)
{
	struct choice choice;

	choice_make(&machine->matrix, &machine->inventory, 0, &choice);
	if (heap)
		assert_string_equal(choice.source->name, heap);
	else
		assert_null(choice.source);
	if (why)
		assert_string_equal(choice.why, why);
	choice_free(&choice);
}

static void pages_go_before_memory_that_is_scarce(void **state)
{
	struct machine machine;

	(void)state;
	make(&machine);
	expect(&machine, "system", "took 3 of 3 buffers (maps)");
	machine.attempts[3].taken = 2;
	expect(&machine, "high", NULL);
	machine.attempts[1].taken = machine.attempts[2].taken = 0;
	expect(&machine, "udmabuf", NULL);
	machine.attempts[0].taken = 0;
	expect(&machine, NULL, NULL);
	drop(&machine);
}

static void what_a_mask_reaches(void **state)
{
	struct machine machine;
	struct importer *device;

	(void)state;
	make(&machine);
	device = &machine.matrix.importers.items[0];
	/* pages may lie anywhere; the region below 4 GiB does not */
	device->mask = (struct maybe){true, 32};
	expect(&machine, "low", "took 3 of 3 buffers (maps); DMA mask of 32 bits");
	machine.attempts[2].taken = machine.attempts[3].taken = 0;
	expect(&machine, "udmabuf", NULL);
	machine.attempts[0].taken = 0;
	expect(&machine, "high",
	       "took 3 of 3 buffers (maps); DMA mask of 32 bits, beyond which it lies");
	device->mask.value = 33;
	expect(&machine, "high", "took 3 of 3 buffers (maps); DMA mask of 33 bits");
	drop(&machine);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_go_before_memory_that_is_scarce),
		cmocka_unit_test(what_a_mask_reaches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
