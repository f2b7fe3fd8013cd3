// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/name/better.h"

/* "video|1|-cma": the words with their separators, as they were found. */
static char *words_of(const char *name)
{
	struct name_words words;
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	name_split(name, strlen(name), &words);
	for (size_t i = 0; i < words.count; i++) {
		const struct name_word *word = &words.words[i];

		fprintf(stream, "%s%.*s", i ? "|" : "", (int)word->length, name + word->start);
	}
	if (words.unit_is_address)
		fprintf(stream, "@%llx", (unsigned long long)words.unit);
	xmemclose(stream);
	return text;
}

static void names_are_split(void **state)
{
	static const struct {
		const char *name, *words;
	} cases[] = {
		{"video@42000000", "video@42000000"},
		{"video@42000000-contiguous", "video|contiguous@42000000"},
		{"ipu2_cma@95800000", "ipu|2|cma@95800000"},
		{"hailo_media_buf,cma", "hailo|media|buf|cma"},
		{"linux.cma", "linux|cma"},
		{"video@cma", "video|cma"},
		{"video@0xAb-cma", "video|cma@ab"},
		{"videoCma", "video|Cma"},
		{"CMAHeap", "CMA|Heap"},
		{"CMAs", "CMAs"},
		{"reservation", "reservation"},
		{"heap-codec_mm", "heap|codec_mm"}, /* one word of the vocabulary */
		{"system-dma32", "system|dma32"},
		{"non-cached", "non-cached"},
		{"video@fffffffffffffffff", "video@ffffffffffffffff"}, /* saturated */
		{"video@0xfffffffffffffffff", "video@ffffffffffffffff"},
		{"gr\xc3\xbcn", "gr\xc3\xbcn"},
		{"", ""},
		{"@-@", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO_FREE char *words = words_of(cases[i].name);

		assert_string_equal(words, cases[i].words);
	}
}

enum {
	V1 = 1 << CONVENTION_V1,
	V2 = 1 << CONVENTION_V2,
	MERGED = 1 << CONVENTION_LINUX,
	ALL = V1 | V2 | MERGED,
};

static const struct name_evidence node = {
	.region = "/reserved-memory/cma", .dynamic = true, .size = 1 << 20};
static const struct name_evidence named_node = {
	.region = "/reserved-memory/video", .placed = true, .base = 0x42000000};
static const struct name_evidence pages = {.region = "/r", .contiguous = NO};
static const struct name_evidence contiguous = {.region = "/r", .contiguous = YES};
static const struct name_evidence mappable = {.region = "/r", .mappable = YES};
static const struct name_evidence uncached = {.region = "/r", .cacheable = NO};
static const struct name_evidence placed = {.region = "/r", .placed = true, .base = 0x42000000};
static const struct name_evidence dynamic = {.region = "/r", .dynamic = true, .size = 1 << 20};

/* For each rule a name that breaks it, and it alone, and the same name put right. */
static const struct rule_case {
	const char *rule;
	unsigned int conventions;
	enum severity severity;
	const char *bad, *good;
	const char *part; /* marked in the bad one */
	const struct name_evidence *evidence;
} rule_cases[] = {
	{"fixed-name", ALL, SEVERITY_NOTE, "linux,cma", "video@42000000", "linux,cma", NULL},
	{"fixed-name", ALL, SEVERITY_NOTE, "reserved", "reserved@42000000", "reserved", NULL},
	{"fixed-name", ALL, SEVERITY_NOTE, "default-pool", "video@42000000", "default-pool", NULL},
	{"fixed-name", ALL, SEVERITY_NOTE, "protected,trusted-ui", "system", "protected,trusted-ui",
	 NULL},
	{"vendor-name", ALL, SEVERITY_WARNING, "cma-uncached", "system", "cma-uncached", NULL},
	{"vendor-name", ALL, SEVERITY_WARNING, "linux,cma-uncached", "linux,cma",
	 "linux,cma-uncached", NULL},
	{"characters", ALL, SEVERITY_ERROR, "vid%so@42000000", "video@42000000", "%", NULL},
	{"characters", ALL, SEVERITY_ERROR, "vid/o@42000000", "video@42000000", "/", NULL},
	{"characters", ALL, SEVERITY_ERROR, "vid\x1bo@42000000", "video@42000000", "\x1b", NULL},
	{"characters", ALL, SEVERITY_ERROR, "vid o@42000000", "video@42000000", " ", NULL},
	{"characters", ALL, SEVERITY_ERROR, "", "video@42000000", "", NULL},
	{"characters", ALL, SEVERITY_ERROR, "..", "video@42000000", "..", NULL},
	{"characters", ALL, SEVERITY_NOTE, "video-for-the-lower-left-screens@42000000",
	 "video-for-the-lower-left-screen@42000000", "s", NULL},
	{"characters", ALL, SEVERITY_ERROR,
	 "video@42000000-a123456789012345678901234567890123456789-abcdefghi",
	 "video@42000000-a123456789012345678901234567890123456789-abcdefg", "hi", NULL},
	{"allocator-name", ALL, SEVERITY_ERROR, "cma-video", "cmap-video@42000000", "cma", NULL},
	{"allocator-name", ALL, SEVERITY_ERROR, "video_ion2@42000000", "video_reservation@42000000",
	 "ion", NULL},
	{"allocator-name", ALL, SEVERITY_ERROR, "video,GCMA@42000000", "video,gcmax@42000000",
	 "GCMA", NULL},
	{"allocator-name", ALL, SEVERITY_ERROR, "carveouts.video@42000000", "video@42000000",
	 "carveouts", NULL},
	{"allocator-name", ALL, SEVERITY_ERROR, "video-gen_pool@42000000", "video-gen@42000000",
	 "gen_pool", NULL},
	{"implementation-detail", ALL, SEVERITY_ERROR, "video@42000000-dma32", "video@42000000",
	 "dma32", NULL},
	{"implementation-detail", ALL, SEVERITY_ERROR, "video@42000000-pages",
	 "video-homepage@42000000", "pages", NULL},
	{"implementation-detail", ALL, SEVERITY_ERROR, "video-64k@42000000", "video-4k@42000000",
	 "64k", NULL},
	{"unit-address", ALL, SEVERITY_ERROR, "video@0x42000000", "video@42000000", "0x42000000",
	 NULL},
	{"unit-address", ALL, SEVERITY_ERROR, "video@042000000", "video@42000000", "042000000",
	 NULL},
	{"unit-address", ALL, SEVERITY_ERROR, "video@4200ABCD", "video@4200abcd", "4200ABCD", NULL},
	{"unit-address", ALL, SEVERITY_ERROR, "video@left", "video@1ef7", "@left", NULL},
	{"unit-address", ALL, SEVERITY_ERROR, "video@42000000@1", "video@42000000", "@1", NULL},
	{"unit-address", ALL, SEVERITY_WARNING, "video@0", "video@42000000", "@0", NULL},
	{"unit-address", ALL, SEVERITY_ERROR, "video@52000000", "video@42000000", "52000000",
	 &placed},
	{"unit-address", ALL, SEVERITY_ERROR, "video@1,200000", "video@100200000", "1,200000",
	 NULL},
	{"unit-address", ALL, SEVERITY_WARNING, "video", "video@42000000", "", &named_node},
	{"unit-address", ALL, SEVERITY_WARNING, "dsp1@42000000", "dsp1-memory", "@42000000",
	 &dynamic},
	{"attribute-conflict", ALL, SEVERITY_ERROR, "video@42000000-cacheable-uncacheable",
	 "video@42000000-cacheable", "cacheable-uncacheable", NULL},
	{"attribute-repeated", ALL, SEVERITY_WARNING, "video@42000000-protected-protected",
	 "video@42000000-protected", "protected", NULL},
	{"attribute-false", V2 | MERGED, SEVERITY_ERROR, "video@42000000-contiguous",
	 "video@42000000", "contiguous", &pages},
	{"attribute-false", V2 | MERGED, SEVERITY_ERROR, "video@42000000-protected",
	 "video@42000000", "protected", &mappable},
	{"attribute-false", V1, SEVERITY_ERROR, "video@42000000-contiguous", "video@42000000",
	 "contiguous", &pages},
	{"unknown-attribute", ALL, SEVERITY_WARNING, "video@42000000-uncached", "video@42000000",
	 "uncached", NULL},
	{"unknown-attribute", ALL, SEVERITY_WARNING, "video-secure", "video@42000000", "secure",
	 NULL},
	{"unknown-attribute", ALL, SEVERITY_WARNING, "video@42000000-cotniguous", "video@42000000",
	 "cotniguous", NULL},
	{"unknown-attribute", MERGED, SEVERITY_NOTE, "video@42000000-cacheable",
	 "video@42000000-contiguous", "cacheable", NULL},
	{"unknown-attribute", V1, SEVERITY_NOTE, "video@42000000-contiguous", "video@42000000",
	 "contiguous", NULL},
	{"unstable-name", ALL, SEVERITY_ERROR, "heap0", "dsp1-memory@42000000", "heap0", NULL},
	{"unstable-name", ALL, SEVERITY_ERROR, "video@42000000-v2", "video@42000000-v", "v2", NULL},
	{"unstable-name", ALL, SEVERITY_ERROR, "video@42000000-20250616", "video@42000000-1080",
	 "20250616", NULL},
	{"unstable-name", ALL, SEVERITY_ERROR, "video@42000000-old", "video@42000000", "old", NULL},
	{"vendor-prefix", ALL, SEVERITY_NOTE, "acme,video@42000000", "video@42000000", "acme,",
	 NULL},
	{"vendor-prefix", ALL, SEVERITY_NOTE, "qcom-video@42000000", "video@42000000", "qcom",
	 NULL},
	{"redundant-word", ALL, SEVERITY_NOTE, "video-region@42000000", "video@42000000", "region",
	 NULL},
	{"no-region", ALL, SEVERITY_WARNING, "frob", "frob@42000000", "frob", NULL},
	{"no-region", ALL, SEVERITY_WARNING, "dsp", "dsp@42000000", "dsp", NULL},
	{"no-region", ALL, SEVERITY_NOTE, "video", "video@42000000", "video", NULL},
	{"attribute-missing", V2 | MERGED, SEVERITY_NOTE, "video@42000000",
	 "video@42000000-contiguous", "", &contiguous},
	{"attribute-missing", V2, SEVERITY_NOTE, "video@42000000", "video@42000000-uncacheable", "",
	 &uncached},
};

static bool check(const struct name_settings *settings, struct name_scope *scope, const char *name,
		  const struct name_evidence *evidence, struct findings *findings)
{
	static struct name_words words;

	findings_free(findings);
	name_split(name, strlen(name), &words);
	return name_lint(settings, scope, &words, evidence, findings);
}

static void lint(enum convention convention, const char *name, const struct name_evidence *evidence,
		 struct findings *findings)
{
	struct name_settings settings;

	name_settings_init(&settings);
	settings.convention = convention;
	assert_true(check(&settings, NULL, name, evidence, findings));
	for (size_t i = 0; i < findings->count; i++)
		print_message("    %s %s\n", severity_name(findings->items[i].severity),
			      findings->items[i].rule->id);
}

static void each_rule_has_a_name_that_breaks_it_alone(void **state)
{
	AUTO_FINDINGS struct findings findings = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rule_cases); i++) {
		const struct rule_case *test = &rule_cases[i];

		for (unsigned int c = 0; c < CONVENTION_COUNT; c++) {
			const struct finding *finding;

			if (!(test->conventions & 1u << c))
				continue;
			print_message("%s %s: %s\n", test->rule, convention_name(c), test->bad);
			lint(c, test->bad, test->evidence, &findings);
			assert_int_equal(findings.count, 1);
			finding = &findings.items[0];
			assert_string_equal(finding->rule->id, test->rule);
			assert_int_equal(finding->severity, test->severity);
			assert_int_equal(finding->length, strlen(test->part));
			assert_memory_equal(test->bad + finding->start, test->part,
					    finding->length);
			lint(c, test->good, test->evidence, &findings);
			for (size_t f = 0; f < findings.count; f++)
				assert_string_not_equal(findings.items[f].rule->id, test->rule);
		}
	}
}

