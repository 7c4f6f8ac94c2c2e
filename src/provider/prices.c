#include "provider/prices.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/js.h"
#include "provider/decimal.h"
#include "provider/descriptor.h"
#include "provider/view.h"

#define MAX_STOCK INT64_C(1000000000)
#define MAX_RATE  INT64_C(100000000) /* micros of a percent */
#define FIRST_CAP 64

struct walker {
	const struct view *w;
	const struct walk_spec *spec;
	struct outcome *out;
	size_t cap;
};

static void
add_row(struct walker *k, const struct price_row *row)
{
	struct outcome *out = k->out;

	if (out->price_count == k->cap) {
		size_t cap = k->cap == 0 ? FIRST_CAP : 2 * k->cap;
		struct price_row *more =
		    arena_many(k->w->c->mem, struct price_row, cap);

		if (k->cap > 0)
			memcpy(more, out->prices, k->cap * sizeof(*more));
		out->prices = more;
		k->cap = cap;
	}
	out->prices[out->price_count++] = *row;
}

/* A percentage as parts per million; 0 when it is none. */
static int64_t
rate_of(const char *text)
{
	int64_t percent = 0;

	if (text == NULL || !decimal_parse(text, &percent) || percent < 0)
		return 0;
	return percent > MAX_RATE ? MAX_RATE / 100 : percent / 100;
}

static void
read_leaf(struct walker *k, const struct js *v, struct price_row row)
{
	struct view leaf;
	const char *cost;
	const char *stock;

	view_item(k->w, v, &leaf);
	row.rate = rate_of(extract_text(&leaf, &k->spec->rate));
	cost = extract_text(&leaf, &k->spec->cost);
	stock = extract_text(&leaf, &k->spec->stock);
	if (cost != NULL && !decimal_parse(cost, &row.cost))
		row.cost = 0;
	if (row.cost <= 0 || stock == NULL ||
	    !text_to_i64(stock, 0, MAX_STOCK, &row.stock))
		k->out->skipped++;
	else
		add_row(k, &row);
}

static bool
is_skipped(const struct walk_spec *spec, const char *key)
{
	const char *const *keys = spec->skip_keys.at;

	for (size_t i = 0; i < spec->skip_keys.n; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void
put_key(struct price_row *row, enum walk_role role, const char *key)
{
	switch (role) {
	case WALK_SERVICE:
		row->service = key;
		break;
	case WALK_COUNTRY:
		row->country = key;
		break;
	case WALK_OPERATOR:
		row->operator= key;
		break;
	case WALK_COST:
		(void)decimal_parse(key, &row->cost); /* or 0: skipped */
		break;
	case WALK_ANY:
		break;
	}
}

static void
walk(struct walker *k, size_t level, const struct js *v, struct price_row row)
{
	const struct js *child = NULL;
	const char *key = NULL;

	if (level == k->spec->level_count) {
		read_leaf(k, v, row);
		return;
	}
	/* What is no object has no members: PHP writes [] for {}. */
	for (size_t i = 0; js_each(v, i, &key, &child); i++) {
		struct price_row next = row;

		if (is_skipped(k->spec, key))
			continue;
		put_key(&next, (enum walk_role)k->spec->levels[level], key);
		walk(k, level + 1, child, next);
	}
}

void
prices_walk(
    const struct view *w, const struct walk_spec *spec, struct outcome *out)
{
	struct walker k = {w, spec, out, 0};

	walk(&k, 0, path_first(&spec->at, w->values, w->root),
	    (struct price_row){0});
}
