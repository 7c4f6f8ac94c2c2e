#include "service/upstream.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"
#include "base/money.h"
#include "conf/conf.h"
#include "crypto/seal.h"
#include "crypto/vault.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/upstream_health.h"
#include "service/upstream_settings.h"
#include "store/provider_store.h"

#define SET_ARENA ((size_t)32 << 20)
#define CHECK_US  CLOCK_SECOND /* how often the version is looked at */
/* A call waits no longer for its turn: with the timeouts of our descriptors
 * that is less than what any task claims its rows for. */
#define WAIT_US (20 * CLOCK_SECOND)

/* One reading of the providers table. */
struct upstream_set {
	struct arena *mem;
	struct upstream *at;
	size_t n;
	int64_t version;
	atomic_int holders;
};

struct upstreams {
	struct arena *mem;
	pthread_mutex_t lock;
	struct upstream_set *now; /* NULL before the first reading */
	int64_t checked_at;
	struct upstream_health *health;
};

struct upstreams *
upstreams_new(void)
{
	struct arena *mem = arena_new("upstreams", 1 << 20);
	struct upstreams *u = arena_one(mem, struct upstreams);

	u->mem = mem;
	u->health = upstream_health_new(mem);
	law(pthread_mutex_init(&u->lock, NULL) == 0);
	return u;
}

static void
set_release(struct upstream_set *set)
{
	struct arena *mem;

	if (set == NULL || atomic_fetch_sub(&set->holders, 1) > 1)
		return;
	mem = set->mem;
	arena_free(&mem);
}

void
upstreams_free(struct upstreams **u)
{
	struct arena *mem;

	if (*u == NULL)
		return;
	set_release((*u)->now);
	(void)pthread_mutex_destroy(&(*u)->lock);
	mem = (*u)->mem;
	*u = NULL;
	arena_free(&mem);
}

/* The secret belongs to the set's memory, which is wiped with it. */
static enum err
open_key(struct ctx *c, const struct provider_row *row, const char **out)
{
	const struct seal_place place = {"providers", row->name, "secret"};
	struct sealed sealed = {0};

	*out = "";
	if (row->secret == NULL)
		return OK;
	TRY(provider_store_secret(c, row, &sealed.at, &sealed.size));
	return vault_unseal(c, &place, &sealed, out);
}

static enum err
load_one(struct ctx *c, const struct provider_row *row, struct upstream *u)
{
	struct upstream_settings *settings = NULL;

	*u = (struct upstream){.id = row->id,
	    .name = arena_dup(c->mem, row->name),
	    .currency = arena_dup(c->mem, row->currency),
	    .fx_rate = row->fx_rate,
	    .enabled = row->enabled};
	TRY(upstream_settings_read(c, row->settings, &settings));
	u->base = settings->base;
	TRY(open_key(c, row, &u->key));
	TRY(descriptor_load(
	    c, c->conf->provider_descriptors, row->dialect, &u->descriptor));
	u->limits = upstream_settings_limits(settings, &u->descriptor->limits);
	return OK;
}

/* A provider that cannot be read is left out and told of, not the others. */
static enum err
set_load(struct ctx *c, struct upstreams *of, struct upstream_set *set)
{
	struct ctx own = *c;
	struct list rows = {0};

	own.mem = set->mem;
	TRY(provider_store_version(c, &set->version));
	TRY(provider_store_list(&own, &rows));
	set->at = arena_many(set->mem, struct upstream, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct provider_row *row =
		    &((const struct provider_row *)rows.at)[i];
		struct upstream *u = &set->at[set->n];

		if (load_one(&own, row, u) == OK) {
			u->of = of;
			u->set = set;
			set->n++;
			continue;
		}
		log_ev(c, LEVEL_ERROR, "provider.unusable",
		    L_STR("provider", row->name), L_STR("why", own.err_why));
		ctx_forgive(&own);
	}
	return OK;
}

static bool
is_time(struct upstreams *u)
{
	bool due;

	(void)pthread_mutex_lock(&u->lock);
	due = u->now == NULL || clock_mono() - u->checked_at >= CHECK_US;
	if (due)
		u->checked_at = clock_mono();
	(void)pthread_mutex_unlock(&u->lock);
	return due;
}

/* The present set may go as soon as the lock does: only compared under it. */
static bool
is_current(struct upstreams *u, int64_t version)
{
	bool current;

	(void)pthread_mutex_lock(&u->lock);
	current = u->now != NULL && u->now->version == version;
	(void)pthread_mutex_unlock(&u->lock);
	return current;
}

enum err
upstreams_refresh(struct ctx *c)
{
	struct upstreams *u = c->upstreams;
	struct upstream_set *set;
	struct upstream_set *old;
	struct arena *mem;
	int64_t version = 0;
	enum err e;

	if (!is_time(u))
		return OK;
	TRY(provider_store_version(c, &version));
	if (is_current(u, version))
		return OK;
	mem = arena_new("upstream set", SET_ARENA);
	set = arena_one(mem, struct upstream_set);
	set->mem = mem;
	atomic_init(&set->holders, 1);
	e = set_load(c, u, set);
	if (e != OK) {
		set_release(set);
		return e;
	}
	(void)pthread_mutex_lock(&u->lock);
	old = u->now;
	u->now = set;
	(void)pthread_mutex_unlock(&u->lock);
	set_release(old);
	return OK;
}

