#include "provider/engine.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "provider/fill.h"
#include "provider/prices.h"

#define KEEPS_S  1200 /* of a list that does not say */

#define MAX_WORD 64

/* Clocks of two machines and the way of an answer: two minutes. */
#define MAX_SKEW (120 * CLOCK_SECOND)
#define MAX_LIFE (366 * INT64_C(86400) * CLOCK_SECOND)

/* The rules, fields and messages by which an answer or an item is read. */
struct reading {
	const struct list *rules, *set, *messages;
	enum upstream_op op;
};

bool
engine_can(const struct descriptor *d, enum upstream_op op)
{
	return op < OP__MAX && d->ops[op].present;
}

/* The texts of one call: our words replaced by what the upstream wants. */
static void
prepare(struct ctx *c, const struct descriptor *d, enum upstream_op op,
    const struct vars *v, struct values *out)
{
	const struct var_spec *spec = d->vars.at;

	vars_print(c->mem, v, out);
	for (size_t i = 0; i < d->vars.n; i++)
		if (text_is_empty(out->at[spec[i].var]))
			out->at[spec[i].var] = spec[i].otherwise;
	if (d->ops[op].page_size > 0)
		out->at[VAR_LIMIT] =
		    arena_fmt(c->mem, "%" PRId64, d->ops[op].page_size);
}

static enum err
check_native(
    struct ctx *c, const struct descriptor *d, const struct values *values)
{
	const struct var_spec *spec = d->vars.at;

	for (size_t i = 0; i < d->vars.n; i++) {
		const char *s = values->at[spec[i].var];

		if (spec[i].native == NATIVE_INT && !text_is_empty(s) &&
		    s[strspn(s, "0123456789")] != '\0')
			return fail(c, ERR_BAD_INPUT,
			    "%s: {%s} must be a number", d->id, spec[i].name);
	}
	return OK;
}

enum err
engine_request(struct ctx *c, const struct descriptor *d, enum upstream_op op,
    const struct vars *v, struct call *out)
{
	struct values values;
	const char *base;

	if (!engine_can(d, op))
		return fail(c, ERR_NOT_FOUND, "%s has no %s", d->id,
		    upstream_op_name(op));
	prepare(c, d, op, v, &values);
	TRY(check_native(c, d, &values));
	base =
	    v->base != NULL ? v->base : *(const char *const *)d->http.base.at;
	TRY(request_build(c, d, &d->ops[op].request, &values, base, out));
	out->op = op;
	out->paid = op == OP_BUY;
	return OK;
}

static void
clear(struct outcome *out)
{
	*out = (struct outcome){.cost = OUTCOME_UNSAID,
	    .min_price = OUTCOME_UNSAID,
	    .amount = OUTCOME_NO_AMOUNT};
}

static bool
may_decide(const struct rule *rule, const struct view *w)
{
	int status = w->answer->status;

	return rule->says == SAYS_FAULT || rule->names_status ||
	    (status >= 200 && status <= 299);
}

static const struct rule *
rule_find(const struct view *w, const struct list *rules)
{
	const struct rule *rule = rules->at;

	for (size_t i = 0; i < rules->n; i++)
		if (may_decide(&rule[i], w) && match_holds(w, &rule[i].when))
			return &rule[i];
	return NULL;
}

/* For logs: a word of letters only, so that it cannot be a code or a key. */
static const char *
shown_word(const struct view *w)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ _-.";

	if (w->word == NULL || strlen(w->word) > MAX_WORD ||
	    w->word[strspn(w->word, letters)] != '\0')
		return NULL;
	return w->word;
}

static void
apply_success(const struct view *w, const struct reading *how,
    const struct rule *rule, struct outcome *out)
{
	out->fault = FAULT_NONE;
	out->state =
	    rule->says == SAYS_STATE ? rule->state : upstream_op_state(how->op);
	fill_fields(w, how->set, out);
	fill_fields(w, &rule->set, out);
	fill_messages(w, how->messages, out);
	fill_messages(w, &rule->messages, out);
	if (out->currency == NULL &&
	    (out->cost != OUTCOME_UNSAID || out->amount != OUTCOME_NO_AMOUNT))
		out->currency = w->d->currency;
}

