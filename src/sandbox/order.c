#include "sandbox/order.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/text.h"

#define PAGE_SIZE   1024
#define PAGE_COUNT  16384 /* 16 M orders in one process */
#define REF_BUCKETS 16384

/* What an end does to the rating, in hundredths (5sim). */
#define RATING_FINISH  50
#define RATING_AUTO    40
#define RATING_CANCEL  (-10)
#define RATING_BAN     (-10)
#define RATING_TIMEOUT (-15)

struct order_page {
	struct order at[PAGE_SIZE];
};

static const char *const state_names[ORDER_STATE__MAX] = {
    "WAITING", "GOT", "RETRY", "FINISHED", "CANCELED", "TIMEOUT", "BANNED"};

void
order_store(struct market *m)
{
	m->pages = arena_many(m->mem, struct order_page *, PAGE_COUNT);
	m->by_ref = arena_many(m->mem, struct order *, REF_BUCKETS);
}

static struct order *
raw_at(const struct market *m, int64_t n)
{
	return &m->pages[n / PAGE_SIZE]->at[n % PAGE_SIZE];
}

/* ---- the list of open orders ---- */

static void
link_open(struct market *m, struct order *o)
{
	o->open_prev = m->open_last;
	o->open_next = NULL;
	if (m->open_last != NULL)
		m->open_last->open_next = o;
	else
		m->open_first = o;
	m->open_last = o;
	m->open_count++;
}

static void
unlink_open(struct market *m, struct order *o)
{
	if (o->open_prev != NULL)
		o->open_prev->open_next = o->open_next;
	else
		m->open_first = o->open_next;
	if (o->open_next != NULL)
		o->open_next->open_prev = o->open_prev;
	else
		m->open_last = o->open_prev;
	o->open_prev = NULL;
	o->open_next = NULL;
	m->open_count--;
}

/* ---- what time brings ---- */

static void
close_order(struct market *m, struct order *o, enum order_state to, int64_t at)
{
	if (o->sms_count == 0)
		refund_open(m, o, at);
	o->state = to;
	o->closed = at;
	o->sms_due = 0;
	unlink_open(m, o);
}

static void
append(struct market *m, struct order *o, struct sms *sms, int64_t at)
{
	if (o->sms_count == 0) {
		m->account.frozen -= o->price;
		m->account.spent += o->price;
	}
	sms->at = at;
	if (sms->id == 0) /* else it is the same once more */
		sms->id = m->first_id + m->sms_count++;
	if (o->sms_last != NULL)
		o->sms_last->next = sms;
	else
		o->sms_first = sms;
	o->sms_last = sms;
	o->sms_count++;
	o->seen = false;
	o->state = ORDER_GOT;
}

/* The next message that comes by itself. */
static struct sms *
compose(struct market *m, struct order *o)
{
	if (o->no_code)
		return sms_without_code(m->mem, o->service);
	return sms_with_code(m->mem, o->service, m->seed, o->id, o->codes++);
}

static void
deliver_due(struct market *m, struct order *o)
{
	int64_t at = o->sms_due;
	int64_t followup = RULE(m, o->service, followup_ms);
	struct sms *sms = compose(m, o);

	o->sms_due = 0;
	append(m, o, sms, at);
	if (o->twice) {
		struct sms *copy = arena_one(m->mem, struct sms);

		*copy = *sms;
		copy->next = NULL;
		append(m, o, copy, at);
	}
	o->twice = false;
	if (!o->no_code && followup > 0 && o->state == ORDER_GOT) {
		o->no_code = true; /* once: what follows has no code */
		o->sms_due = at + followup * CLOCK_MS;
	} else {
		o->no_code = false;
	}
}

static void
expire(struct market *m, struct order *o)
{
	bool has_sms = o->sms_count > 0;

	market_rate(m, has_sms ? RATING_AUTO : RATING_TIMEOUT, o->expires);
	close_order(m, o, has_sms ? ORDER_FINISHED : ORDER_TIMEOUT, o->expires);
}

static struct order *
advance(struct market *m, struct order *o, int64_t now)
{
	while (order_is_open(o) && o->sms_due != 0 && o->sms_due <= now &&
	    o->sms_due < o->expires)
		deliver_due(m, o);
	if (order_is_open(o) && now >= o->expires)
		expire(m, o);
	refund_pay(m, o, now);
	return o;
}

