/* Reservations that share a transaction, on a real PostgreSQL and Redis. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "harness/scratch_redis.h"
#include "io/kv.h"
#include "service/lease.h"
#include "service/reserve.h"
#include "unit/store/store_fixture.h"

#define MOST   400
#define SOON   (10 * CLOCK_SECOND)
#define NOBODY INT64_C(999999999)

/* A request that asks for a number; `told` counts its wake-ups. */
struct asked {
	struct ctx c;
	char id[ID_SIZE];
	struct reservation *r;
	struct activation_reserved row;
	enum err e;
	_Atomic int told;
};

static struct store_fixture f;
static struct scratch_redis redis;
static struct conf conf;
static struct asked asked[MOST];
static size_t asked_count;
static const char *door;
static int64_t time_left;

static void
tell(void *arg, const char *key)
{
	law(arg == &f);
	for (size_t i = 0; i < asked_count; i++)
		if (text_eq(asked[i].id, key))
			asked[i].told++;
}

static void
start(void)
{
	fixture_open(&f);
	conf_defaults(&f.c, &conf);
	f.c.conf = &conf;
	scratch_redis_open(&redis);
	must(kv_pool_open(&f.c, redis.socket, 2, 2000, &f.c.kv));
	must(reserver_open(&f.c, tell, &f));
	asked_count = 0;
	door = "web";
	time_left = SOON;
}

static void
stop(void)
{
	for (size_t i = 0; i < asked_count; i++)
		arena_free(&asked[i].c.mem);
	reserver_close(&f.c);
	kv_pool_close(&f.c.kv);
	scratch_redis_close(&redis);
	fixture_close(&f);
}

/* Another user, with so much money. */
static int64_t
user_with(const char *email, int64_t amount)
{
	struct wallet_credit credit = {.kind = "deposit",
	    .amount = amount,
	    .actor = "test",
	    .reason = "",
	    .key = email};
	struct wallet_credited credited;
	struct user_row user;

	must(user_store_add(&f.c, email, "x", USER_ROLE_USER, &user));
	credit.user = user.id;
	if (amount > 0)
		must(wallet_store_credit(&f.c, &credit, &credited));
	return user.id;
}

static enum err
submit(struct asked *a, int64_t user, const char *service, const char *key)
{
	struct lease_ask ask = {.service = service,
	    .country = "gb",
	    .door = door,
	    .key = key,
	    .reply_list = "reply:1"};

	a->c = f.c;
	a->c.mem = arena_new("asked", 1 << 20);
	a->c.user = user;
	a->c.deadline = clock_mono() + time_left;
	a->told = 0;
	id_new(a->id);
	return reserve_submit(&a->c, &ask, service, a->id, 0, &a->r);
}

static struct asked *
begin(int64_t user, const char *service, const char *key)
{
	struct asked *a = &asked[asked_count];

	must(submit(a, user, service, key));
	asked_count++;
	return a;
}

/* The answer, waited for. */
static enum err
answer(struct asked *a)
{
	int64_t end = clock_mono() + SOON;
	bool is_decided = false;

	for (;;) {
		a->e = reserve_result(&a->c, a->r, &a->row, &is_decided);
		if (is_decided)
			return a->e;
		law(clock_mono() < end);
		(void)poll(NULL, 0, 1);
	}
}

static const char *
status(struct asked *a)
{
	enum err e = answer(a);

	return e == OK ? a->row.status : err_row(e)->name;
}

/* -- somebody who locks a wallet, so that its reservation waits */
struct locker {
	pthread_t thread;
	int64_t user;
	_Atomic bool has_it, let_go;
};

static enum err
lock_wallet(struct ctx *c, void *arg)
{
	struct locker *l = arg;

	TRY(db_run_script(c,
	    arena_fmt(c->mem,
		"SELECT FROM numlease.wallets WHERE user_id = %lld FOR UPDATE",
		(long long)l->user)));
	l->has_it = true;
	while (!l->let_go)
		(void)poll(NULL, 0, 1);
	return OK;
}

static void *
locker_main(void *arg)
{
	struct ctx c = f.c;

	c.mem = arena_new("locker", 1 << 20);
	must(db_tx(&c, lock_wallet, arg));
	arena_free(&c.mem);
	return NULL;
}