/* The good names above are good altogether where nothing but the name is known. */
static void every_rule_is_tested_under_every_convention(void **state)
{
	(void)state;
	for (size_t i = 0; i < NAME_RULE_COUNT; i++) {
		const struct rule *rule = &name_rules[i]->rule;
		unsigned int tested = 0;

		for (size_t t = 0; t < COUNT_OF(rule_cases); t++) {
			if (!strcmp(rule_cases[t].rule, rule->id))
				tested |= rule_cases[t].conventions;
		}
		/* these two need more than one name: below, and in lint-names.bats */
		if (!strcmp(rule->id, "not-unique") || !strcmp(rule->id, "baseline"))
			continue;
		print_message("%s\n", rule->id);
		assert_int_equal(tested, name_rules[i]->conventions);
	}
}

static void examples_of_rules_are_true(void **state)
{
	AUTO_FINDINGS struct findings findings = {0};

	(void)state;
	for (size_t i = 0; i < NAME_RULE_COUNT; i++) {
		const struct rule *rule = &name_rules[i]->rule;

		if (strchr(rule->bad, ' '))
			continue; /* needs evidence or a second name */
		print_message("%s\n", rule->id);
		lint(CONVENTION_V2, rule->bad, NULL, &findings);
		assert_int_equal(findings.count, 1);
		assert_string_equal(findings.items[0].rule->id, rule->id);
		lint(CONVENTION_V2, rule->good, NULL, &findings);
		assert_int_equal(findings.count, 0);
	}
}