static void
apply_fault(const struct view *w, const struct rule *rule, struct outcome *out)
{
	out->fault = rule->fault;
	out->word = shown_word(w);
	fill_fields(w, &rule->set, out);
	fill_messages(w, &rule->messages, out);
}

/*
 * When the order ends by our clock. An end without a zone may be hours off;
 * the time between its two ends is not. So what is said is kept only near
 * that, and without a beginning only when it lies ahead.
 */
static int64_t
end_of(const struct view *w, const struct outcome *o)
{
	int64_t now = clock_now();
	int64_t life = w->d->time.ttl_s * CLOCK_SECOND;

	if (o->created_at > 0 && o->expires_at > o->created_at &&
	    o->expires_at - o->created_at <= MAX_LIFE) {
		life = o->expires_at - o->created_at;
		if (o->expires_at < now + life - MAX_SKEW ||
		    o->expires_at > now + life + MAX_SKEW)
			return now + life;
	}
	return o->expires_at > now ? o->expires_at : now + life;
}

/* See the laws in the header. */
static void
check_purchase(
    const struct view *w, const struct rule *rule, struct outcome *out)
{
	if (out->fault != FAULT_NONE) {
		if (w->answer->status >= 500 && !rule->definite &&
		    fault_action(out->fault, OP_BUY) != ACTION_RECONCILE)
			out->fault = FAULT_UPSTREAM_UNAVAILABLE;
		return;
	}
	if (out->phone == NULL && out->state == UPSTREAM_WAITING)
		out->state = UPSTREAM_PENDING_NUMBER;
	out->expires_at = end_of(w, out);
}

static bool
has_needs(enum op_needs needs, const struct outcome *out)
{
	switch (needs) {
	case NEEDS_ID:
		return out->id != NULL;
	case NEEDS_AMOUNT:
		return out->amount != OUTCOME_NO_AMOUNT;
	case NEEDS_STATE:
		return out->state != UPSTREAM_UNSET;
	case NEEDS_NOTHING:
		break;
	}
	return true;
}

static void
check_messages(struct outcome *out)
{
	bool waits = out->state == UPSTREAM_WAITING ||
	    out->state == UPSTREAM_PENDING_NUMBER;

	if (out->state == UPSTREAM_RECEIVED && out->message_count == 0)
		out->state = UPSTREAM_WAITING;
	else if (waits && out->message_count > 0)
		out->state = UPSTREAM_RECEIVED;
}

/* Success that lacks what it must bring is not success, and says nothing. */
static void
check_success(enum upstream_op op, struct outcome *out)
{
	const char *rule = out->rule;

	if (out->fault != FAULT_NONE)
		return;
	if (has_needs(upstream_op_needs(op), out)) {
		check_messages(out);
		return;
	}
	clear(out);
	out->rule = rule;
}

static void
judge(const struct view *w, const struct reading *how, struct outcome *out)
{
	const struct rule *rule = rule_find(w, how->rules);

	clear(out);
	if (rule == NULL)
		rule = rule_find(w, &w->d->rules.errors);
	if (rule == NULL) {
		out->word = shown_word(w);
		return;
	}
	out->rule = rule->place;
	if (rule->says == SAYS_FAULT)
		apply_fault(w, rule, out);
	else
		apply_success(w, how, rule, out);
	if (how->op == OP_BUY)
		check_purchase(w, rule, out);
	check_success(how->op, out);
}

static struct reading
reading_of(const struct descriptor *d, enum upstream_op op)
{
	const struct op_spec *spec = &d->ops[op];

	return (struct reading){&spec->rules, &spec->set, &spec->messages, op};
}

static void
read_items(
    const struct view *w, const struct items_spec *spec, struct outcome *out)
{
	struct reading how = {
	    &spec->rules, &spec->set, &spec->messages, OP_STATUS};
	struct list found = path_all(w->c->mem, &spec->at, w->values, w->root);
	const struct js *const *at = found.at;

	if (spec->use >= 0)
		how = reading_of(w->d, (enum upstream_op)spec->use);
	out->items = arena_many(w->c->mem, struct outcome, found.n);
	for (size_t i = 0; i < found.n; i++) {
		struct outcome *item = &out->items[out->item_count];
		struct view part;

		view_item(w, at[i], &part);
		judge(&part, &how, item);
		/* Without an id it is of no use to anybody. */
		if (item->id == NULL)
			out->skipped++;
		else
			out->item_count++;
	}
}