/* The condition holds in the database. */
static bool
holds(const char *condition)
{
	enum err e = db_run_script(&f.c,
	    arena_fmt(f.c.mem,
		"DO $$ BEGIN IF NOT (%s) THEN RAISE 'no'; END IF; END $$",
		condition));

	ctx_forgive(&f.c);
	return e == OK;
}

/* So many committers wait for the wallet; with all of them what is asked from
 * now on gathers. */
static void
hold_up(struct locker *l, int committers)
{
	*l = (struct locker){.user = user_with("slow@example.org", 10000000)};
	law(pthread_create(&l->thread, NULL, locker_main, l) == 0);
	while (!l->has_it)
		(void)poll(NULL, 0, 1);
	for (int i = 1; i <= committers; i++) {
		(void)begin(l->user, "telegram", NULL);
		while (!holds(arena_fmt(f.c.mem,
		    "(SELECT count(*) = %d FROM pg_stat_activity "
		    "WHERE wait_event_type = 'Lock')",
		    i)))
			(void)poll(NULL, 0, 1);
	}
}

static void
go_on(struct locker *l)
{
	l->let_go = true;
	law(pthread_join(l->thread, NULL) == 0);
}

static void
each_has_its_answer(void)
{
	struct locker slow;
	int64_t poor;
	struct asked *all[6];

	start();
	poor = user_with("poor@example.org", 0);
	hold_up(&slow, RESERVE_THREADS);
	all[0] = begin(f.user, "telegram", "one");
	all[1] = begin(f.user, "telegram", "one");
	all[2] = begin(f.user, "whatsapp", "one");
	all[3] = begin(poor, "telegram", NULL);
	all[4] = begin(NOBODY, "telegram", NULL);
	all[5] = begin(f.user, "telegram", NULL);
	go_on(&slow);
	CU_ASSERT_STRING_EQUAL(status(all[0]), "ok");
	CU_ASSERT_STRING_EQUAL(status(all[1]), "replay");
	CU_ASSERT_STRING_EQUAL(all[1]->row.id, all[0]->id);
	CU_ASSERT_STRING_EQUAL(status(all[2]), "no_numbers");
	CU_ASSERT_STRING_EQUAL(status(all[3]), "no_funds");
	CU_ASSERT_STRING_EQUAL(status(all[4]), "not_found");
	CU_ASSERT_STRING_EQUAL(status(all[5]), "ok");
	CU_ASSERT(holds("(SELECT count(*) = 2 AND count(DISTINCT xmin::text) "
			"= 1 FROM numlease.activations WHERE user_id = (SELECT "
			"id FROM numlease.users WHERE email = "
			"'ann@example.org'))"));
	CU_ASSERT_STRING_EQUAL(status(&asked[0]), "ok");
	stop();
}

/* Whoever was found waiting is told of success, too; see lease_reserved(). */
static void
tells_what_must_be_known(void)
{
	struct locker slow;
	struct asked *refused;
	struct asked *quiet;
	bool is_decided;

	start();
	hold_up(&slow, RESERVE_THREADS);
	refused = begin(NOBODY, "telegram", NULL);
	quiet = begin(f.user, "telegram", NULL);
	CU_ASSERT_EQUAL(
	    reserve_result(&asked[0].c, asked[0].r, &asked[0].row, &is_decided),
	    OK);
	CU_ASSERT(!is_decided);
	go_on(&slow);
	reserver_close(&f.c);
	CU_ASSERT_EQUAL(refused->told, 1);
	CU_ASSERT_EQUAL(asked[0].told, 1);
	CU_ASSERT_EQUAL(quiet->told, 0);
	CU_ASSERT_STRING_EQUAL(status(refused), "not_found");
	CU_ASSERT_STRING_EQUAL(status(&asked[0]), "ok");
	CU_ASSERT_STRING_EQUAL(status(quiet), "ok");
	stop();
}