/* Checks the second name after the first; returns the number of not-unique findings. */
static size_t not_unique(const char *first, const char *second,
			 const struct name_evidence *first_evidence,
			 const struct name_evidence *second_evidence)
{
	struct name_scope *scope = name_scope_new();
	struct name_settings settings;
	AUTO_FINDINGS struct findings findings = {0};
	size_t count = 0;

	name_settings_init(&settings);
	check(&settings, scope, first, first_evidence, &findings);
	check(&settings, scope, second, second_evidence, &findings);
	for (size_t i = 0; i < findings.count; i++)
		count += !strcmp(findings.items[i].rule->id, "not-unique");
	name_scope_free(scope);
	return count;
}

static void names_that_do_not_tell_regions_apart(void **state)
{
	static const struct name_evidence one = {.region = "/a"}, other = {.region = "/b"};

	(void)state;
	assert_int_equal(not_unique("video", "video", NULL, NULL), 1);
	assert_int_equal(not_unique("video-left", "Video_left", NULL, NULL), 1);
	assert_int_equal(not_unique("video", "video-heap", NULL, NULL), 1);
	assert_int_equal(not_unique("video@42000000", "video@52000000", NULL, NULL), 0);
	assert_int_equal(not_unique("video", "audio", NULL, NULL), 0);
	assert_int_equal(not_unique("video", "video-protected", NULL, NULL), 0);
	assert_int_equal(not_unique("heap", "region", NULL, NULL), 0);
	assert_int_equal(not_unique("video", "video-heap", &one, &other), 1);
	assert_int_equal(not_unique("video", "video-heap", &one, &one), 0);
}

