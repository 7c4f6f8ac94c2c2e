#include "base/text.h"
#include "provider/path.h"
#include "unit/provider/scene.h"

static const char doc[] =
    "{\"a\":{\"b\":[10,20,30]},\"n\":null,\"tg\":5,\"e\":\"\",\"z\":0,"
    "\"sms\":[{\"code\":\"\",\"t\":1},{\"code\":\"x\",\"t\":2},"
    "{\"code\":null,\"t\":3},{\"t\":4},{\"code\":\"y\",\"t\":5}],"
    "\"map\":{\"0\":{\"v\":1},\"1\":{\"v\":2}}}";

/* A path, the first value and all of them. */
static const struct {
	const char *path;
	const char *first; /* NULL: nothing there */
	const char *all;
} paths[] = {
    {"$.a.b[0]", "10", "10 "},
    {"$.a.b[-1]", "30", "30 "},
    {"$.a.b[3]", NULL, ""},
    {"$.a.b[-4]", NULL, ""},
    {"$.a.b[*]", "10", "10 20 30 "},
    {"$.a.x", NULL, ""},
    {"$.n", NULL, ""},
    {"$.n.x[0]", NULL, ""},
    {"$.{service}", "5", "5 "},
    {"$.{country}", NULL, ""},
    {"$.sms[?nonempty(.code)].t", "2", "2 5 "},
    {"$.sms[*].t", "1", "1 2 3 4 5 "},
    {"$.sms[*].code", "", " x y "},
    {"$.map[*].v", "1", "1 2 "},
    {"$.z", "0", "0 "},
};

static void
values_are_found(void)
{
	struct values values = {{[VAR_SERVICE] = "tg"}};
	struct scene s;
	const struct js *root;

	scene_open(&s);
	root = scene_json(&s, doc);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *json = arena_fmt(s.mem, "\"%s\"", paths[i].path);
		const char *all = "";
		struct path p;
		struct list found;

		CU_ASSERT_EQUAL_FATAL(scene_read(&s, json, read_path, &p), OK);
		CU_ASSERT(
		    text_eq(js_scalar(&s.c, path_first(&p, &values, root)),
			paths[i].first));
		found = path_all(s.mem, &p, &values, root);
		for (size_t k = 0; k < found.n; k++)
			all = arena_fmt(s.mem, "%s%s ", all,
			    js_scalar(
				&s.c, ((const struct js *const *)found.at)[k]));
		if (!text_eq(all, paths[i].all))
			printf("# %s: %s\n", paths[i].path, all);
		CU_ASSERT(text_eq(all, paths[i].all));
	}
	scene_close(&s);
}

static const char *const bad[] = {"\"a\"", "\"$.\"", "\"$..a\"", "\"$[\"",
    "\"$[]\"", "\"$[a]\"", "\"$[*\"", "\"$[?(.a)]\"", "\"$[?nonempty(.)]\"",
    "\"$[?nonempty(.a]\"", "\"$.a b\"", "\"$.{x}\"", "\"$.{service\"", "\"$a\"",
    "\"\"", "1", "null", "\"$[9999]\"",
    "\"$.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a\""};

static void
others_are_refused(void)
{
	struct scene s;

	scene_open(&s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct path p;

		CU_ASSERT_EQUAL(
		    scene_read(&s, bad[i], read_path, &p), ERR_BAD_INPUT);
	}
	scene_close(&s);
}

SUITE("path",
    {"a path finds the first value and all of them", values_are_found},
    {"what is no path is refused", others_are_refused})
