#include "web/limiter.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "base/law.h"

#define PROBES 8

struct slot {
	_Atomic uint64_t subject; /* its hash, 0 when free */
	_Atomic int64_t tat;
};

struct limiter {
	size_t size; /* bytes mapped */
	size_t mask;
	uint64_t seed; /* nobody outside can choose what collides */
	struct slot slots[];
};

struct limiter *
limiter_open(size_t slots)
{
	struct limiter *l;
	size_t n = PROBES;
	size_t size;

	while (n < slots)
		n *= 2;
	size = sizeof(*l) + n * sizeof(struct slot);
	l = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	    -1, 0);
	if (l == MAP_FAILED)
		return NULL;
	l->size = size;
	l->mask = n - 1;
	law(getrandom(&l->seed, sizeof(l->seed), 0) == sizeof(l->seed));
	return l;
}

void
limiter_close(struct limiter **l)
{
	if (*l != NULL)
		(void)munmap(*l, (*l)->size); /* cannot fail for its own map */
	*l = NULL;
}

/* FNV-1a over seed and text, finished as in splitmix64. */
static uint64_t
hash(const struct limiter *l, const char *s)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ l->seed;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	h ^= h >> 31;
	return h == 0 ? 1 : h;
}

/*
 * The slot of this subject, new if need be. Two processes that add subjects
 * at the same moment may share a slot for one request; a limit is not money.
 */
static struct slot *
slot_of(struct limiter *l, const char *subject)
{
	uint64_t h = hash(l, subject);
	struct slot *oldest = &l->slots[h & l->mask];

	for (size_t i = 0; i < PROBES; i++) {
		struct slot *s = &l->slots[(h + i) & l->mask];

		if (s->subject == h)
			return s;
		if (s->tat < oldest->tat)
			oldest = s;
	}
	oldest->tat = 0;
	oldest->subject = h;
	return oldest;
}

bool
limiter_take(struct limiter *l, const char *subject,
    const struct limit_rule *rule, int64_t now, int64_t *retry_us)
{
	struct slot *s = slot_of(l, subject);
	int64_t step = rule->period_us / rule->count;
	int64_t most = now + rule->count * step;
	int64_t before = s->tat;
	int64_t after;

	do {
		after = before < now ? now : before;
		if (after > most)
			after = most; /* the limit was lowered meanwhile */
		after += step;
		if (after > most) {
			*retry_us = after - most;
			return false;
		}
	} while (!atomic_compare_exchange_weak(&s->tat, &before, after));
	return true;
}

void
limiter_net(const char *ip, char out[LIMITER_NET_SIZE])
{
	unsigned char a[16];

	if (ip != NULL && inet_pton(AF_INET, ip, a) == 1)
		(void)snprintf(out, LIMITER_NET_SIZE, "%u.%u.%u.%u", a[0], a[1],
		    a[2], a[3]);
	else if (ip != NULL && inet_pton(AF_INET6, ip, a) == 1)
		(void)snprintf(out, LIMITER_NET_SIZE,
		    "%02x%02x:%02x%02x:%02x%02x:%02x%02x", a[0], a[1], a[2],
		    a[3], a[4], a[5], a[6], a[7]);
	else
		(void)snprintf(out, LIMITER_NET_SIZE, "?");
}