void
order_settle(struct market *m, int64_t now)
{
	struct order *next;

	for (struct order *o = m->open_first; o != NULL; o = next) {
		next = o->open_next;
		(void)advance(m, o, now);
	}
	refund_pay_all(m, now);
}

struct order *
order_find(struct market *m, int64_t id, int64_t now)
{
	if (id < m->first_id || id - m->first_id >= m->order_count)
		return NULL;
	return advance(m, raw_at(m, id - m->first_id), now);
}

void
order_ask(struct order *o, int64_t now)
{
	int64_t gap = now - o->asked_at;

	if (o->asked > 0 && (o->asked_gap == 0 || gap < o->asked_gap))
		o->asked_gap = gap;
	o->asked++;
	o->asked_at = now;
}

struct order *
order_at(struct market *m, int64_t n, int64_t now)
{
	law(n >= 0 && n < m->order_count);
	return advance(m, raw_at(m, n), now);
}

/* ---- the sale ---- */

static struct order **
ref_bucket(struct market *m, const char *ref)
{
	return &m->by_ref[world_hash(ref) % REF_BUCKETS];
}

static bool
ref_is_taken(struct market *m, const char *ref)
{
	for (struct order *o = *ref_bucket(m, ref); o != NULL; o = o->ref_next)
		if (text_eq(o->ref, ref))
			return true;
	return false;
}

static bool
can_pay(struct market *m, int64_t price, int64_t now)
{
	if (m->account.balance < price)
		order_settle(m, now); /* refunds may be due */
	return m->account.balance >= price;
}

static bool
is_full(struct market *m, int64_t now)
{
	if (m->account.max_active == 0)
		return false;
	order_settle(m, now);
	return m->open_count >= m->account.max_active;
}

/* Which operator serves the wish. */
static enum sale
choose(struct market *m, const struct wish *w, int *op)
{
	const struct offer *offers = market_offers(m, w->country, w->service);

	if (offers == NULL)
		return SALE_NO_NUMBERS;
	*op = w->op;
	if (w->op == OPERATOR_ANY)
		*op = market_cheapest(m, w->country, w->service, 0);
	if (*op == OPERATOR_ANY || offers[*op].stock <= 0)
		return SALE_NO_NUMBERS;
	if (w->max_price > 0 && offers[*op].price > w->max_price)
		return SALE_TOO_DEAR;
	return SALE_OK;
}

static struct order *
add_order(struct market *m)
{
	int64_t n = m->order_count++;

	law(n / PAGE_SIZE < PAGE_COUNT);
	if (m->pages[n / PAGE_SIZE] == NULL)
		m->pages[n / PAGE_SIZE] = arena_one(m->mem, struct order_page);
	raw_at(m, n)->id = m->first_id + n;
	return raw_at(m, n);
}

/* The country that the phone really is from. */
static int
phone_country(const struct wish *w)
{
	if (w->twist != TWIST_COUNTRY)
		return w->country;
	if (w->twist_country != WORLD_NONE)
		return w->twist_country;
	return (w->country + 1) % COUNTRY_COUNT;
}

static void
keep_ref(struct market *m, struct order *o, const char *ref)
{
	struct order **bucket = ref_bucket(m, ref);

	o->ref = arena_dup(m->mem, ref);
	o->ref_next = *bucket;
	*bucket = o;
}

static struct order *
sell(struct market *m, const struct wish *w, int op, int64_t now)
{
	struct offer *offer = &m->offers[w->country][w->service][op];
	int64_t delay = RULE(m, w->service, sms_delay_ms);
	struct order *o = add_order(m);

	o->service = w->service;
	o->country = w->country;
	o->op = op;
	o->price = offer->price;
	if (w->twist == TWIST_PRICE)
		o->price =
		    w->twist_price > 0 ? w->twist_price : offer->price * 10;
	world_phone(phone_country(w), m->seed, (uint64_t)o->id, o->phone);
	o->created = now;
	o->expires = now + RULE(m, w->service, lifetime_s) * CLOCK_SECOND;
	o->twice = w->twist == TWIST_SMS_TWICE;
	o->no_code = w->twist == TWIST_SMS_NO_CODE;
	if (!offer->never && RULE(m, w->service, never_sms) == 0)
		o->sms_due = now + delay * CLOCK_MS;
	if (w->ref != NULL)
		keep_ref(m, o, w->ref);
	offer->stock--;
	m->account.balance -= o->price;
	m->account.frozen += o->price;
	link_open(m, o);
	return o;
}

