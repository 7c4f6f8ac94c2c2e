#include "web/park.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/law.h"

#define BUCKETS  1024 /* power of two */
#define MEMORIES 1024

struct entry {
	char key[PARK_KEY_SIZE];
	uint64_t ticket;
	int64_t until;
	struct entry *next; /* of its bucket, or of the free list */
	size_t at;          /* its place in the heap */
};

struct memory {
	char key[PARK_KEY_SIZE];
	int64_t at;
};

struct park {
	pthread_mutex_t lock;
	struct entry *bucket[BUCKETS];
	struct entry *free;
	struct entry **heap; /* by deadline, earliest first */
	size_t count;
	struct memory memories[MEMORIES]; /* a ring */
	size_t memory_next;
};

struct park *
park_new(struct arena *mem, size_t capacity)
{
	struct park *p = arena_one(mem, struct park);
	struct entry *entries = arena_many(mem, struct entry, capacity);

	law(pthread_mutex_init(&p->lock, NULL) == 0);
	p->heap = arena_many(mem, struct entry *, capacity);
	for (size_t i = 0; i < capacity; i++) {
		entries[i].next = p->free;
		p->free = &entries[i];
	}
	return p;
}

static void
lock(struct park *p)
{
	law(pthread_mutex_lock(&p->lock) == 0);
}

static void
unlock(struct park *p)
{
	law(pthread_mutex_unlock(&p->lock) == 0);
}

/* FNV-1a */
static struct entry **
bucket_of(struct park *p, const char *key)
{
	uint32_t h = 2166136261U;

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * 16777619U;
	return &p->bucket[h & (BUCKETS - 1)];
}

static void
heap_put(struct park *p, size_t i, struct entry *e)
{
	p->heap[i] = e;
	e->at = i;
}

static void
heap_up(struct park *p, size_t i)
{
	struct entry *e = p->heap[i];

	for (; i > 0 && p->heap[(i - 1) / 2]->until > e->until; i = (i - 1) / 2)
		heap_put(p, i, p->heap[(i - 1) / 2]);
	heap_put(p, i, e);
}

static void
heap_down(struct park *p, size_t i)
{
	struct entry *e = p->heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < p->count &&
		    p->heap[child + 1]->until < p->heap[child]->until)
			child++;
		if (child >= p->count || p->heap[child]->until >= e->until)
			break;
		heap_put(p, i, p->heap[child]);
		i = child;
	}
	heap_put(p, i, e);
}

/* Take the entry out of everything; its ticket. */
static uint64_t
take(struct park *p, struct entry *e)
{
	struct entry **at = bucket_of(p, e->key);
	struct entry *last = p->heap[--p->count];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	if (last != e) {
		heap_put(p, e->at, last);
		heap_up(p, last->at);
		heap_down(p, last->at);
	}
	e->next = p->free;
	p->free = e;
	return e->ticket;
}

/* Use up a remembered wake-up of `key`. */
static bool
remembered(struct park *p, const char *key, int64_t now)
{
	for (size_t i = 0; i < MEMORIES; i++) {
		struct memory *m = &p->memories[i];

		if (m->key[0] == '\0' || strcmp(m->key, key) != 0)
			continue;
		m->key[0] = '\0';
		return now - m->at <= PARK_MEMORY;
	}
	return false;
}

static void
remember(struct park *p, const char *key, int64_t now)
{
	struct memory *m = &p->memories[p->memory_next++ % MEMORIES];

	(void)remembered(p, key, now); /* once is enough */
	memcpy(m->key, key, strlen(key) + 1);
	m->at = now;
}

static void
insert(struct park *p, const char *key, uint64_t ticket, int64_t until)
{
	struct entry **bucket = bucket_of(p, key);
	struct entry *e = p->free;

	p->free = e->next;
	memcpy(e->key, key, strlen(key) + 1);
	e->ticket = ticket;
	e->until = until;
	e->next = *bucket;
	*bucket = e;
	p->heap[p->count] = e;
	heap_up(p, p->count++);
}

enum park_result
park_add(struct park *p, const char *key, uint64_t ticket, int64_t now,
    int64_t until)
{
	enum park_result result = PARK_WAITS;

	law(strlen(key) < PARK_KEY_SIZE);
	lock(p);
	if (remembered(p, key, now))
		result = PARK_WOKEN;
	else if (p->free == NULL)
		result = PARK_FULL;
	else
		insert(p, key, ticket, until);
	unlock(p);
	return result;
}

size_t
park_wake(
    struct park *p, const char *key, int64_t now, uint64_t *tickets, size_t max)
{
	size_t n = 0;

	if (strlen(key) >= PARK_KEY_SIZE)
		return 0; /* nobody can wait for it */
	lock(p);
	for (struct entry *e = *bucket_of(p, key), *next; e != NULL && n < max;
	     e = next) {
		next = e->next;
		if (strcmp(e->key, key) == 0)
			tickets[n++] = take(p, e);
	}
	if (n == 0)
		remember(p, key, now);
	unlock(p);
	return n;
}

bool
park_due(struct park *p, int64_t now, uint64_t *ticket)
{
	bool is_due;

	lock(p);
	is_due = p->count > 0 && p->heap[0]->until <= now;
	if (is_due)
		*ticket = take(p, p->heap[0]);
	unlock(p);
	return is_due;
}

void
park_remove(struct park *p, uint64_t ticket)
{
	lock(p);
	for (size_t i = 0; i < p->count; i++)
		if (p->heap[i]->ticket == ticket) {
			(void)take(p, p->heap[i]);
			break;
		}
	unlock(p);
}

int64_t
park_next(struct park *p)
{
	int64_t next;

	lock(p);
	next = p->count == 0 ? 0 : p->heap[0]->until;
	unlock(p);
	return next;
}

size_t
park_count(struct park *p)
{
	size_t n;

	lock(p);
	n = p->count;
	unlock(p);
	return n;
}

bool
park_is_full(struct park *p)
{
	bool is_full;

	lock(p);
	is_full = p->free == NULL;
	unlock(p);
	return is_full;
}
