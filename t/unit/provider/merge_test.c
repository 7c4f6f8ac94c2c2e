#include "base/buf.h"
#include "base/text.h"
#include "provider/merge.h"
#include "unit/provider/scene.h"

static const struct {
	const char *base;
	const char *over;
	const char *want; /* NULL is refused */
} merges[] = {
    {"{}", "{}", "{}"},
    {"{\"a\":1}", "{}", "{\"a\":1}"},
    {"{\"a\":1}", "{\"b\":2}", "{\"a\":1,\"b\":2}"},
    {"{\"a\":1,\"b\":2}", "{\"a\":3}", "{\"a\":3,\"b\":2}"},
    {"{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"y\":3,\"z\":4}}",
	"{\"a\":{\"x\":1,\"y\":3,\"z\":4}}"},
    {"{\"a\":1,\"b\":2}", "{\"a\":null}", "{\"b\":2}"},
    {"{\"a\":1}", "{\"b\":null}", "{\"a\":1}"},
    {"{\"a\":[1,2]}", "{\"a\":[3]}", "{\"a\":[3]}"},
    {"{\"a\":[1,2]}", "{\"a\":{\"$prepend\":[3]}}", "{\"a\":[3,1,2]}"},
    {"{\"a\":[]}", "{\"a\":{\"$prepend\":[3,4]}}", "{\"a\":[3,4]}"},
    {"{\"a\":[1]}", "{\"a\":{\"$prepend\":[]}}", "{\"a\":[1]}"},
    {"{\"a\":1}", "{\"a\":{\"x\":1}}", "{\"a\":{\"x\":1}}"},
    {"{\"a\":{\"x\":1}}", "{\"a\":\"s\"}", "{\"a\":\"s\"}"},
    {"{\"a\":1}", "{\"a\":{\"$prepend\":[3]}}", NULL},
    {"{}", "{\"a\":{\"$prepend\":[3]}}", NULL},
    {"{\"a\":[1]}", "{\"a\":{\"$prepend\":3}}", NULL},
    {"{\"a\":[1]}", "{\"a\":{\"$prepend\":[3],\"b\":1}}", NULL},
};

static void
laid_over_its_base(void)
{
	struct scene s;

	scene_open(&s);
	for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
		const struct js *out = NULL;
		const char *got = NULL;
		struct buf b;

		buf_init(&b, s.mem);
		if (merge_apply(&s.c, scene_json(&s, merges[i].base),
			scene_json(&s, merges[i].over), &out) == OK) {
			js_print(&b, out);
			got = b.at;
		}
		if (!text_eq(got, merges[i].want))
			printf("# %s over %s: %s\n", merges[i].over,
			    merges[i].base, got == NULL ? "(refused)" : got);
		CU_ASSERT(text_eq(got, merges[i].want));
	}
	scene_close(&s);
}

SUITE("merge", {"a tree is laid over its base", laid_over_its_base})
