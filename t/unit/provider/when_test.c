#include "base/clock.h"
#include "provider/when.h"
#include "unit/provider/scene.h"

/* 2026-11-24T12:00:00Z */
#define NOON INT64_C(1795521600000000)

static const struct {
	const char *text;
	int64_t us; /* 0 is refused */
} times[] = {
    {"2026-11-24T12:00:00Z", NOON},
    {"2026-11-24T12:00:00.123456789Z", NOON + 123456},
    {"2026-11-24T15:00:00+03:00", NOON},
    {"2026-11-24 15:00:00", NOON}, /* their zone is +03:00 */
    {"2026-11-24 15-00-00", NOON},
    {"1795521600", NOON},
    {"2026-11-24 15:00:00 and more", 0},
    {"2026-11-24", 0},
    {"soon", 0},
    {"", 0},
    {"-5", 0},
    {"99999999999999", 0},
    {"1900-01-01 00:00:00", 0},
};

static const char spec[] =
    "{\"formats\":[\"rfc3339\",\"%Y-%m-%d %H:%M:%S\",\"%Y-%m-%d %H-%M-%S\","
    "\"unix\"],\"tz\":\"+03:00\",\"ttl_default_s\":900}";

static void
read_in_their_zone(void)
{
	struct scene s;
	struct when w = {0};

	scene_open(&s);
	CU_ASSERT_EQUAL_FATAL(scene_read(&s, spec, read_when, &w), OK);
	CU_ASSERT_EQUAL(w.ttl_s, 900);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t us = 0;

		CU_ASSERT_EQUAL(
		    when_parse(&w, times[i].text, &us), times[i].us != 0);
		CU_ASSERT_EQUAL(us, times[i].us);
	}
	scene_close(&s);
}

static const char *const bad[] = {"{}", "{\"formats\":[\"unix\"]}",
    "{\"formats\":[],\"ttl_default_s\":900}",
    "{\"formats\":[\"unix\"],\"ttl_default_s\":5}",
    "{\"formats\":[\"unix\"],\"ttl_default_s\":900,\"tz\":\"3\"}",
    "{\"formats\":[\"unix\"],\"ttl_default_s\":900,\"tz\":\"+15:00\"}",
    "{\"formats\":[\"unix\"],\"ttl_default_s\":900,\"tz\":\"+0::00\"}",
    "{\"formats\":[\"unix\"],\"ttl_default_s\":900,\"tz\":\"+03:60\"}"};

static void
others_are_refused(void)
{
	struct scene s;

	scene_open(&s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct when w = {0};

		CU_ASSERT_EQUAL(
		    scene_read(&s, bad[i], read_when, &w), ERR_BAD_INPUT);
	}
	scene_close(&s);
}

SUITE("when", {"times are read in the upstream's zone", read_in_their_zone},
    {"what is no description of times is refused", others_are_refused})
