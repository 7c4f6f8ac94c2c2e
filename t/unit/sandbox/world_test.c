#include <string.h>

#include "base/text.h"
#include "harness/suite.h"
#include "sandbox/world.h"

static void
countries_sound(void)
{
	CU_ASSERT(COUNTRY_COUNT >= 60);
	for (int i = 0; i < COUNTRY_COUNT; i++) {
		const struct country *c = world_country(i);

		CU_ASSERT_EQUAL(strlen(c->iso), 2);
		CU_ASSERT(c->handler > 0 && c->handler < 300);
		CU_ASSERT(c->digits > (int)strlen(c->mobile));
		/* E.164 allows 15 digits. */
		CU_ASSERT((int)strlen(c->dial) + c->digits <= 15);
		if (i > 0)
			CU_ASSERT(
			    strcmp(world_country(i - 1)->iso, c->iso) < 0);
	}
}

static void
names_lead_back(void)
{
	char id[16];

	for (int i = 0; i < COUNTRY_COUNT; i++) {
		const struct country *c = world_country(i);

		(void)snprintf(id, sizeof(id), "%d", c->handler);
		CU_ASSERT_EQUAL(world_country_by_slug(c->slug), i);
		CU_ASSERT_EQUAL(world_country_by_handler(id), i);
		CU_ASSERT_EQUAL(world_country_by_any(c->iso), i);
		CU_ASSERT_EQUAL(world_country_by_any(c->slug), i);
		CU_ASSERT_EQUAL(world_country_by_any(id), i);
	}
	for (int i = 0; i < SERVICE_COUNT; i++) {
		const struct service *s = world_service(i);

		CU_ASSERT_EQUAL(world_service_by_slug(s->slug), i);
		CU_ASSERT_EQUAL(world_service_by_code(s->code), i);
		CU_ASSERT_EQUAL(world_service_by_any(s->code), i);
	}
	CU_ASSERT(SERVICE_COUNT >= 60);
}

static void
unknown_names(void)
{
	static const char *const bad[] = {"", "atlantis", "-1", "16x", NULL};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(world_country_by_slug(bad[i]), WORLD_NONE);
		CU_ASSERT_EQUAL(world_country_by_handler(bad[i]), WORLD_NONE);
		CU_ASSERT_EQUAL(world_country_by_any(bad[i]), WORLD_NONE);
		CU_ASSERT_EQUAL(world_service_by_any(bad[i]), WORLD_NONE);
	}
}

static void
phones_fit(void)
{
	char phone[PHONE_SIZE];

	for (int i = 0; i < COUNTRY_COUNT; i++) {
		const struct country *c = world_country(i);
		size_t len = 1 + strlen(c->dial) + (size_t)c->digits;

		for (uint64_t n = 0; n < 100; n++) {
			world_phone(i, 7, n * 1000003, phone);
			CU_ASSERT_EQUAL(strlen(phone), len);
			CU_ASSERT_EQUAL(phone[0], '+');
			CU_ASSERT(text_starts(phone + 1, c->dial));
			CU_ASSERT(text_starts(
			    phone + 1 + strlen(c->dial), c->mobile));
			CU_ASSERT_EQUAL(
			    strspn(phone + 1, "0123456789"), len - 1);
		}
	}
}

static void
phones_differ(void)
{
	static char seen[1000000];
	int country = world_country_by_slug("england");
	size_t head = strlen("+447400");
	char phone[PHONE_SIZE];
	int64_t tail = 0;
	int twice = 0;

	for (uint64_t n = 0; n < sizeof(seen); n++) {
		world_phone(country, 7, n + 12345, phone);
		CU_ASSERT_TRUE_FATAL(
		    text_to_i64(phone + head, 0, 999999, &tail));
		twice += seen[tail]++;
	}
	CU_ASSERT_EQUAL(twice, 0);
}

static void
seeds_differ(void)
{
	char a[PHONE_SIZE];
	char b[PHONE_SIZE];

	world_phone(0, 1, 5, a);
	world_phone(0, 1, 5, b);
	CU_ASSERT_STRING_EQUAL(a, b);
	world_phone(0, 2, 5, b);
	CU_ASSERT_STRING_NOT_EQUAL(a, b);
}

SUITE("world", {"every country has a plan for its numbers", countries_sound},
    {"every name leads back to its row", names_lead_back},
    {"an unknown name is nothing", unknown_names},
    {"a phone has the digits of its country's plan", phones_fit},
    {"a million orders have a million phones", phones_differ},
    {"phones are the seed's", seeds_differ})