static void the_same_name_is_reported_twice_at_most(void **state)
{
	struct name_scope *scope = name_scope_new();
	struct name_settings settings;
	AUTO_FINDINGS struct findings findings = {0};
	static char names[3000][8];

	(void)state;
	name_settings_init(&settings);
	assert_true(check(&settings, scope, "cma", NULL, &findings));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(names[i], sizeof(names[i]), "x%zu", i);
		assert_true(check(&settings, scope, names[i], NULL, &findings));
		assert_int_equal(findings.count, 1);
	}
	assert_true(check(&settings, scope, "cma", NULL, &findings));
	assert_false(check(&settings, scope, "cma", NULL, &findings));
	assert_int_equal(findings.count, 0);
	name_scope_free(scope);
}

static void a_scope_knows_its_names_again(void **state)
{
	enum {
		COUNT = 20000
	};
	static char names[COUNT][16], others[COUNT][16];
	struct name_scope *scope = name_scope_new();
	struct name_settings settings;
	AUTO_FINDINGS struct findings findings = {0};

	(void)state;
	name_settings_init(&settings);
	for (size_t i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof(names[i]), "video@%zx", i * 7919 % 65521 + 1);
		assert_true(check(&settings, scope, names[i], NULL, &findings));
		assert_int_equal(findings.count, 0);
	}
	for (size_t i = 0; i < COUNT; i++) {
		AUTO_FREE char *quoted = xasprintf("'%s'", names[i]);

		snprintf(others[i], sizeof(others[i]), "VIDEO%s", strchr(names[i], '@'));
		check(&settings, scope, others[i], NULL, &findings);
		assert_int_equal(findings.count, 1);
		assert_string_equal(findings.items[0].rule->id, "not-unique");
		assert_non_null(strstr(findings.items[0].message, quoted));
	}
	name_scope_free(scope);
}

