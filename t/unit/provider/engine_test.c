#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "harness/suite.h"
#include "provider/engine.h"
#include "unit/provider/fixtures.h"

/* 2026-11-24T12:00:00Z */
#define NOW INT64_C(1795521600000000)

static int64_t
fixed_now(void)
{
	return NOW;
}

struct scene {
	struct arena *mem;
	struct ctx c;
	const struct descriptor *d;
};

static void
scene_open(struct scene *s, const char *id)
{
	*s = (struct scene){.mem = arena_new("test", (size_t)64 << 20)};
	s->c.mem = s->mem;
	clock_fake(fixed_now, NULL);
	if (descriptor_load(&s->c, fixtures_dir(), id, &s->d) != OK)
		printf("# %s\n", s->c.err_why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->d);
}

static void
scene_close(struct scene *s)
{
	clock_fake(NULL, NULL);
	arena_free(&s->mem);
}

/* Rules from `from` on need no case: the base's cases reach them. */
static void
must_reach(
    const struct reached *reached, const struct list *rules, size_t inherited)
{
	const struct rule *rule = rules->at;

	for (size_t i = 0; i + inherited < rules->n; i++) {
		bool yes = reached_has(reached, rule[i].place);

		if (!yes)
			printf("# no fixture reaches %s\n", rule[i].place);
		CU_ASSERT_TRUE(yes);
	}
}

static void
must_reach_all(const struct reached *reached, const struct descriptor *d,
    const struct descriptor *base)
{
	must_reach(
	    reached, &d->rules.errors, base == NULL ? 0 : base->rules.errors.n);
	for (int op = 0; op < OP__MAX; op++) {
		const struct op_spec *of = base == NULL ? NULL : &base->ops[op];

		must_reach(
		    reached, &d->ops[op].rules, of == NULL ? 0 : of->rules.n);
		must_reach(reached, &d->ops[op].items.rules,
		    of == NULL ? 0 : of->items.rules.n);
	}
}

static void
run_fixtures(const char *id, unsigned least)
{
	struct reached reached = {0};
	struct scene s;

	scene_open(&s, id);
	CU_ASSERT(fixtures_run(&s.c, s.d, &reached) >= least);
	if (s.d->extends != NULL) {
		const struct descriptor *base = NULL;

		CU_ASSERT_EQUAL_FATAL(
		    descriptor_load(&s.c, fixtures_dir(), s.d->extends, &base),
		    OK);
		must_reach_all(&reached, s.d, base);
	} else {
		must_reach_all(&reached, s.d, NULL);
	}
	scene_close(&s);
}

static void
fixtures_5sim(void)
{
	run_fixtures("5sim", 50);
}

static void
fixtures_sms_activate(void)
{
	run_fixtures("sms-activate", 60);
}

static void
fixtures_herosms(void)
{
	run_fixtures("herosms", 20);
}

/* Bodies that no purchase may take for a sale or for a refusal. */
static const struct {
	const char *body;
	size_t len; /* 0: strlen */
} garbage[] = {
    {"", 0},
    {"<html><body>502</body></html>", 0},
    {"{\"id\":", 0},
    {"{\"id\":null}", 0},
    {"[]", 0},
    {"{}", 0},
    {"null", 0},
    {"OK", 0},
    {"ACCESS_NUMBER", 0},
    {"ACCESS_NUMBER:", 0},
    {"ACCESS_NUMBER::79991112233", 0},
    {"no free phonez", 0},
    {"NO_NUMBERS_LEFT_BEHIND", 0},
    {"ACCESS_NUMBER:1:79991112233\0trailing", 36},
    {"\xff\xfe", 0},
    {"NO_NUMBERS\xff", 0},
};

static const char *const ids[] = {"5sim", "sms-activate", "herosms"};

static void
garbage_is_unknown(void)
{
	for (size_t k = 0; k < 3; k++) {
		struct vars v = {.key = "k"};
		struct scene s;

		scene_open(&s, ids[k]);
		for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]);
		     i++) {
			struct answer a = {.status = 200,
			    .body = garbage[i].body,
			    .body_len = garbage[i].len};
			struct outcome o;

			if (a.body_len == 0)
				a.body_len = strlen(a.body);
			engine_read(&s.c, s.d, OP_BUY, &v, &a, &o);
			if (o.fault != FAULT_UNKNOWN)
				printf("# %s: %s\n", ids[k], garbage[i].body);
			CU_ASSERT_EQUAL(o.fault, FAULT_UNKNOWN);
			CU_ASSERT_EQUAL(
			    fault_action(o.fault, OP_BUY), ACTION_RECONCILE);
			CU_ASSERT_PTR_NULL(o.id);
		}
		scene_close(&s);
	}
}