void
engine_read(struct ctx *c, const struct descriptor *d, enum upstream_op op,
    const struct vars *v, const struct answer *a, struct outcome *out)
{
	struct reading how;
	struct values values;
	struct view w;

	clear(out);
	if (!engine_can(d, op))
		return;
	prepare(c, d, op, v, &values);
	view_open(c, d, &values, a, &w);
	how = reading_of(d, op);
	judge(&w, &how, out);
	if (out->fault != FAULT_NONE)
		return;
	if (d->ops[op].items.present)
		read_items(&w, &d->ops[op].items, out);
	if (d->ops[op].walk.present) {
		prices_walk(&w, &d->ops[op].walk, out);
		out->currency = d->currency;
	}
}

void
engine_no_answer(enum engine_sent sent, struct outcome *out)
{
	clear(out);
	out->fault = sent == SENT_NOTHING ? FAULT_UNREACHABLE : FAULT_UNKNOWN;
}

/* Said by both and different. */
static bool
differs(bool matters, const char *said, const char *wanted)
{
	return matters && !text_is_empty(said) && !text_is_empty(wanted) &&
	    !text_eq_ci(said, wanted);
}

enum engine_proof
engine_proof(const struct descriptor *d)
{
	const struct reconcile_spec *spec = &d->ops[OP_BUY].reconcile;

	if (!spec->present)
		return PROOF_NONE;
	return spec->op == OP_LIST_ACTIVE ? PROOF_LIST : PROOF_SERIAL;
}

int64_t
engine_keeps(const struct descriptor *d)
{
	const struct reconcile_spec *spec = &d->ops[OP_BUY].reconcile;
	int64_t s = spec->keeps_s > 0 ? spec->keeps_s : d->time.ttl_s;

	return (s > 0 ? s : KEEPS_S) * CLOCK_SECOND;
}

static bool
fits(struct ctx *c, const struct descriptor *d, const struct outcome *item,
    const struct vars *v, int64_t called_at, int64_t until)
{
	const struct reconcile_spec *spec = &d->ops[OP_BUY].reconcile;
	struct values wanted;

	if (!spec->present || item->id == NULL)
		return false;
	/* As it was sent, but a wish for any operator fits all. */
	prepare(c, d, OP_BUY, v, &wanted);
	if (text_eq_ci(wanted.at[VAR_OPERATOR], "any"))
		wanted.at[VAR_OPERATOR] = NULL;
	if (differs(
		spec->match_service, item->service, wanted.at[VAR_SERVICE]) ||
	    differs(
		spec->match_country, item->country, wanted.at[VAR_COUNTRY]) ||
	    differs(
		spec->match_operator, item->operator, wanted.at[VAR_OPERATOR]))
		return false;
	if (v->max_price > 0 && item->cost > v->max_price)
		return false;
	return item->created_at == 0 ||
	    (item->created_at >= called_at - spec->before_s * CLOCK_SECOND &&
		item->created_at <= until);
}

bool
engine_reconcile_fits(struct ctx *c, const struct descriptor *d,
    const struct outcome *item, const struct vars *v, int64_t called_at,
    int64_t until)
{
	return !upstream_state_is_final(item->state) &&
	    fits(c, d, item, v, called_at, until);
}

bool
engine_reconcile_ended(struct ctx *c, const struct descriptor *d,
    const struct outcome *item, const struct vars *v, int64_t called_at,
    int64_t until)
{
	return upstream_state_is_final(item->state) && item->created_at > 0 &&
	    fits(c, d, item, v, called_at, until);
}

bool
engine_reconcile_prefers(int64_t sold_at, int64_t other, int64_t called_at)
{
	int64_t from = called_at - called_at % CLOCK_SECOND;
	bool is_after = sold_at >= from;

	if (is_after != (other >= from))
		return is_after;
	return is_after ? sold_at < other : sold_at > other;
}