static void names_of_the_kernel_are_notes_only(void **state)
{
	static const char *const names[] = {"system_cc_shared", "default_cma_region",
					    "protected,secure-video", "protected,trusted-ui",
					    "protected,secure-video-record"};
	AUTO_FINDINGS struct findings findings = {0};

	(void)state;
	for (unsigned int c = 0; c < CONVENTION_COUNT; c++) {
		for (size_t i = 0; i < COUNT_OF(names); i++) {
			print_message("%s\n", names[i]);
			lint(c, names[i], NULL, &findings);
			assert_true(findings.count > 0);
			for (size_t f = 0; f < findings.count; f++)
				assert_int_equal(findings.items[f].severity, SEVERITY_NOTE);
		}
		lint(c, "system", NULL, &findings);
		assert_int_equal(findings.count, 0);
	}
}

/* Rockchip's driver calls a heap so; in a device tree it is the author's choice. */
static void a_vendors_name_of_a_node_is_its_authors(void **state)
{
	AUTO_FINDINGS struct findings findings = {0};

	(void)state;
	for (unsigned int c = 0; c < CONVENTION_COUNT; c++) {
		lint(c, "cma", NULL, &findings);
		assert_int_equal(findings.count, 1);
		assert_string_equal(findings.items[0].rule->id, "vendor-name");
		lint(c, "cma", &node, &findings);
		assert_string_equal(findings.items[0].rule->id, "allocator-name");
		assert_int_equal(findings.items[0].severity, SEVERITY_ERROR);
	}
}

/* Names that cannot change have one note, and with --strict are judged as any other. */
static void fixed_names_are_judged_once_unless_strictly(void **state)
{
	static const char *const names[] = {"linux,cma", "reserved", "default_cma_region"};
	AUTO_FINDINGS struct findings findings = {0};
	struct name_settings settings;

	(void)state;
	name_settings_init(&settings);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		settings.strict = false;
		check(&settings, NULL, names[i], &contiguous, &findings);
		assert_int_equal(findings.count, 1);
		assert_int_equal(findings.items[0].severity, SEVERITY_NOTE);
		assert_false(findings.items[0].detail);
		settings.strict = true;
		check(&settings, NULL, names[i], &contiguous, &findings);
		assert_int_equal(findings.items[0].severity, SEVERITY_ERROR);
		assert_string_not_equal(findings.items[0].rule->id, "fixed-name");
	}
	/* a severity asks for a detail as well */
	settings.strict = false;
	check(&settings, NULL, "video", NULL, &findings);
	assert_int_equal(findings.count, 1);
	assert_true(findings.items[0].detail);
	name_settings_set_severity(&settings, name_rule_find("no-region"), SEVERITY_NOTE);
	check(&settings, NULL, "video", NULL, &findings);
	assert_false(findings.items[0].detail);
}

