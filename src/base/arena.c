#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define BLOCK_SIZE 8192

struct block {
	struct block *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) unsigned char data[];
};

struct deferred {
	struct deferred *next;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	const char *name;
	size_t limit;
	size_t total;
	struct block *head;
	struct deferred *deferred;
};

static _Noreturn void
arena_die(const struct arena *a, const char *why)
{
	log_ev(NULL, LEVEL_ERROR, "panic", L_STR("arena", a->name),
	    L_STR("why", why));
	abort();
}

struct arena *
arena_new(const char *name, size_t limit)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		abort();
	a->name = name;
	a->limit = limit;
	return a;
}

void
arena_reset(struct arena *a)
{
	for (struct deferred *d = a->deferred; d != NULL; d = d->next)
		d->fn(d->arg);
	a->deferred = NULL;

	for (struct block *b = a->head, *next; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->head = NULL;
	a->total = 0;
}

void
arena_free(struct arena **a)
{
	if (*a == NULL)
		return;
	arena_reset(*a);
	free(*a);
	*a = NULL;
}

static struct block *
arena_grow(struct arena *a, size_t need)
{
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
	struct block *b;

	if (need > a->limit || a->total > a->limit - need)
		arena_die(a, "limit reached");
	b = calloc(1, sizeof(*b) + size);
	if (b == NULL)
		arena_die(a, "out of memory");
	b->size = size;
	b->next = a->head;
	a->head = b;
	a->total += size;
	return b;
}

void *
arena_alloc(struct arena *a, size_t count, size_t size)
{
	size_t need;
	void *p;

	if (__builtin_mul_overflow(count, size, &need) ||
	    __builtin_add_overflow(need, sizeof(max_align_t) - 1, &need))
		arena_die(a, "size overflow");
	need -= need % sizeof(max_align_t);

	if (a->head == NULL || a->head->size - a->head->used < need)
		arena_grow(a, need);
	p = a->head->data + a->head->used;
	a->head->used += need;
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1, 1);

	memcpy(p, s, n);
	return p;
}

char *
arena_dup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *
arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		arena_die(a, "bad format");

	p = arena_alloc(a, (size_t)n + 1, 1);
	va_start(ap, fmt);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct deferred *d = arena_one(a, struct deferred);

	d->fn = fn;
	d->arg = arg;
	d->next = a->deferred;
	a->deferred = d;
}
