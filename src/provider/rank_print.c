#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "io/js.h"
#include "provider/rank.h"

/* Raised when the same inputs would be weighed in another way. */
#define DECISION_VERSION 5
#define MAX_CANDIDATES   10000

enum kind { INT, BOOL, TEXT };

struct column {
	const char *name;
	enum kind kind;
	size_t offset;
};

static const struct column rule_columns[] = {
    {"max_price", INT, offsetof(struct rank_rules, max_price)},
    {"seed", INT, offsetof(struct rank_rules, seed)},
    {"weigh_cost", INT, offsetof(struct rank_rules, weigh_cost)},
    {"weigh_latency", INT, offsetof(struct rank_rules, weigh_latency)},
    {"weigh_rate", INT, offsetof(struct rank_rules, weigh_rate)},
    {"weigh_stock", INT, offsetof(struct rank_rules, weigh_stock)},
};

static const struct column candidate_columns[] = {
    {"provider", TEXT, offsetof(struct candidate, provider)},
    {"offer", INT, offsetof(struct candidate, offer)},
    {"operator", TEXT, offsetof(struct candidate, operator)},
    {"rule", INT, offsetof(struct candidate, rule)},
    {"enabled", BOOL, offsetof(struct candidate, enabled)},
    {"can_buy", BOOL, offsetof(struct candidate, can_buy)},
    {"backing_off", BOOL, offsetof(struct candidate, backing_off)},
    {"has_operator", BOOL, offsetof(struct candidate, has_operator)},
    {"has_rate", BOOL, offsetof(struct candidate, has_rate)},
    {"is_rate_old", BOOL, offsetof(struct candidate, is_rate_old)},
    {"cost", INT, offsetof(struct candidate, cost)},
    {"price", INT, offsetof(struct candidate, price)},
    {"floor", INT, offsetof(struct candidate, floor)},
    {"stock", INT, offsetof(struct candidate, stock)},
    {"balance", INT, offsetof(struct candidate, balance)},
    {"priority", INT, offsetof(struct candidate, priority)},
    {"admin_weight", INT, offsetof(struct candidate, admin_weight)},
    {"latency", INT, offsetof(struct candidate, latency)},
    {"sold", INT, offsetof(struct candidate, sold)},
    {"delivered", INT, offsetof(struct candidate, delivered)},
    {"published", INT, offsetof(struct candidate, published)},
};

static const struct column ranked_columns[] = {
    {"refused", TEXT, offsetof(struct ranked, refused)},
    {"cost_ratio", INT, offsetof(struct ranked, cost_ratio)},
    {"latency_ratio", INT, offsetof(struct ranked, latency_ratio)},
    {"rate", INT, offsetof(struct ranked, rate)},
    {"by_points", INT, offsetof(struct ranked, by_points)},
    {"by_cost", INT, offsetof(struct ranked, by_cost)},
    {"by_latency", INT, offsetof(struct ranked, by_latency)},
    {"by_rate", INT, offsetof(struct ranked, by_rate)},
    {"by_stock", INT, offsetof(struct ranked, by_stock)},
    {"score", INT, offsetof(struct ranked, score)},
    {"luck", INT, offsetof(struct ranked, luck)},
    {"place", INT, offsetof(struct ranked, place)},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
print_value(struct buf *b, const struct column *col, const void *at)
{
	const char *const *text = at;

	switch (col->kind) {
	case INT:
		buf_fmt(b, "%" PRId64, *(const int64_t *)at);
		break;
	case BOOL:
		buf_text(b, *(const bool *)at ? "true" : "false");
		break;
	case TEXT:
		if (*text == NULL)
			buf_text(b, "null");
		else
			js_print_string(b, *text);
		break;
	}
}

/* Members without braces; the caller says whether one stands before. */
static void
print_columns(
    struct buf *b, const struct column *cols, size_t n, const void *row)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_fmt(b, "\"%s\":", cols[i].name);
		print_value(b, &cols[i], (const char *)row + cols[i].offset);
	}
}

