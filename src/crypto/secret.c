#include "crypto/secret.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/law.h"

struct wipe {
	void *at;
	size_t n;
};

struct secret
secret_new(size_t size)
{
	struct secret s = {.size = size};

	law(sodium_init() >= 0);
	s.at = sodium_malloc(size);
	law(s.at != NULL);
	sodium_memzero(s.at, size);
	return s;
}

void
secret_free(struct secret *s)
{
	sodium_free(s->at); /* wipes; accepts NULL */
	*s = (struct secret){0};
}

void
secret_lock(const struct secret *s)
{
	law(sodium_mprotect_readonly(s->at) == 0);
}

static void
wipe(void *arg)
{
	struct wipe *w = arg;

	sodium_memzero(w->at, w->n);
}

void
secret_wipe_later(struct arena *mem, void *at, size_t n)
{
	struct wipe *w = arena_one(mem, struct wipe);

	w->at = at;
	w->n = n;
	arena_defer(mem, wipe, w);
}

void
secret_wipe(void *at, size_t n)
{
	sodium_memzero(at, n);
}

bool
secret_eq(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}