static const char sale_5sim[] =
    "{\"id\":7,\"phone\":\"+447350690992\",\"status\":\"PENDING\"}";
static const char sale_handler[] = "ACCESS_NUMBER:7:447350690992";

static void
read_buy(struct scene *s, struct answer a, struct outcome *out)
{
	struct vars v = {.key = "k"};

	engine_read(&s->c, s->d, OP_BUY, &v, &a, out);
}

/* The same sale under any status that is no success, and cut short. */
static void
a_sale_needs_a_whole_success(void)
{
	static const int statuses[] = {199, 300, 302, 400, 404, 429, 500, 503};

	for (size_t k = 0; k < 3; k++) {
		const char *body = k == 0 ? sale_5sim : sale_handler;
		struct answer a = {
		    .status = 200, .body = body, .body_len = strlen(body)};
		struct outcome o;
		struct scene s;

		scene_open(&s, ids[k]);
		read_buy(&s, a, &o);
		CU_ASSERT_EQUAL(o.fault, FAULT_NONE);
		CU_ASSERT(text_eq(o.id, "7"));
		a.cut = true;
		read_buy(&s, a, &o);
		CU_ASSERT_EQUAL(o.fault, FAULT_UNKNOWN);
		a.cut = false;
		for (size_t i = 0; i < 8; i++) {
			a.status = statuses[i];
			read_buy(&s, a, &o);
			CU_ASSERT_NOT_EQUAL(o.fault, FAULT_NONE);
			CU_ASSERT_PTR_NULL(o.id);
		}
		for (size_t n = 0; n < strlen(body) && k == 0; n++) {
			a.status = 200;
			a.body_len = n;
			read_buy(&s, a, &o);
			CU_ASSERT_EQUAL(o.fault, FAULT_UNKNOWN);
		}
		scene_close(&s);
	}
}

/* A refusal under 5xx may stand for a failure after the sale. */
static void
a_5xx_purchase_is_reconciled(void)
{
	static const char *const words[] = {
	    "no free phones", "NO_NUMBERS", "{\"title\":\"NO_BALANCE\"}"};

	for (size_t k = 0; k < 3; k++) {
		struct answer a = {
		    .body = words[k], .body_len = strlen(words[k])};
		struct outcome o;
		struct scene s;

		scene_open(&s, ids[k]);
		a.status = 200;
		read_buy(&s, a, &o);
		CU_ASSERT_NOT_EQUAL(
		    fault_action(o.fault, OP_BUY), ACTION_RECONCILE);
		for (a.status = 500; a.status < 505; a.status++) {
			read_buy(&s, a, &o);
			CU_ASSERT_EQUAL(
			    fault_action(o.fault, OP_BUY), ACTION_RECONCILE);
		}
		scene_close(&s);
	}
}

static void
no_answer_is_told_apart(void)
{
	struct outcome o;

	engine_no_answer(SENT_NOTHING, &o);
	CU_ASSERT_EQUAL(fault_action(o.fault, OP_BUY), ACTION_FAIL_OVER);
	engine_no_answer(SENT_MAYBE, &o);
	CU_ASSERT_EQUAL(fault_action(o.fault, OP_BUY), ACTION_RECONCILE);
}

static void
what_is_not_offered_is_refused(void)
{
	struct vars v = {.key = "k", .id = "1"};
	struct answer a = {.status = 200, .body = "", .body_len = 0};
	struct outcome o;
	struct call call;
	struct scene s;

	scene_open(&s, "5sim");
	CU_ASSERT_FALSE(engine_can(s.d, OP_RESEND));
	CU_ASSERT_EQUAL(
	    engine_request(&s.c, s.d, OP_RESEND, &v, &call), ERR_NOT_FOUND);
	engine_read(&s.c, s.d, OP_RESEND, &v, &a, &o);
	CU_ASSERT_EQUAL(o.fault, FAULT_UNKNOWN);
	scene_close(&s);
	scene_open(&s, "herosms");
	CU_ASSERT_TRUE(engine_can(s.d, OP_RESEND));
	CU_ASSERT_EQUAL(s.d->ops[OP_CANCEL].not_before_s, 120);
	CU_ASSERT_EQUAL(s.d->limits.buy_rps, 2);
	CU_ASSERT_EQUAL(s.d->limits.concurrency, 10); /* inherited */
	scene_close(&s);
}