void
rank_print(struct buf *b, const struct decision *d)
{
	buf_fmt(b, "{\"version\":%d,", DECISION_VERSION);
	print_columns(b, rule_columns, COUNT(rule_columns), &d->rules);
	buf_text(b, ",\"candidates\":[");
	for (size_t i = 0; i < d->count; i++) {
		buf_text(b, i > 0 ? ",{" : "{");
		print_columns(b, candidate_columns, COUNT(candidate_columns),
		    &d->candidates[i]);
		buf_char(b, ',');
		print_columns(
		    b, ranked_columns, COUNT(ranked_columns), &d->ranked[i]);
		buf_char(b, '}');
	}
	buf_text(b, "]}");
}

static bool
read_value(const struct column *col, const struct js *v, void *at)
{
	switch (col->kind) {
	case INT:
		return js_i64(v, at);
	case BOOL:
		return js_bool(v, at);
	case TEXT:
		return js_text(v, at);
	}
	return false;
}

static enum err
read_columns(struct ctx *c, const struct js *from, const struct column *cols,
    size_t n, void *row)
{
	for (size_t i = 0; i < n; i++)
		if (!read_value(&cols[i], js_get(from, cols[i].name),
			(char *)row + cols[i].offset))
			return fail(
			    c, ERR_BAD_INPUT, "decision: no %s", cols[i].name);
	return OK;
}

/* What a row has of the columns; one of another version may lack some. */
static void
take_columns(
    const struct js *from, const struct column *cols, size_t n, void *row)
{
	for (size_t i = 0; i < n; i++)
		(void)read_value(&cols[i], js_get(from, cols[i].name),
		    (char *)row + cols[i].offset);
}

enum err
rank_read(struct ctx *c, const char *text, struct decision *out)
{
	const struct js *printed = NULL;
	const struct js *list;
	struct candidate *candidates;
	size_t n;

	TRY(js_parse(c, text, strlen(text), &printed));
	list = js_get(printed, "candidates");
	n = js_count(list);
	if (js_type(list) != JS_ARRAY || n > MAX_CANDIDATES)
		return fail(c, ERR_BAD_INPUT, "not a decision");
	candidates = arena_many(c->mem, struct candidate, n + 1);
	*out = (struct decision){.candidates = candidates,
	    .count = n,
	    .ranked = arena_many(c->mem, struct ranked, n + 1)};
	take_columns(printed, rule_columns, COUNT(rule_columns), &out->rules);
	for (size_t i = 0; i < n; i++) {
		const struct js *row = js_at(list, (int64_t)i);

		take_columns(row, candidate_columns, COUNT(candidate_columns),
		    &candidates[i]);
		take_columns(row, ranked_columns, COUNT(ranked_columns),
		    &out->ranked[i]);
		out->admitted += out->ranked[i].place > 0;
	}
	return OK;
}

enum err
rank_replay(struct ctx *c, const struct js *printed, struct decision *out)
{
	const struct js *list = js_get(printed, "candidates");
	struct rank_rules rules = {0};
	struct candidate *candidates;
	int64_t version = 0;
	size_t n = js_count(list);

	if (!js_i64(js_get(printed, "version"), &version) ||
	    version != DECISION_VERSION || js_type(list) != JS_ARRAY ||
	    n > MAX_CANDIDATES)
		return fail(c, ERR_BAD_INPUT, "not a decision of version %d",
		    DECISION_VERSION);
	TRY(read_columns(
	    c, printed, rule_columns, COUNT(rule_columns), &rules));
	candidates = arena_many(c->mem, struct candidate, n);
	for (size_t i = 0; i < n; i++)
		TRY(read_columns(c, js_at(list, (int64_t)i), candidate_columns,
		    COUNT(candidate_columns), &candidates[i]));
	rank_apply(c, &rules, candidates, n, out);
	return OK;
}
