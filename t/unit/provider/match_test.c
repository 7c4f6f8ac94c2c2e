#include "provider/descriptor.h"
#include "provider/match.h"
#include "provider/view.h"
#include "unit/provider/scene.h"

static const struct pair headers[] = {{"Server", "cloudflare"}};

static const char body_json[] =
    "{\"id\":7,\"s\":\"PENDING\",\"f\":1.5,\"t\":true,\"n\":null,\"e\":[],"
    "\"o\":{\"a\":1},\"x\":\"\"}";

static const struct {
	int status;
	const char *body;
	const char *cond;
	bool holds;
} conds[] = {
    {429, "", "{\"status\":429}", true},
    {430, "", "{\"status\":429}", false},
    {500, "", "{\"status\":[500,599]}", true},
    {599, "", "{\"status\":[500,599]}", true},
    {600, "", "{\"status\":[500,599]}", false},
    {404, "", "{\"status\":{\"in\":[400,404]}}", true},
    {402, "", "{\"status\":{\"in\":[400,404]}}", false},
    {200, " Ok\n", "{\"text\":\"eq\",\"value\":\"OK\"}", true},
    {200, "OKAY", "{\"text\":\"eq\",\"value\":\"OK\"}", false},
    {200, "ok:1", "{\"text\":\"prefix\",\"value\":\"OK:\"}", true},
    {200, "OK", "{\"text\":\"prefix\",\"value\":\"OK:\"}", false},
    {200, "b", "{\"text\":\"in\",\"value\":[\"A\",\"B\"]}", true},
    {200, "c", "{\"text\":\"in\",\"value\":[\"A\",\"B\"]}", false},
    {200, "n:12", "{\"text\":\"regex\",\"value\":\"^N:[0-9]+$\"}", true},
    {200, "n:", "{\"text\":\"regex\",\"value\":\"^N:[0-9]+$\"}", false},
    {200, "  ", "{\"text\":\"empty\"}", true},
    {200, "x", "{\"text\":\"empty\"}", false},
    {200, "\xff", "{\"text\":\"empty\"}", false},
    {200, "bad_key:1", "{\"word\":\"BAD_KEY\"}", true},
    {200, "BAD_KEYS", "{\"word\":\"BAD_KEY\"}", false},
    {200, "B", "{\"word\":[\"A\",\"B\"]}", true},
    {200, body_json, "{\"json\":\"$.id\",\"exists\":true}", true},
    {200, body_json, "{\"json\":\"$.n\",\"exists\":true}", false},
    {200, body_json, "{\"json\":\"$.n\",\"exists\":false}", true},
    {200, "no json", "{\"json\":\"$.n\",\"exists\":false}", false},
    {200, body_json, "{\"json\":\"$.id\",\"eq\":7}", true},
    {200, body_json, "{\"json\":\"$.id\",\"eq\":\"7\"}", true},
    {200, body_json, "{\"json\":\"$.s\",\"eq\":\"pending\"}", false},
    {200, body_json, "{\"json\":\"$.s\",\"in\":[\"X\",\"PENDING\"]}", true},
    {200, body_json, "{\"json\":\"$.s\",\"not_in\":[\"X\"]}", true},
    {200, body_json, "{\"json\":\"$.s\",\"prefix\":\"pend\"}", true},
    {200, body_json, "{\"json\":\"$.s\",\"regex\":\"^PEN\"}", true},
    {200, body_json, "{\"json\":\"$.s\",\"regex\":\"^pen\"}", false},
    {200, body_json, "{\"json\":\"$.t\",\"eq\":true}", true},
    {200, body_json, "{\"json\":\"$.e\",\"empty\":true}", true},
    {200, body_json, "{\"json\":\"$.x\",\"empty\":true}", true},
    {200, body_json, "{\"json\":\"$.o\",\"empty\":false}", true},
    {200, body_json, "{\"json\":\"$.id\",\"type\":\"number\"}", true},
    {200, body_json, "{\"json\":\"$.f\",\"type\":\"number\"}", true},
    {200, body_json, "{\"json\":\"$.s\",\"type\":\"string\"}", true},
    {200, body_json, "{\"json\":\"$.e\",\"type\":\"array\"}", true},
    {200, body_json, "{\"json\":\"$\",\"type\":\"object\"}", true},
    {200, body_json, "{\"json\":\"$.n\",\"type\":\"null\"}", true},
    {200, body_json, "{\"json\":\"$.t\",\"type\":\"bool\"}", true},
    {200, body_json, "{\"json\":\"$.s\",\"type\":\"number\"}", false},
    {200, "{\"id\":", "{\"json\":\"$\",\"type\":\"null\"}", false},
    {200, "", "{\"header\":\"SERVER\",\"eq\":\"Cloudflare\"}", true},
    {200, "", "{\"header\":\"Via\",\"exists\":false}", true},
    {200, "", "{\"var\":\"operator\",\"eq\":\"any\"}", true},
    {200, "", "{\"var\":\"operator\",\"not_in\":[\"any\"]}", false},
    {200, "", "{\"var\":\"id\",\"exists\":false}", true},
    {200, "A", "{\"all\":[{\"status\":200},{\"word\":\"A\"}]}", true},
    {201, "A", "{\"all\":[{\"status\":200},{\"word\":\"A\"}]}", false},
    {201, "A", "{\"any\":[{\"status\":200},{\"word\":\"A\"}]}", true},
    {201, "B", "{\"any\":[{\"status\":200},{\"word\":\"A\"}]}", false},
    {201, "B", "{\"not\":{\"word\":\"A\"}}", true},
};

