// SPDX-License-Identifier: GPL-2.0-or-later
/* Arbitrary text as a boot log that somebody has sent. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/boot/log_explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BOOT_LOG struct boot_log log;
	AUTO_LOG_ACCOUNTS struct log_accounts accounts;
	size_t half = size / 2;
	uint64_t line = 0;

	boot_log_begin(&log);
	boot_log_feed(&log, (const char *)data, half);
	boot_log_feed(&log, (const char *)data + half, size - half);
	boot_log_end(&log);
	log_explain(&log, "log", NULL, NULL, &accounts);
	must(accounts.count == log.entries.count);
	array_for_each (&accounts, account) {
		must(account->meaning && *account->meaning);
		must(account->entry->line > line && account->entry->line <= log.lines);
		line = account->entry->line;
	}
	array_for_each (&accounts.findings, finding)
		must(finding->message && finding->where.line);
	return 0;
}
