// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/bench_load.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "base/xalloc.h"

struct worker {
	struct bench_load *load;
	pthread_t thread;
	struct bench_place place;
	atomic_int error; /* negative, or 0 */
};

struct bench_load {
	const struct bench_case_kind *how;
	sem_t ready;
	atomic_bool stopped;
	size_t count; /* of threads that run */
	struct worker workers[];
};

static void *run(void *data)
{
	struct worker *worker = data;
	struct bench_load *load = worker->load;
	uint64_t amount;
	int error = bench_place_prepare(&worker->place, load->how->need);

	if (!error)
		error = load->how->sample(&worker->place, &amount);
	worker->error = error;
	sem_post(&load->ready);
	while (!error && !load->stopped)
		error = load->how->sample(&worker->place, &amount);
	worker->error = error;
	bench_place_clear(&worker->place);
	return NULL;
}

/* The error of the first thread that has one, or 0. */
static int first_error(const struct bench_load *load)
{
	int error = 0;

	for (size_t i = 0; i < load->count && !error; i++)
		error = load->workers[i].error;
	return error;
}

int bench_load_start(const struct bench_place *place, const struct bench_case_kind *how,
		     size_t count, struct bench_load **load)
{
	struct bench_load *new = xcalloc(1, sizeof(*new) + count * sizeof(new->workers[0]));
	int error = 0;

	new->how = how;
	sem_init(&new->ready, 0, 0);
	while (new->count < count && !error) {
		struct worker *worker = &new->workers[new->count];

		worker->load = new;
		worker->place.heap = place->heap;
		worker->place.size = place->size;
		worker->place.page_size = place->page_size;
		worker->place.importer = place->importer;
		error = -pthread_create(&worker->thread, NULL, run, worker);
		new->count += !error;
	}
	for (size_t i = 0; i < new->count; i++) {
		while (sem_wait(&new->ready) && errno == EINTR)
			;
	}
	*load = new;
	return error ? error : first_error(new);
}

int bench_load_stop(struct bench_load *load)
{
	int error;

	if (!load)
		return 0;
	load->stopped = true;
	for (size_t i = 0; i < load->count; i++)
		pthread_join(load->workers[i].thread, NULL);
	error = first_error(load);
	sem_destroy(&load->ready);
	free(load);
	return error;
}
