#include "base/clock.h"
#include "base/text.h"
#include "provider/descriptor.h"
#include "provider/extract.h"
#include "provider/view.h"
#include "unit/provider/scene.h"

static const struct pair headers[] = {
    {"Retry-After", "7"}, {"X-Price", " 0.42 "}};

static const char json_body[] =
    "{\"phone\":\"+7 999\",\"n\":12.50,\"no\":null,\"e\":\"\",\"o\":{},"
    "\"msg\":\"<b>Code</b> 77\",\"list\":[\"a\",\"b\"]}";

/* An answer, an extractor, and the text it takes; NULL is nothing. */
static const struct {
	const char *body;
	const char *how;
	const char *want;
} takes[] = {
    {"A:b:c", "{\"after\":\":\"}", "b:c"},
    {"A:b:c", "{\"before\":\":\"}", "A"},
    {"Abc", "{\"before\":\":\"}", "Abc"},
    {"Abc", "{\"after\":\":\"}", NULL},
    {"A:", "{\"after\":\":\"}", NULL},
    {"A:b:c", "{\"split\":\":\",\"index\":0}", "A"},
    {"A:b:c", "{\"split\":\":\",\"index\":2}", "c"},
    {"A:b:c", "{\"split\":\":\",\"index\":3}", NULL},
    {"MIN:0.42", "{\"regex\":\"^MIN:([0-9.]+)\"}", "0.42"},
    {"MIN:0.42", "{\"regex\":\"^MIN:([0-9.]+)\",\"group\":0}", "MIN:0.42"},
    {"MAX:0.42", "{\"regex\":\"^MIN:([0-9.]+)\"}", NULL},
    {"MAX:0.42", "{\"regex\":\"^MIN:([0-9.]+)\",\"default\":1}", "1"},
    {"word:x", "{\"word\":true}", "word"},
    {"  text  ", "{\"text\":true}", "text"},
    {"x", "{\"header\":\"retry-after\"}", "7"},
    {"x", "{\"header\":\"x-price\",\"do\":[\"trim\"]}", "0.42"},
    {"x", "{\"header\":\"absent\",\"default\":\"5\"}", "5"},
    {"x", "{\"var\":\"service\"}", "tg"},
    {"x", "{\"var\":\"country\"}", NULL},
    {"x", "{\"const\":\"true\"}", "true"},
    {json_body, "{\"json\":\"$.phone\",\"do\":[\"digits\"]}", "7999"},
    {json_body, "{\"json\":\"$.n\"}", "12.50"},
    {json_body, "{\"json\":\"$.no\"}", NULL},
    {json_body, "{\"json\":\"$.e\"}", NULL},
    {json_body, "{\"json\":\"$.o\"}", NULL},
    {json_body, "{\"json\":\"$.list[-1]\"}", "b"},
    {json_body, "{\"json\":\"$.msg\",\"do\":[\"strip_html\"]}", "Code 77"},
    {json_body, "{\"json\":\"$.msg\",\"do\":[\"strip_html\",\"digits\"]}",
	"77"},
    {json_body, "{\"json\":\"$.n\",\"null_if\":[\"0\",12.50]}", NULL},
    {json_body, "{\"json\":\"$.n\",\"null_if\":\"12.50\",\"default\":\"x\"}",
	"x"},
    {json_body, "{\"json\":\"$.n\",\"map\":{\"12.50\":\"USD\"}}", "USD"},
    {json_body, "{\"json\":\"$.n\",\"map\":{\"13\":\"USD\"}}", "12.50"},
    {json_body, "{\"first\":[{\"json\":\"$.e\"},{\"json\":\"$.phone\"}]}",
	"+7 999"},
    {json_body, "{\"json\":\"$.msg\",\"after\":\"</b> \"}", "77"},
    {"'quoted'", "{\"text\":true,\"do\":[\"unquote\"]}", "quoted"},
    {"'", "{\"text\":true,\"do\":[\"unquote\"]}", "'"},
    {"ABC", "{\"text\":true,\"do\":[\"lower\"]}", "abc"},
    {"<a", "{\"text\":true,\"do\":[\"strip_html\"]}", NULL},
    {"60", "{\"text\":true,\"do\":[\"seconds_from_now\"]}",
	"1970-01-01T00:02:00.000000Z"},
    {"soon", "{\"text\":true,\"do\":[\"seconds_from_now\"]}", NULL},
};

static int64_t
one_minute(void)
{
	return 60 * CLOCK_SECOND;
}

static void
taken_as_described(void)
{
	struct values values = {{[VAR_SERVICE] = "tg"}};
	struct descriptor d = {0};
	struct scene s;

	scene_open(&s);
	clock_fake(one_minute, NULL);
	CU_ASSERT_EQUAL_FATAL(
	    scene_read(&s, "{\"before\":\":\"}", read_extractor, &d.rules.word),
	    OK);
	for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
		struct answer a = {.status = 200,
		    .headers = headers,
		    .header_count = 2,
		    .body = takes[i].body,
		    .body_len = strlen(takes[i].body)};
		struct extractor ex = {0};
		struct view w;
		const char *got;

		CU_ASSERT_EQUAL_FATAL(
		    scene_read(&s, takes[i].how, read_extractor, &ex), OK);
		view_open(&s.c, &d, &values, &a, &w);
		got = extract_text(&w, &ex);
		if (!text_eq(got, takes[i].want))
			printf("# %s: %s\n", takes[i].how,
			    got == NULL ? "(null)" : got);
		CU_ASSERT(text_eq(got, takes[i].want));
	}
	clock_fake(NULL, NULL);
	scene_close(&s);
}

static const char *const bad[] = {"{}", "[]", "\"$.a\"",
    "{\"json\":\"$.a\",\"header\":\"X\"}", "{\"do\":[\"trim\"]}",
    "{\"json\":\"$.a\",\"before\":\":\",\"after\":\":\"}",
    "{\"json\":\"$.a\",\"do\":[\"shout\"]}", "{\"text\":false}",
    "{\"regex\":\"(\"}", "{\"regex\":\"a\",\"group\":1}",
    "{\"json\":\"$.a\",\"as\":\"int\"}", "{\"var\":\"nonsense\"}",
    "{\"first\":[{\"json\":\"a\"}]}", "{\"json\":\"$.a\",\"default\":null}",
    "{\"json\":\"$.a\",\"map\":{\"1\":2}}", "{\"json\":\"$.a\",\"null_if\":[]}",
    "{\"split\":\":\",\"index\":-1}"};

static void
others_are_refused(void)
{
	struct scene s;

	scene_open(&s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct extractor ex = {0};
		enum err e = scene_read(&s, bad[i], read_extractor, &ex);

		if (e != ERR_BAD_INPUT)
			printf("# accepted: %s\n", bad[i]);
		CU_ASSERT_EQUAL(e, ERR_BAD_INPUT);
	}
	scene_close(&s);
}

SUITE("extract", {"an extractor takes what it describes", taken_as_described},
    {"what is no extractor is refused", others_are_refused})