static void settings_change_what_is_found(void **state)
{
	const struct rule *allocator = name_rule_find("allocator-name");
	struct name_settings settings;
	AUTO_FINDINGS struct findings findings = {0};

	(void)state;
	name_settings_init(&settings);
	name_settings_set_severity(&settings, allocator, SEVERITY_NOTE);
	check(&settings, NULL, "cma-video", NULL, &findings);
	assert_int_equal(findings.items[0].severity, SEVERITY_NOTE);
	name_settings_set_severity(&settings, allocator, SEVERITY_OFF);
	check(&settings, NULL, "cma-video@1000", NULL, &findings);
	assert_int_equal(findings.count, 0);
	name_settings_free(&settings);

	name_settings_init(&settings);
	name_settings_allow(&settings, "cma-video@1000", allocator);
	check(&settings, NULL, "cma-video@1000", NULL, &findings);
	assert_int_equal(findings.count, 0);
	check(&settings, NULL, "cma-video@2000", NULL, &findings);
	assert_int_equal(findings.count, 1);
	name_settings_allow(&settings, "frob", NULL);
	check(&settings, NULL, "frob", NULL, &findings);
	assert_int_equal(findings.count, 0);
	name_settings_free(&settings);
}

static void better_names(void **state)
{
	static const struct name_evidence memory = {
		.region = "/r", .placed = true, .base = 0x42000000, .contiguous = YES};
	static const struct {
		const char *name, *better;
		enum convention convention;
		const struct name_evidence *evidence;
	} cases[] = {
		{"ipu2_cma@95800000", "ipu2@95800000", CONVENTION_V2, NULL},
		{"ipu2_cma@95800000", "ipu2@95800000", CONVENTION_V1, NULL},
		{"system-uncached", NULL, CONVENTION_V2, NULL}, /* a vendor's driver fixes it */
		{"audio-uncached", "audio-uncacheable", CONVENTION_V2, NULL},
		{"system-cached", NULL, CONVENTION_LINUX, NULL}, /* system is the kernel's own */
		{"video@0x42000000", "video@42000000", CONVENTION_LINUX, NULL},
		{"video@123456789abcdef01", "video", CONVENTION_LINUX, NULL},
		{"video@52000000", "video@42000000", CONVENTION_LINUX, &memory},
		{"video@52000000-contig", "video@42000000-contiguous", CONVENTION_LINUX, &memory},
		{"mmz", "memory@42000000", CONVENTION_LINUX, &memory},
		{"mmz", NULL, CONVENTION_V2, NULL}, /* nothing to make a name of */
		{"heap0", NULL, CONVENTION_V2, NULL},
		{"dsp1@42000000", "dsp1", CONVENTION_V2, &dynamic},
		{"default_cma_region", NULL, CONVENTION_V2, &memory},
		{"video@42000000", NULL, CONVENTION_V1, NULL}, /* good as it is */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct name_settings settings;
		struct name_words words;
		AUTO_FINDINGS struct findings findings = {0};
		AUTO_FREE char *better = NULL;

		name_settings_init(&settings);
		settings.convention = cases[i].convention;
		name_split(cases[i].name, strlen(cases[i].name), &words);
		name_lint(&settings, NULL, &words, cases[i].evidence, &findings);
		better = name_better(&settings, &words, cases[i].evidence);
		print_message("%s: %s\n", cases[i].name, better ? better : "-");
		if (cases[i].better) {
			assert_non_null(better);
			assert_string_equal(better, cases[i].better);
		} else {
			assert_null(better);
		}
	}
}

