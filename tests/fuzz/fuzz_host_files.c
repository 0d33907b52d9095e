#include "host/assign.h"
#include "host/bootline.h"
#include "host/flags.h"
#include "host/judge.h"
#include "host/selinux_config.h"
#include "host/service.h"

#include "base/clean.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_assignments(struct sc_str text, enum sc_assign_form form)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_assign_walk at = { .rest = text };
	struct sc_assign var;
	uint32_t last = 0;

	while (sc_assign_next(&at, form, &a, &var)) {
		if (!var.name.n || var.line <= last)
			abort();
		last = var.line;
	}
}

static void read_flags(const struct sc_words *words)
{
	struct sc_origin from;
	struct sc_str value;
	size_t at = 0, n = 0;

	while (sc_flag_next(words, &at, SC_STR("a"), false, &value, &from))
		if (++n > words->n)
			abort();
}

/* What host check reads of a root that others made: each reader gets all of it.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sc_str text = { (const char *)data, size };
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_exceptions exceptions = { 0 };
	struct sc_boot_lines lines = { 0 };
	struct sc_config_views views;
	struct sc_service service;
	struct sc_error err;

	read_assignments(text, SC_ASSIGN_SHELL);
	read_assignments(text, SC_ASSIGN_SYSTEMD);
	for (int form = SC_BOOT_BARE; form <= SC_BOOT_ENV; form++)
		if (sc_boot_text_read(text, (enum sc_boot_form)form,
				      SC_STR("/x"), &a, &lines, &err) < 0)
			abort();
	if (sc_service_text(text, SC_STR("x"), &a, &service, &err) < 0)
		abort();
	read_flags(&service.words);
	if (!sc_config_views_read(text, &a, &views))
		abort();
	if (sc_exceptions_read(text, &a, &exceptions, &err) == SC_ENOMEM)
		abort();
	return 0;
}