static void
holds_as_described(void)
{
	struct values values = {{[VAR_OPERATOR] = "any"}};
	struct descriptor d = {0};
	struct scene s;

	scene_open(&s);
	CU_ASSERT_EQUAL_FATAL(
	    scene_read(&s, "{\"before\":\":\"}", read_extractor, &d.rules.word),
	    OK);
	for (size_t i = 0; i < sizeof(conds) / sizeof(conds[0]); i++) {
		struct answer a = {.status = conds[i].status,
		    .headers = headers,
		    .header_count = 1,
		    .body = conds[i].body,
		    .body_len = strlen(conds[i].body)};
		struct cond cond = {0};
		struct view w;

		CU_ASSERT_EQUAL_FATAL(
		    scene_read(&s, conds[i].cond, read_cond, &cond), OK);
		view_open(&s.c, &d, &values, &a, &w);
		if (match_holds(&w, &cond) != conds[i].holds)
			printf("# %s on %s\n", conds[i].cond, conds[i].body);
		CU_ASSERT_EQUAL(match_holds(&w, &cond), conds[i].holds);
	}
	scene_close(&s);
}

static const char *const bad[] = {"{}", "[]", "null", "{\"status\":99}",
    "{\"status\":[500]}", "{\"status\":[599,500]}", "{\"status\":\"5xx\"}",
    "{\"status\":{\"in\":\"x\"}}", "{\"text\":\"equals\",\"value\":\"x\"}",
    "{\"text\":\"eq\"}", "{\"text\":\"empty\",\"value\":\"x\"}",
    "{\"word\":{}}", "{\"json\":\"$.a\"}", "{\"json\":\"a\",\"eq\":1}",
    "{\"json\":\"$.a\",\"eq\":1,\"in\":[1]}",
    "{\"json\":\"$.a\",\"type\":\"float\"}",
    "{\"json\":\"$.a\",\"exists\":\"yes\"}", "{\"var\":\"x\",\"eq\":1}",
    "{\"all\":[]}", "{\"all\":[{\"status\":200}],\"any\":[{\"status\":200}]}",
    "{\"not\":[]}", "{\"status\":200,\"word\":\"A\"}",
    "{\"text\":\"regex\",\"value\":\"[\"}", "{\"header\":\"X\"}"};

static void
others_are_refused(void)
{
	struct scene s;

	scene_open(&s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cond cond = {0};
		enum err e = scene_read(&s, bad[i], read_cond, &cond);

		if (e != ERR_BAD_INPUT)
			printf("# accepted: %s\n", bad[i]);
		CU_ASSERT_EQUAL(e, ERR_BAD_INPUT);
	}
	scene_close(&s);
}

static void
status_is_noticed(void)
{
	struct cond with = {0};
	struct cond without = {0};
	struct scene s;

	scene_open(&s);
	CU_ASSERT_EQUAL(
	    scene_read(&s,
		"{\"any\":[{\"word\":\"A\"},{\"not\":{\"status\":200}}]}",
		read_cond, &with),
	    OK);
	CU_ASSERT_EQUAL(
	    scene_read(&s, "{\"word\":\"A\"}", read_cond, &without), OK);
	CU_ASSERT_TRUE(match_names_status(&with));
	CU_ASSERT_FALSE(match_names_status(&without));
	scene_close(&s);
}

SUITE("match", {"a condition holds as it is described", holds_as_described},
    {"what is no condition is refused", others_are_refused},
    {"a condition over the status is noticed", status_is_noticed})