/* Take one hold more on the present set; NULL when there is none yet. */
static struct upstream_set *
set_hold(struct upstreams *u, int more)
{
	struct upstream_set *set;

	(void)pthread_mutex_lock(&u->lock);
	set = u->now;
	if (set != NULL)
		(void)atomic_fetch_add(&set->holders, more);
	(void)pthread_mutex_unlock(&u->lock);
	return set;
}

enum err
upstream_list(struct ctx *c, const struct upstream ***out, size_t *n)
{
	struct upstream_set *set;

	TRY(upstreams_refresh(c));
	set = set_hold(c->upstreams, 1);
	law(set != NULL); /* a refresh without error has read one */
	(void)atomic_fetch_add(&set->holders, (int)set->n);
	*out = arena_many(c->mem, const struct upstream *, set->n + 1);
	for (size_t i = 0; i < set->n; i++)
		(*out)[i] = &set->at[i];
	*n = set->n;
	set_release(set);
	return OK;
}

const struct upstream *
upstream_hold(struct ctx *c, int64_t id)
{
	struct upstream_set *set = set_hold(c->upstreams, 1);

	for (size_t i = 0; set != NULL && i < set->n; i++)
		if (set->at[i].id == id)
			return &set->at[i];
	set_release(set);
	return NULL;
}

void
upstream_release(const struct upstream *u)
{
	if (u != NULL)
		set_release(u->set);
}

int64_t
upstream_blocked_until(struct ctx *c, int64_t id)
{
	return upstream_health_until(c->upstreams->health, id);
}

void
upstream_note(struct ctx *c, const struct upstream *u, enum upstream_op op,
    const struct outcome *o)
{
	upstream_health_note(c, u->of->health, u, op, o);
}

int64_t
upstream_cost(int64_t fx_rate, int64_t native)
{
	int64_t cost = UPSTREAM_COST_MAX;

	if (!money_scale_up(native, fx_rate, MONEY_ONE, &cost) ||
	    cost > UPSTREAM_COST_MAX)
		return UPSTREAM_COST_MAX;
	return cost;
}

static const struct errand_header *
copy_headers(struct errand *errand, const struct call *call)
{
	struct errand_header *list = arena_many(
	    errand->mem, struct errand_header, call->header_count + 1);

	for (size_t i = 0; i < call->header_count; i++)
		list[i] = (struct errand_header){
		    call->headers[i].name, call->headers[i].value};
	return list;
}

static enum errand_rank
rank_of(enum upstream_op op)
{
	switch (op) {
	case OP_BUY:
		return ERRAND_BUY;
	case OP_CANCEL:
	case OP_FINISH:
	case OP_RESEND:
	case OP_BAN:
		return ERRAND_ASK;
	case OP_PRICES:
		return ERRAND_SYNC;
	case OP_BALANCE:
	case OP_STATUS:
	case OP_LIST_ACTIVE:
	case OP_HISTORY:
	case OP_POLL_BATCH:
	case OP__MAX:
		break;
	}
	return ERRAND_POLL;
}

enum err
upstream_errand(struct ctx *c, const struct upstream *u, enum upstream_op op,
    const struct vars *v, struct errand **out)
{
	struct errand *errand = errand_new();
	struct ctx own = *c;
	struct vars vars = *v;
	struct call call;
	enum err e;

	own.mem = errand->mem;
	vars.base = u->base;
	vars.key = u->key;
	e = engine_request(&own, u->descriptor, op, &vars, &call);
	if (e != OK) {
		e = fail(c, e, "%s: %s", u->name, own.err_why);
		errand_free(&errand);
		return e;
	}
	errand->method = call.method;
	errand->url = call.url;
	errand->body = call.body;
	errand->body_size = call.body_len;
	errand->headers = copy_headers(errand, &call);
	errand->header_count = call.header_count;
	errand->timeout_ms = (int)(call.timeout / CLOCK_MS);
	errand->max_body = call.max_body;
	errand->paid = call.paid;
	errand->account = u->id;
	errand->limits = u->limits;
	errand->rank = rank_of(op);
	errand->over_by = clock_mono() + call.timeout + WAIT_US;
	*out = errand;
	return OK;
}

void
upstream_read(struct ctx *c, const struct upstream *u, enum upstream_op op,
    const struct vars *v, const struct errand *errand, struct outcome *out)
{
	struct pair *headers =
	    arena_many(c->mem, struct pair, errand->answer_header_count + 1);
	struct answer answer = {.status = errand->status,
	    .headers = headers,
	    .header_count = errand->answer_header_count,
	    .body = errand->answer,
	    .body_len = errand->answer_size};

	if (errand->result == ERRAND_ANSWERED) {
		for (size_t i = 0; i < errand->answer_header_count; i++)
			headers[i] =
			    (struct pair){errand->answer_headers[i].name,
				errand->answer_headers[i].value};
		engine_read(c, u->descriptor, op, v, &answer, out);
	} else {
		engine_no_answer(errand->result == ERRAND_NOT_SENT ?
			SENT_NOTHING :
			SENT_MAYBE,
		    out);
	}
	if (!errand->missed) /* that tells of our limits, not of the account */
		upstream_note(c, u, op, out);
}
