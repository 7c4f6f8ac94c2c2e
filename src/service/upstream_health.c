#include "service/upstream_health.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"
#include "service/upstream.h"
#include "store/provider_store.h"

#define MAX_ACCOUNTS 256
#define MAX_STREAK   5 /* transport faults in a row, then a pause */
#define PAUSE_US     (10 * CLOCK_SECOND)
#define SICK_US      (60 * CLOCK_SECOND) /* no money, wrong key, banned */

struct account {
	int64_t id;
	int64_t until;
	int streak;
};

struct upstream_health {
	pthread_mutex_t lock;
	struct account at[MAX_ACCOUNTS];
	size_t n;
};

struct upstream_health *
upstream_health_new(struct arena *mem)
{
	struct upstream_health *h = arena_one(mem, struct upstream_health);

	law(pthread_mutex_init(&h->lock, NULL) == 0);
	return h;
}

/* With the lock held. An account beyond the last place is not watched. */
static struct account *
find(struct upstream_health *h, int64_t id)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].id == id)
			return &h->at[i];
	if (h->n == MAX_ACCOUNTS)
		return NULL;
	h->at[h->n].id = id;
	return &h->at[h->n++];
}

int64_t
upstream_health_until(struct upstream_health *h, int64_t id)
{
	struct account *a;
	int64_t until;

	(void)pthread_mutex_lock(&h->lock);
	a = find(h, id);
	until = a != NULL ? a->until : 0;
	(void)pthread_mutex_unlock(&h->lock);
	return until;
}

/* How long to stay away for one more `action`; 0 not at all. */
static int64_t
pause_for(struct account *a, enum fault_action action, const struct outcome *o)
{
	switch (action) {
	case ACTION_DISABLE:
		return SICK_US;
	case ACTION_BREAK:
		return o->until > clock_now() ? o->until - clock_now() :
						SICK_US;
	case ACTION_BACK_OFF:
		return o->retry_after > 0 ? o->retry_after : PAUSE_US;
	case ACTION_RECONCILE:
	case ACTION_RETRY:
		return ++a->streak >= MAX_STREAK ? PAUSE_US : 0;
	case ACTION_NONE:
	case ACTION_FAIL_OVER:
	case ACTION_SETTLE:
	case ACTION_GIVE_UP:
		a->streak = 0;
		return 0;
	}
	return 0;
}

/* The operator sees it in the list of providers; losing the note is no
 * failure of the call. */
static void
tell(struct ctx *c, const struct upstream *u, enum fault_action action,
    const struct outcome *o)
{
	const char *state = action == ACTION_DISABLE ? "down" : "degraded";

	log_ev(c, LEVEL_WARN, "provider.paused", L_STR("provider", u->name),
	    L_STR("fault", fault_name(o->fault)), L_STR("rule", o->rule));
	if (provider_store_down(c, u->id, state, fault_text(o->fault)) != OK)
		ctx_forgive(c);
}

void
upstream_health_note(struct ctx *c, struct upstream_health *h,
    const struct upstream *u, enum upstream_op op, const struct outcome *o)
{
	enum fault_action action = fault_action(o->fault, op);
	int64_t pause = 0;
	bool begins = false;
	struct account *a;

	(void)pthread_mutex_lock(&h->lock);
	a = find(h, u->id);
	if (a != NULL)
		pause = pause_for(a, action, o);
	if (pause > 0) {
		begins = a->until < clock_mono();
		a->until = clock_mono() + pause;
	}
	(void)pthread_mutex_unlock(&h->lock);
	if (begins)
		tell(c, u, action, o);
}