enum sale
order_buy(
    struct market *m, const struct wish *w, int64_t now, struct order **out)
{
	int op = OPERATOR_ANY;
	enum sale sale = choose(m, w, &op);

	if (w->ref != NULL && m->account.honour_order_id != 0 &&
	    ref_is_taken(m, w->ref))
		return SALE_REF_TAKEN;
	if (sale != SALE_OK)
		return sale;
	if (is_full(m, now))
		return SALE_TOO_MANY;
	if (!can_pay(m, m->offers[w->country][w->service][op].price, now))
		return SALE_NO_BALANCE;
	if (w->twist == TWIST_DUPLICATE_ID && m->order_count > 0)
		*out = order_at(m, m->order_count - 1, now);
	else
		*out = sell(m, w, op, now);
	(*out)->answers++;
	return SALE_OK;
}

/* ---- what the customer does ---- */

/* The number goes back on the shelf. */
static void
restock(struct market *m, const struct order *o)
{
	m->offers[o->country][o->service][o->op].stock++;
}

enum step
order_cancel(struct market *m, struct order *o, int64_t now)
{
	int64_t age = now - o->created;
	int64_t late = RULE(m, o->service, free_cancel_s);

	if (!order_is_open(o))
		return STEP_CLOSED;
	if (o->sms_count > 0)
		return STEP_HAS_SMS;
	if (age < RULE(m, o->service, early_cancel_s) * CLOCK_SECOND)
		return STEP_EARLY;
	if (late > 0 && age >= late * CLOCK_SECOND)
		return STEP_LATE;
	restock(m, o);
	market_rate(m, RATING_CANCEL, now);
	close_order(m, o, ORDER_CANCELED, now);
	return STEP_OK;
}

enum step
order_ban(struct market *m, struct order *o, int64_t now)
{
	if (!order_is_open(o))
		return STEP_CLOSED;
	if (o->sms_count > 0)
		return STEP_HAS_SMS;
	market_rate(m, RATING_BAN, now);
	close_order(m, o, ORDER_BANNED, now);
	return STEP_OK;
}

enum step
order_finish(struct market *m, struct order *o, int64_t now)
{
	if (!order_is_open(o))
		return STEP_CLOSED;
	if (o->sms_count == 0)
		return STEP_NO_SMS;
	market_rate(m, RATING_FINISH, now);
	close_order(m, o, ORDER_FINISHED, now);
	return STEP_OK;
}

enum step
order_retry(struct market *m, struct order *o, int64_t now)
{
	bool never = m->offers[o->country][o->service][o->op].never ||
	    RULE(m, o->service, never_sms) != 0;

	if (!order_is_open(o))
		return STEP_CLOSED;
	o->state = ORDER_RETRY;
	o->no_code = false;
	if (!never)
		o->sms_due = now + RULE(m, o->service, sms_delay_ms) * CLOCK_MS;
	return STEP_OK;
}

enum step
order_receive(struct market *m, struct order *o, struct sms *sms, int64_t now)
{
	if (!order_is_open(o))
		return STEP_CLOSED;
	append(m, o, sms, now);
	return STEP_OK;
}

void
order_force(struct market *m, struct order *o, enum order_state to, int64_t now)
{
	bool opens = to <= ORDER_RETRY;

	if (order_is_open(o) && opens) {
		o->state = to;
	} else if (order_is_open(o)) {
		close_order(m, o, to, now);
	} else if (!opens) {
		o->state = to;
		o->closed = now;
	} else {
		if (o->sms_count == 0)
			refund_undo(m, o);
		o->state = to;
		o->closed = 0;
		o->expires =
		    now + RULE(m, o->service, lifetime_s) * CLOCK_SECOND;
		link_open(m, o);
	}
}

bool
order_is_open(const struct order *o)
{
	return o->state <= ORDER_RETRY;
}

const struct sms *
order_code(const struct order *o)
{
	const struct sms *found = NULL;

	for (const struct sms *s = o->sms_first; s != NULL; s = s->next)
		if (*s->code != '\0')
			found = s;
	return found;
}

const char *
order_state_name(enum order_state state)
{
	law(state < ORDER_STATE__MAX);
	return state_names[state];
}

enum order_state
order_state_find(const char *name)
{
	int i = 0;

	while (i < ORDER_STATE__MAX && !text_eq_ci(name, state_names[i]))
		i++;
	return (enum order_state)i;
}
