#include "service/sweep.h"

#include "base/log.h"
#include "conf/conf.h"
#include "service/wake.h"
#include "store/activation_store.h"
#include "store/reconcile_store.h"

enum err
sweep_expire(struct ctx *c, struct errands *none, bool *more)
{
	struct list rows = {0};

	(void)none; /* the calls upstream are queued, task "ask" makes them */
	TRY(activation_store_expire(c, c->conf->worker_batch, &rows));
	*more = rows.n == (size_t)c->conf->worker_batch;
	for (size_t i = 0; i < rows.n; i++) {
		const struct activation_change *row =
		    &((const struct activation_change *)rows.at)[i];

		log_ev(c, LEVEL_INFO, "activation.ran_out",
		    L_STR("activation", row->id),
		    L_STR("state", activation_state_names[row->state]));
	}
	if (rows.n > 0)
		wake_task(c, "ask");
	return OK;
}

enum err
sweep_orders(struct ctx *c, struct errands *none, bool *more)
{
	int64_t n = 0;

	(void)none;
	TRY(reconcile_store_requeue(c, c->conf->worker_batch, &n));
	*more = n == c->conf->worker_batch;
	if (n > 0) {
		log_ev(c, LEVEL_WARN, "order.requeued", L_I64("count", n));
		wake_task(c, "lease");
	}
	return OK;
}