static void messages_name_the_part(void **state)
{
	static const struct name_evidence elsewhere = {
		.region = "/r", .placed = true, .base = 0x1240000000};
	AUTO_FINDINGS struct findings findings = {0};

	(void)state;
	lint(CONVENTION_V1, "video@42000000", &elsewhere, &findings);
	assert_string_equal(findings.items[0].message,
			    "'42000000' is not where the region is: it begins at 1240000000");
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

/* One letter less, more, other, or two in turn. */
static void slip(char *word, uint32_t *random)
{
	size_t length = strlen(word), at = next_random(random) % length;
	char letter = (char)('a' + next_random(random) % 26);

	switch (next_random(random) % 4) {
	case 0:
		memmove(word + at, word + at + 1, length - at);
		break;
	case 1:
		memmove(word + at + 1, word + at, length - at + 1);
		word[at] = letter;
		break;
	case 2:
		word[at] = letter;
		break;
	default:
		if (at + 1 == length)
			break;
		letter = word[at];
		word[at] = word[at + 1];
		word[at + 1] = letter;
	}
}

/* property_misspelt() looks for the letters that differ; this measures the distance. */
static void slips_are_one_step_from_the_word(void **state)
{
	uint32_t random = 1;
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < 200000; i++) {
		enum word_property property = i % PROPERTY_COUNT, nearest = PROPERTY_NONE;
		char word[32];

		if (!property_word(property))
			continue;
		snprintf(word, sizeof(word), "%s", property_word(property));
		for (size_t slips = next_random(&random) % 3; slips; slips--)
			slip(word, &random);
		for (enum word_property p = 0; p < PROPERTY_COUNT; p++) {
			const char *right = property_word(p);

			if (right && *right == *word && strlen(word) >= 8 &&
			    text_distance(word, right) <= 1 && strcmp(word, "projected") != 0)
				nearest = p;
		}
		if (property_misspelt(word, strlen(word)) != nearest)
			fail_msg("%s", word);
		found += nearest != PROPERTY_NONE;
	}
	assert_true(found > 10000);
}

/* SPELLING with SEPARATOR for each dash, as a name. */
static void assert_found(const struct vocabulary_entry *entry, const char *separator)
{
	AUTO_FREE char *name = NULL;
	size_t size;
	FILE *stream = xmemopen(&name, &size);
	struct name_words words;

	for (const char *c = entry->spelling; *c; c++) {
		if (*c == '-')
			fputs(separator, stream);
		else
			fputc(*c, stream);
	}
	xmemclose(stream);
	print_message("%s\n", name);
	name_split(name, strlen(name), &words);
	assert_int_equal(words.count, 1);
	assert_int_equal(words.words[0].class, entry->class);
	assert_int_equal(words.words[0].property, entry->property);
}

static void every_word_of_the_vocabulary_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < vocabulary_count; i++) {
		assert_found(&vocabulary[i], "-");
		assert_found(&vocabulary[i], "_");
		assert_found(&vocabulary[i], "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_split),
		cmocka_unit_test(each_rule_has_a_name_that_breaks_it_alone),
		cmocka_unit_test(every_rule_is_tested_under_every_convention),
		cmocka_unit_test(examples_of_rules_are_true),
		cmocka_unit_test(names_that_do_not_tell_regions_apart),
		cmocka_unit_test(the_same_name_is_reported_twice_at_most),
		cmocka_unit_test(a_scope_knows_its_names_again),
		cmocka_unit_test(names_of_the_kernel_are_notes_only),
		cmocka_unit_test(a_vendors_name_of_a_node_is_its_authors),
		cmocka_unit_test(fixed_names_are_judged_once_unless_strictly),
		cmocka_unit_test(settings_change_what_is_found),
		cmocka_unit_test(better_names),
		cmocka_unit_test(messages_name_the_part),
		cmocka_unit_test(slips_are_one_step_from_the_word),
		cmocka_unit_test(every_word_of_the_vocabulary_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
