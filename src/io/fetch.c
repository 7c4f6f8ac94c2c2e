#include "io/fetch.h"

#include <stdlib.h>

#include <curl/curl.h>
#include <event2/event.h>

#include "base/arena.h"
#include "base/law.h"
#include "base/text.h"
#include "io/fetch_easy.h"
#include "io/loop.h"

/* Idle connections kept for requests that may reuse one. */
#define KEPT_CONNECTIONS 64L

/* One request under way; it lives in the arena of its outcome. */
struct flight {
	struct fetch_easy easy; /* first: libcurl knows its address */
	struct flight *next, **at;
	struct fetcher *fetcher;
	fetch_fn *done;
	void *arg;
};

struct fetcher {
	CURLM *multi;
	struct loop *loop;
	struct loop_timer *timer;   /* libcurl's */
	struct loop_timer *refuser; /* ends what may not be performed */
	struct flight *flights;
	size_t active;
};

const char *
fetch_header_find(const struct fetch_outcome *out, const char *name)
{
	for (size_t i = 0; i < out->header_count; i++)
		if (text_eq_ci(out->headers[i].name, name))
			return out->headers[i].value;
	return NULL;
}

static void
join(struct fetcher *f, struct flight *x)
{
	x->fetcher = f;
	x->next = f->flights;
	x->at = &f->flights;
	if (x->next != NULL)
		x->next->at = &x->next;
	f->flights = x;
	f->active++;
}

static void
part(struct flight *x)
{
	struct fetcher *f = x->fetcher;

	*x->at = x->next;
	if (x->next != NULL)
		x->next->at = x->at;
	f->active--;
	if (x->easy.curl != NULL)
		(void)curl_multi_remove_handle(f->multi, x->easy.curl);
	fetch_easy_close(&x->easy);
}

/* Last: the callback may start another request or free the memory of this. */
static void
finish(struct flight *x)
{
	struct fetch_outcome *out = x->easy.out;
	fetch_fn *done = x->done;
	void *arg = x->arg;

	part(x);
	done(out, arg);
}

static void
collect(struct fetcher *f)
{
	CURLMsg *msg;
	int left;
	void *flight;

	while ((msg = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		law(curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE,
			&flight) == CURLE_OK);
		fetch_easy_judge(flight, (int)msg->data.result);
		finish(flight);
	}
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct fetcher *f = arg;
	int running;
	int action = ((what & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
	    ((what & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0);

	law(curl_multi_socket_action(f->multi, fd, action, &running) ==
	    CURLM_OK);
	collect(f);
}

static void
on_timer(void *arg)
{
	struct fetcher *f = arg;
	int running;

	law(curl_multi_socket_action(
		f->multi, CURL_SOCKET_TIMEOUT, 0, &running) == CURLM_OK);
	collect(f);
}

/* The first request that has no handle; the callback may add another. */
static struct flight *
find_refused(const struct fetcher *f)
{
	struct flight *x = f->flights;

	while (x != NULL && x->easy.curl != NULL)
		x = x->next;
	return x;
}

static void
on_refused(void *arg)
{
	struct fetcher *f = arg;
	struct flight *x;

	while ((x = find_refused(f)) != NULL)
		finish(x);
}

/* libcurl wants to be called in `ms`, or not at all. */
static int
want_timer(CURLM *multi, long ms, void *arg)
{
	struct fetcher *f = arg;

	(void)multi;
	if (ms < 0)
		loop_timer_stop(f->timer);
	else
		loop_timer_set(f->timer, (int)ms);
	return 0;
}

/* libcurl wants to know when the socket is ready, or no longer. */
static int
want_socket(CURL *curl, curl_socket_t fd, int what, void *arg, void *have)
{
	struct fetcher *f = arg;
	struct event *event = have;
	short wanted =
	    (short)(EV_PERSIST | ((what & CURL_POLL_IN) != 0 ? EV_READ : 0) |
		((what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0));

	(void)curl;
	if (event != NULL)
		event_free(event);
	event = NULL;
	if (what != CURL_POLL_REMOVE) {
		event = event_new(loop_base(f->loop), fd, wanted, on_ready, f);
		law(event != NULL && event_add(event, NULL) == 0);
	}
	law(curl_multi_assign(f->multi, fd, event) == CURLM_OK);
	return 0;
}

static void
set_callbacks(struct fetcher *f)
{
	bool ok;

	ok = curl_multi_setopt(
		 f->multi, CURLMOPT_SOCKETFUNCTION, want_socket) == CURLM_OK &&
	    curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f) == CURLM_OK &&
	    curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, want_timer) ==
		CURLM_OK &&
	    curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f) == CURLM_OK &&
	    curl_multi_setopt(
		f->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS) == CURLM_OK;
	law(ok);
}

enum err
fetcher_open(struct ctx *c, struct loop *loop, struct fetcher **out)
{
	struct fetcher *f = calloc(1, sizeof(*f));

	fetch_easy_init();
	if (f != NULL)
		f->multi = curl_multi_init();
	if (f == NULL || f->multi == NULL) {
		free(f);
		return fail(c, ERR_INTERNAL, "libcurl cannot start");
	}
	f->loop = loop;
	f->timer = loop_timer_new(loop, on_timer, f);
	f->refuser = loop_timer_new(loop, on_refused, f);
	set_callbacks(f);
	*out = f;
	return OK;
}

void
fetcher_close(struct fetcher **f)
{
	if (*f == NULL)
		return;
	while ((*f)->flights != NULL)
		part((*f)->flights);
	/* Closes the idle connections; they have no events any more. */
	(void)curl_multi_cleanup((*f)->multi);
	loop_timer_stop((*f)->timer);
	loop_timer_stop((*f)->refuser);
	free(*f);
	*f = NULL;
}

void
fetch_start(struct fetcher *f, struct arena *mem,
    const struct fetch_request *rq, struct fetch_outcome *out, fetch_fn *done,
    void *arg)
{
	struct flight *x = arena_one(mem, struct flight);
	bool may_go = fetch_easy_open(&x->easy, mem, rq, out);

	x->done = done;
	x->arg = arg;
	join(f, x);
	if (may_go)
		law(curl_multi_add_handle(f->multi, x->easy.curl) == CURLM_OK);
	else
		loop_timer_set(f->refuser, 0);
}

size_t
fetcher_active(const struct fetcher *f)
{
	return f->active;
}

void
fetch_run(
    struct ctx *c, const struct fetch_request *rq, struct fetch_outcome *out)
{
	struct fetch_easy x;

	fetch_easy_init();
	if (!fetch_easy_open(&x, c->mem, rq, out))
		return;
	fetch_easy_judge(&x, (int)curl_easy_perform(x.curl));
	fetch_easy_close(&x);
}