static void
one_fails_alone(void)
{
	struct locker slow;
	struct asked *all[3];

	start();
	must(db_run_script(&f.c,
	    "CREATE FUNCTION numlease.bad() RETURNS trigger LANGUAGE plpgsql "
	    "AS $$ BEGIN IF NEW.door = 'bad' THEN RAISE 'bad'; END IF; "
	    "RETURN NEW; END $$;"
	    "CREATE TRIGGER bad BEFORE INSERT ON numlease.activations "
	    "FOR EACH ROW EXECUTE FUNCTION numlease.bad()"));
	hold_up(&slow, RESERVE_THREADS);
	all[0] = begin(f.user, "telegram", NULL);
	door = "bad";
	all[1] = begin(f.user, "telegram", NULL);
	door = "web";
	all[2] = begin(f.user, "telegram", NULL);
	go_on(&slow);
	CU_ASSERT_STRING_EQUAL(status(all[0]), "ok");
	CU_ASSERT_STRING_EQUAL(status(all[1]), "internal");
	CU_ASSERT_STRING_EQUAL(status(all[2]), "ok");
	CU_ASSERT(logbook_has("reserve.singly"));
	CU_ASSERT(holds("(SELECT held = 2 * (SELECT min(price) FROM "
			"numlease.activations) FROM numlease.wallets w JOIN "
			"numlease.users u ON u.id = w.user_id AND "
			"u.email = 'ann@example.org')"));
	stop();
}

static void
hung_up(void)
{
	struct locker slow;
	struct asked *gone;

	start();
	hold_up(&slow, RESERVE_THREADS);
	gone = begin(f.user, "telegram", "kept");
	arena_free(&gone->c.mem);
	go_on(&slow);
	CU_ASSERT_STRING_EQUAL(
	    status(begin(f.user, "telegram", "kept")), "replay");
	CU_ASSERT_EQUAL(gone->told, 0);
	stop();
}

static void
the_end_waits(void)
{
	struct locker slow;
	struct asked late;

	start();
	hold_up(&slow, RESERVE_THREADS);
	for (int i = 0; i < 5; i++)
		(void)begin(f.user, "telegram", NULL);
	go_on(&slow);
	reserver_close(&f.c);
	for (size_t i = 0; i < asked_count; i++) {
		bool is_decided;

		CU_ASSERT_EQUAL(reserve_result(&asked[i].c, asked[i].r,
				    &asked[i].row, &is_decided),
		    OK);
		CU_ASSERT(is_decided);
	}
	CU_ASSERT_EQUAL(
	    submit(&late, f.user, "telegram", NULL), ERR_UNAVAILABLE);
	arena_free(&late.c.mem);
	stop();
}

static void
no_server(void)
{
	start();
	CU_ASSERT_STRING_EQUAL(
	    status(begin(f.user, "telegram", "again")), "ok");
	scratch_stop();
	logbook_expect("db.down");
	CU_ASSERT_STRING_EQUAL(
	    status(begin(f.user, "telegram", "again")), "unavailable");
	scratch_start();
	for (const char *s = "unavailable"; text_eq(s, "unavailable");)
		s = status(begin(f.user, "telegram", "again"));
	CU_ASSERT_STRING_EQUAL(
	    status(begin(f.user, "telegram", "again")), "replay");
	stop();
}

static void
others_go_on(void)
{
	struct locker slow;

	start();
	hold_up(&slow, 1);
	CU_ASSERT_STRING_EQUAL(status(begin(f.user, "telegram", NULL)), "ok");
	go_on(&slow);
	CU_ASSERT_STRING_EQUAL(status(&asked[0]), "ok");
	stop();
}

static void
not_after_its_time(void)
{
	start();
	time_left = -CLOCK_MS;
	CU_ASSERT_STRING_EQUAL(
	    status(begin(f.user, "telegram", NULL)), "timeout");
	CU_ASSERT(holds("(SELECT count(*) = 0 FROM numlease.activations)"));
	stop();
}

SUITE("reserve",
    {"those that gathered share a transaction, and each has its own answer",
	each_has_its_answer},
    {"refused and repeated ones are told, new ones are not",
	tells_what_must_be_known},
    {"one that fails does not fail the others", one_fails_alone},
    {"what was asked is done though the request is gone", hung_up},
    {"the end waits for what is queued, and takes no more", the_end_waits},
    {"a wallet that is locked does not stop the others", others_go_on},
    {"without a server it is refused, and may be asked again", no_server},
    {"it is not written after its time", not_after_its_time})
