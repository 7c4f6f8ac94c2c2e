/* transform - the words of an extractor's "do". */
#ifndef PROVIDER_TRANSFORM_H
#define PROVIDER_TRANSFORM_H

struct arena;

struct transform {
	const char *name;
	const char *(*apply)(struct arena *mem, const char *text);
};

/* NULL when there is no such transform. */
const struct transform *transform_find(const char *name);

#endif