static struct outcome
order(const char *id)
{
	return (struct outcome){.fault = FAULT_NONE,
	    .state = UPSTREAM_WAITING,
	    .id = id,
	    .service = "telegram",
	    .country = "england",
	    .operator= "vodafone",
	    .cost = 200000,
	    .created_at = NOW};
}

static void
reconcile_finds_only_what_fits(void)
{
	struct vars v = {.key = "k",
	    .service = "telegram",
	    .country = "england",
	    .operator= "any",
	    .max_price = 200000};
	struct outcome o = order("1");
	struct scene s;

	scene_open(&s, "5sim");
#define FITS engine_reconcile_fits(&s.c, s.d, &o, &v, NOW, NOW + CLOCK_SECOND)
	CU_ASSERT_TRUE(FITS);
	o.service = "whatsapp";
	CU_ASSERT_FALSE(FITS);
	o = order("1");
	o.country = "france";
	CU_ASSERT_FALSE(FITS);
	o = order("1");
	o.cost = 200001; /* dearer than we would have paid */
	CU_ASSERT_FALSE(FITS);
	o = order("1");
	o.created_at = NOW - 30 * CLOCK_SECOND;
	CU_ASSERT_TRUE(FITS);
	o.created_at -= 1;
	CU_ASSERT_FALSE(FITS);
	o.created_at = NOW + CLOCK_SECOND + 1;
	CU_ASSERT_FALSE(FITS);
	o.created_at = 0; /* not said */
	CU_ASSERT_TRUE(FITS);
	o.state = UPSTREAM_CANCELED;
	CU_ASSERT_FALSE(FITS);
	o = order(NULL);
	CU_ASSERT_FALSE(FITS);
	o = order("1");
	v.operator= "three";
	CU_ASSERT_FALSE(FITS);
	v.operator= "vodafone";
	CU_ASSERT_TRUE(FITS);
#undef FITS
	scene_close(&s);
}

static void
nearest_sale_is_preferred(void)
{
	const int64_t called = NOW - NOW % CLOCK_SECOND + CLOCK_SECOND / 2;

#define PREFERS(at, than) engine_reconcile_prefers(at, than, called)
	CU_ASSERT_TRUE(PREFERS(called + 1, called + 2));
	CU_ASSERT_FALSE(PREFERS(called + 2, called + 1));
	CU_ASSERT_TRUE(PREFERS(called + CLOCK_SECOND, called - CLOCK_SECOND));
	CU_ASSERT_TRUE(
	    PREFERS(called - CLOCK_SECOND, called - 2 * CLOCK_SECOND));
	CU_ASSERT_FALSE(PREFERS(called - CLOCK_SECOND, called + CLOCK_SECOND));
	/* Some lists tell whole seconds: this one may be of the call. */
	CU_ASSERT_TRUE(PREFERS(called - CLOCK_SECOND / 2, called + 1));
	CU_ASSERT_TRUE(PREFERS(called - CLOCK_SECOND, 0)); /* not said */
#undef PREFERS
}

SUITE("engine", {"5sim is read as its fixtures say", fixtures_5sim},
    {"sms-activate is read as its fixtures say", fixtures_sms_activate},
    {"HeroSMS is read as its fixtures say", fixtures_herosms},
    {"garbage is neither a sale nor a refusal", garbage_is_unknown},
    {"a sale needs a whole answer with success", a_sale_needs_a_whole_success},
    {"a purchase answered with 5xx is reconciled",
	a_5xx_purchase_is_reconciled},
    {"a call that never left may fail over, others not",
	no_answer_is_told_apart},
    {"what an upstream cannot do is refused", what_is_not_offered_is_refused},
    {"reconcile finds only what fits the purchase",
	reconcile_finds_only_what_fits},
    {"of what fits it takes what was sold next", nearest_sale_is_preferred})
