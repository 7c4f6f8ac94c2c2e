#include "service/verdict.h"

#include "base/arena.h"
#include "base/log.h"
#include "service/wake.h"
#include "store/activation_store.h"

#define AGAIN_MS   10000 /* after a fault */
#define PENDING_MS 2000  /* a phone that is still to come */

/* Nobody can be asked: give up when the time for that has come. */
void
verdict_later(struct verdicts *v, const struct unknown_row *row)
{
	const struct attempt_verdict verdict = {
	    row->attempt_id, row->token, "undecidable", 0, ""};

	if (row->may_give_up)
		v->lost[v->lost_count++] = verdict;
	else
		v->later[v->later_count++] = verdict;
}

/* Nothing will tell more: what was or may have been paid is a doubt. */
void
verdict_doubt(struct verdicts *v, const struct unknown_row *row, int64_t amount,
    const char *upstream, const char *cause)
{
	v->lost[v->lost_count++] = (struct attempt_verdict){
	    row->attempt_id, row->token, cause, amount, upstream};
}

void
verdict_absent(
    struct verdicts *v, const struct unknown_row *row, const char *cause)
{
	v->absent[v->absent_count++] = (struct attempt_verdict){
	    .id = row->attempt_id, .token = row->token, .cause = cause};
}

struct verdicts
verdicts_new(struct ctx *c, size_t n)
{
	return (struct verdicts){
	    .found = arena_many(c->mem, struct attempt_end, n + 1),
	    .absent = arena_many(c->mem, struct attempt_verdict, n + 1),
	    .lost = arena_many(c->mem, struct attempt_verdict, n + 1),
	    .later = arena_many(c->mem, struct attempt_verdict, n + 1),
	    .pending = arena_many(c->mem, struct attempt_verdict, n + 1)};
}

static void
log_rows(struct ctx *c, enum err_level level, const char *verdict,
    const struct list *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct verdict_row *row =
		    &((const struct verdict_row *)rows->at)[i];

		log_ev(c, level, "reconcile.decided",
		    L_STR("activation", row->activation_id),
		    L_STR("verdict", verdict), L_STR("status", row->status));
		if (row->state != ACTIVATION_RESERVED) /* else: again */
			wake_watchers(c, row->activation_id);
	}
}

static enum err
write_found(struct ctx *c, const struct verdicts *v)
{
	struct list rows = {0};

	if (v->found_count == 0)
		return OK;
	TRY(attempt_store_activate(c, v->found, v->found_count, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct attempt_row *row =
		    &((const struct attempt_row *)rows.at)[i];

		log_ev(c, LEVEL_INFO, "reconcile.decided",
		    L_STR("activation", row->activation_id),
		    L_STR("verdict", "found"), L_STR("status", row->status));
		wake_watchers(c, row->activation_id);
	}
	return OK;
}

static enum err
write_absent(struct ctx *c, const struct verdicts *v)
{
	struct list rows = {0};

	if (v->absent_count == 0)
		return OK;
	TRY(reconcile_store_absent(c, v->absent, v->absent_count, &rows));
	log_rows(c, LEVEL_INFO, "absent", &rows);
	wake_task(c, "lease"); /* ordered again */
	return OK;
}

static enum err
write_lost(struct ctx *c, const struct verdicts *v)
{
	struct list rows = {0};

	if (v->lost_count == 0)
		return OK;
	TRY(reconcile_store_doubt(c, v->lost, v->lost_count, &rows));
	log_rows(c, LEVEL_WARN, "doubt", &rows);
	return OK;
}

enum err
verdicts_write(struct ctx *c, const struct verdicts *v)
{
	TRY(write_found(c, v));
	TRY(write_absent(c, v));
	TRY(write_lost(c, v));
	if (v->later_count > 0)
		TRY(reconcile_store_postpone(
		    c, v->later, v->later_count, AGAIN_MS));
	if (v->pending_count > 0)
		TRY(reconcile_store_postpone(
		    c, v->pending, v->pending_count, PENDING_MS));
	return OK;
}
