/*
 * app - from a FastCGI request to its answer and its one log line: route,
 * guards, handler, and the place where parked requests wait.
 *
 *	app_open(c, &setup, mem, &app);
 *	... front_setup.handle = app_handle, .alarm = app_alarm, .arg = app ...
 *	app_attach(app, front);
 */
#ifndef WEB_APP_H
#define WEB_APP_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/front.h"
#include "web/guard.h"
#include "web/router.h"

struct app;

/*
 * Wait up to `wait_ms` for the next wake-up on `list`; NULL when none came.
 * io/kv's kv_pop() in the product.
 */
typedef enum err app_pop_fn(
    struct ctx *c, const char *list, int wait_ms, const char **out);

/* Resume the requests that are parked for `key`; any thread. */
typedef void app_wake_fn(void *arg, const char *key);

struct app_setup {
	const struct route_table *routes;
	struct guard_env guards;
	app_pop_fn *pop;      /* NULL: nothing is woken but by its deadline */
	size_t park_capacity; /* requests that may wait at once */
	/*
	 * What works beside the requests and may wake them, in the context
	 * that each gets a copy of; ended before the front is. NULL: nothing.
	 */
	enum err (*begin)(struct ctx *c, app_wake_fn *wake, void *arg);
	void (*end)(struct ctx *c);
};

/* `c` gives settings, pools and keys to every request; it must outlive. */
enum err app_open(const struct ctx *c, const struct app_setup *setup,
    struct arena *mem, struct app **out) MUST_CHECK;

/* Bind the front and start what works beside it. */
enum err app_start(struct ctx *c, struct app *app, struct front *front)
    MUST_CHECK;

/* Resume all that is parked, now: the process is about to leave. */
void app_resume_all(struct app *app);

/* End what works beside the requests; call before front_close(). */
void app_stop(struct app *app);

/* Resume the requests that are parked for `key`. */
void app_wake(struct app *app, const char *key);

front_handle_fn app_handle;
void app_alarm(void *arg);

#endif
