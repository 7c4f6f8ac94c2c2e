/*
 * store_fixture - a migrated database of its own with a provider that sells
 * telegram in gb, and a user with 10.000000.
 */
#ifndef T_STORE_FIXTURE_H
#define T_STORE_FIXTURE_H

#include <string.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/id.h"
#include "base/law.h"
#include "base/text.h"
#include "harness/logbook.h"
#include "harness/scratch.h"
#include "harness/suite.h"
#include "io/db.h"
#include "store/activation_store.h"
#include "store/attempt_store.h"
#include "store/catalogue_store.h"
#include "store/provider_store.h"
#include "store/user_store.h"
#include "store/wallet_store.h"

struct store_fixture {
	struct ctx c;
	int64_t user;
	int64_t provider;
};

static inline void
must(enum err e)
{
	law(e == OK);
}

static inline int64_t
fixture_provider(struct store_fixture *f, const char *name)
{
	const struct provider_new p = {.name = name,
	    .dialect = "5sim",
	    .settings = "{\"base\": \"http://127.0.0.1\"}",
	    .secret = (const unsigned char *)"\0\1\2sealed",
	    .secret_size = 9,
	    .currency = "EUR",
	    .fx_rate = 1100000,
	    .priority = 100,
	    .enabled = true};
	int64_t id;

	must(provider_store_put(&f->c, &p, &id));
	return id;
}

static inline void
fixture_open(struct store_fixture *f)
{
	const struct price_line lines[] = {
	    {"telegram", "england", "any", 100000, 7, 0},
	    {"telegram", "england", "vodafone", 120000, 3, 0},
	    {"whatsapp", "usa", "", 300000, 9, 0},
	    {"nosuch", "england", "any", 1, 1, 0},
	};
	struct wallet_credit credit = {.kind = "deposit",
	    .amount = 10000000,
	    .actor = "test",
	    .reason = "",
	    .key = "start"};
	struct wallet_credited credited;
	struct user_row user;
	int64_t n;

	*f = (struct store_fixture){0};
	f->c.mem = arena_new("test", 16 << 20);
	must(scratch_open(&f->c));
	must(user_store_add(
	    &f->c, "ann@example.org", "x", USER_ROLE_USER, &user));
	credit.user = f->user = user.id;
	must(wallet_store_credit(&f->c, &credit, &credited));
	f->provider = fixture_provider(f, "alpha");
	must(provider_store_offers(
	    &f->c, f->provider, lines, 4, PRICE_LIST_WHOLE, &n));
	law(n == 3);
}

static inline void
fixture_close(struct store_fixture *f)
{
	scratch_close(&f->c);
	arena_free(&f->c.mem);
}

/* Reserve one number; its id, NULL when it was refused. */
static inline const char *
fixture_reserve(struct store_fixture *f, const char *key)
{
	char id[ID_SIZE];
	struct activation_new a = {.id = id,
	    .user = f->user,
	    .service = "telegram",
	    .country = "gb",
	    .operator= "",
	    .hold = 200000,
	    .door = "web",
	    .key = key,
	    .fingerprint = "print",
	    .reply = "replies:1"};
	const struct activation_reserved *row;
	struct list rows;

	id_new(id);
	must(activation_store_reserve(&f->c, &a, 1, 100, &rows));
	row = rows.at;
	return text_eq(row->status, "ok") ? row->id : NULL;
}

/* Begin to buy for the order that is due; what ends the attempt. */
static inline struct attempt_end
fixture_start(struct store_fixture *f)
{
	char id[ID_SIZE];
	const struct lease_order *order;
	const struct attempt_row *row;
	struct attempt_new a = {.id = id,
	    .provider = f->provider,
	    .service = "telegram",
	    .country = "england",
	    .operator= "any",
	    .max_cost = 150000,
	    .late_ms = 60000,
	    .seed = 7,
	    .decision = "{}"};
	struct list list;

	id_new(id);
	must(attempt_store_claim(&f->c, "test", 10, 30000, &list));
	law(list.n == 1);
	order = list.at;
	a.activation = order->activation_id;
	a.order_token = order->token;
	must(attempt_store_start(&f->c, &a, 1, 15000, &list));
	row = list.at;
	law(text_eq(row->status, "ok"));
	return (struct attempt_end){.id = row->attempt_id,
	    .token = row->token,
	    .cause = "test",
	    .upstream = row->attempt_id,
	    .phone = "+447700900123",
	    .cost = 110000};
}

/* A number that is ACTIVE; its id. */
static inline const char *
fixture_active(struct store_fixture *f)
{
	const char *id = fixture_reserve(f, "");
	struct attempt_end end = fixture_start(f);
	const struct attempt_row *row;
	struct list rows;

	must(attempt_store_activate(&f->c, &end, 1, &rows));
	row = rows.at;
	law(text_eq(row->status, "ok"));
	return id;
}

#endif
