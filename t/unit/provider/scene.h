/* scene - memory and context of one provider test. */
#ifndef T_PROVIDER_SCENE_H
#define T_PROVIDER_SCENE_H

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "harness/suite.h"
#include "io/js.h"
#include "provider/reader.h"

struct scene {
	struct arena *mem;
	struct ctx c;
};

static inline void
scene_open(struct scene *s)
{
	*s = (struct scene){.mem = arena_new("test", (size_t)64 << 20)};
	s->c.mem = s->mem;
}

static inline void
scene_close(struct scene *s)
{
	arena_free(&s->mem);
}

static inline const struct js *
scene_json(struct scene *s, const char *text)
{
	const struct js *v = NULL;

	if (js_parse(&s->c, text, strlen(text), &v) != OK)
		printf("# %s: %s\n", text, s->c.err_why);
	return v;
}

/* Read a piece of the descriptor language. */
static inline enum err
scene_read(struct scene *s, const char *text, read_fn *read, void *at)
{
	struct reader r = {.c = &s->c, .file = "test"};

	return read(&r, scene_json(s, text), NULL, at);
}

#endif
