#include "io/httpd.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "base/arena.h"
#include "base/law.h"
#include "base/log.h"
#include "base/text.h"

#define CALL_LIMIT  ((size_t)512 << 20) /* a list of all prices is ~10 MB */
#define HEADERS_MAX (64 << 10)
#define METHODS                                                                \
	(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | \
	    EVHTTP_REQ_DELETE | EVHTTP_REQ_PATCH)

struct httpd {
	struct event_base *base;
	struct evhttp *http;
	struct event *signals[2];
	httpd_fn *serve;
	void *arg;
	struct httpd_call *calls; /* those not ended */
	int port;
	int idle_s;
};

struct httpd_call {
	struct httpd *h;
	struct evhttp_request *rq;
	struct arena *mem;
	struct evkeyvalq query;
	struct evkeyvalq form;
	struct event *timer;
	httpd_fn *fn; /* what the timer runs */
	void *arg;
	struct httpd_stream stream;
	int64_t gone_by; /* bytes of the stream already handed over */
	bool held;       /* the timer only ends the silence */
	struct httpd_call *prev;
	struct httpd_call *next;
};

/* ---- life of a call ---- */

static void
call_free(struct httpd_call *call)
{
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->h->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	if (call->timer != NULL)
		event_free(call->timer);
	evhttp_clear_headers(&call->query);
	evhttp_clear_headers(&call->form);
	arena_free(&call->mem);
	free(call);
}

/* The connection, or NULL when the client has left. */
static struct evhttp_connection *
peer(const struct httpd_call *call)
{
	return evhttp_request_get_connection(call->rq);
}

/* Stop watching the connection: libevent takes the request over now. */
static void
unwatch(struct httpd_call *call)
{
	struct evhttp_connection *conn = peer(call);

	if (conn != NULL)
		evhttp_connection_set_closecb(conn, NULL, NULL);
}

/* The client has left and nobody else will free the request. */
static void
call_drop(void *arg, struct httpd_call *call)
{
	(void)arg;
	evhttp_request_free(call->rq);
	call_free(call);
}

static void
timer_fired(evutil_socket_t fd, short what, void *arg)
{
	struct httpd_call *call = arg;

	(void)fd;
	(void)what;
	call->fn(call->arg, call);
}

void
httpd_later(struct httpd_call *call, int64_t ms, httpd_fn *fn, void *arg)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	if (call->timer == NULL)
		call->timer = evtimer_new(call->h->base, timer_fired, call);
	law(call->timer != NULL);
	call->fn = fn;
	call->arg = arg;
	(void)evtimer_add(call->timer, &tv); /* fails only without memory */
}

/*
 * The client went away. A call with a timer lives on, for its effect may
 * still be to come; a silent or streaming one is dropped, but only after
 * libevent has let go of the request.
 */
static void
client_left(struct evhttp_connection *conn, void *arg)
{
	struct httpd_call *call = arg;

	(void)conn;
	if (call->held || call->timer == NULL ||
	    !evtimer_pending(call->timer, NULL))
		httpd_later(call, 0, call_drop, NULL);
}

static void
read_query(struct httpd_call *call)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(call->rq);
	const char *query = uri == NULL ? NULL : evhttp_uri_get_query(uri);

	TAILQ_INIT(&call->query);
	if (query != NULL && *query != '\0')
		(void)evhttp_parse_query_str(query, &call->query);
}

static void
read_form(struct httpd_call *call)
{
	const char *type = httpd_header(call, "Content-Type");
	size_t len;

	TAILQ_INIT(&call->form);
	if (type != NULL &&
	    text_starts_ci(type, "application/x-www-form-urlencoded"))
		(void)evhttp_parse_query_str(
		    httpd_body(call, &len), &call->form);
}

static void
accept_call(struct evhttp_request *rq, void *arg)
{
	struct httpd *h = arg;
	struct httpd_call *call = calloc(1, sizeof(*call));

	law(call != NULL);
	call->h = h;
	call->rq = rq;
	call->mem = arena_new("httpd call", CALL_LIMIT);
	call->next = h->calls;
	if (h->calls != NULL)
		h->calls->prev = call;
	h->calls = call;
	read_query(call);
	read_form(call);
	evhttp_connection_set_closecb(peer(call), client_left, call);
	h->serve(h->arg, call);
}

/* ---- the server ---- */

static void
signalled(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	httpd_stop(arg);
}

static void
quiet(int severity, const char *text)
{
	(void)severity;
	log_ev(NULL, LEVEL_DEBUG, "httpd.libevent", L_STR("text", text));
}

static int
bound_port(struct evhttp_bound_socket *bound)
{
	struct sockaddr_storage at = {0};
	socklen_t len = sizeof(at);
	char host[64];
	char port[16];
	int64_t n = 0;

	if (getsockname(evhttp_bound_socket_get_fd(bound),
		(struct sockaddr *)&at, &len) != 0 ||
	    getnameinfo((struct sockaddr *)&at, len, host, sizeof(host), port,
		sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0 ||
	    !text_to_i64(port, 1, 65535, &n))
		return 0;
	return (int)n;
}

static enum err
listen_on(struct ctx *c, struct httpd *h, const struct httpd_options *o)
{
	struct evhttp_bound_socket *bound;
	int on = 1;

	evhttp_set_allowed_methods(h->http, METHODS);
	evhttp_set_max_headers_size(h->http, HEADERS_MAX);
	evhttp_set_max_body_size(h->http, (ev_ssize_t)o->max_body);
	evhttp_set_timeout(h->http, o->idle_s);
	evhttp_set_default_content_type(h->http, NULL);
	evhttp_set_gencb(h->http, accept_call, h);
	bound = evhttp_bind_socket_with_handle(
	    h->http, o->address, (ev_uint16_t)o->port);
	if (bound == NULL)
		return fail(c, ERR_UNAVAILABLE, "cannot listen on %s port %d",
		    o->address, o->port);
	/* Accepted sockets inherit it (Linux). Without it the last part of an
	 * answer waits up to 40 ms for a delayed acknowledgement. */
	if (setsockopt(evhttp_bound_socket_get_fd(bound), IPPROTO_TCP,
		TCP_NODELAY, &on, sizeof(on)) != 0)
		return fail(c, ERR_UNAVAILABLE, "cannot set TCP_NODELAY");
	h->port = bound_port(bound);
	return OK;
}

static void
watch_signals(struct httpd *h)
{
	static const int numbers[] = {SIGTERM, SIGINT};

	for (int i = 0; i < 2; i++) {
		h->signals[i] = evsignal_new(h->base, numbers[i], signalled, h);
		law(h->signals[i] != NULL);
		(void)evsignal_add(h->signals[i], NULL); /* memory only */
	}
	(void)signal(SIGPIPE, SIG_IGN); /* cannot fail for this number */
}

enum err
httpd_open(struct ctx *c, const struct httpd_options *o, struct httpd **out)
{
	struct httpd *h = calloc(1, sizeof(*h));
	enum err err;

	law(h != NULL);
	event_set_log_callback(quiet);
	h->serve = o->serve;
	h->arg = o->arg;
	h->idle_s = o->idle_s;
	h->base = event_base_new();
	law(h->base != NULL);
	h->http = evhttp_new(h->base);
	law(h->http != NULL);
	watch_signals(h);
	err = listen_on(c, h, o);
	if (err != OK)
		httpd_close(&h);
	*out = h;
	return err;
}

int
httpd_port(const struct httpd *h)
{
	return h->port;
}

void
httpd_run(struct httpd *h)
{
	(void)event_base_dispatch(h->base); /* ends by httpd_stop */
}

void
httpd_stop(struct httpd *h)
{
	(void)event_base_loopexit(h->base, NULL); /* fails without memory */
}

void
httpd_close(struct httpd **h)
{
	struct httpd *old = *h;
	struct httpd_call *next;

	if (old == NULL)
		return;
	*h = NULL;
	for (struct httpd_call *call = old->calls; call != NULL; call = next) {
		bool ours = peer(call) == NULL;

		next = call->next;
		unwatch(call);
		if (ours)
			evhttp_request_free(call->rq);
		call_free(call); /* a connected one goes with evhttp_free */
	}
	evhttp_free(old->http);
	for (int i = 0; i < 2; i++)
		event_free(old->signals[i]);
	event_base_free(old->base);
	free(old);
}

/* ---- the request ---- */

struct arena *
httpd_mem(struct httpd_call *call)
{
	return call->mem;
}

const char *
httpd_method(const struct httpd_call *call)
{
	switch ((int)evhttp_request_get_command(call->rq)) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_HEAD:
		return "HEAD";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	default:
		return "PATCH";
	}
}

const char *
httpd_path(const struct httpd_call *call)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(call->rq);
	const char *path = uri == NULL ? NULL : evhttp_uri_get_path(uri);

	return path == NULL ? "" : path;
}

const char *
httpd_param(const struct httpd_call *call, const char *name)
{
	const char *value = evhttp_find_header(&call->query, name);

	return value != NULL ? value : evhttp_find_header(&call->form, name);
}

const char *
httpd_header(const struct httpd_call *call, const char *name)
{
	return evhttp_find_header(
	    evhttp_request_get_input_headers(call->rq), name);
}

const char *
httpd_body(struct httpd_call *call, size_t *len)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(call->rq);
	size_t n = evbuffer_get_length(in);
	char *copy = arena_alloc(call->mem, n + 1, 1);

	*len = n;
	if (n > 0)
		law(evbuffer_copyout(in, copy, n) == (ev_ssize_t)n);
	return copy;
}

/* ---- the answer ---- */

void
httpd_set_header(struct httpd_call *call, const char *name, const char *value)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(call->rq);

	(void)evhttp_remove_header(out, name); /* -1: was not there */
	/* Refused is only a value with a line break, and ours have none. */
	(void)evhttp_add_header(out, name, value);
}

/* The reason phrase is libevent's own for the status. */
void
httpd_answer(struct httpd_call *call, int status, const char *type,
    const void *body, size_t len)
{
	struct evbuffer *out;

	if (peer(call) == NULL) {
		call_drop(NULL, call);
		return;
	}
	if (type != NULL)
		httpd_set_header(call, "Content-Type", type);
	out = evbuffer_new();
	law(out != NULL);
	if (len > 0)
		law(evbuffer_add(out, body, len) == 0);
	unwatch(call);
	evhttp_send_reply(call->rq, status, NULL, out);
	evbuffer_free(out);
	call_free(call);
}

static void stream_step(void *arg, struct httpd_call *call);

static void
stream_flushed(struct evhttp_connection *conn, void *arg)
{
	(void)conn;
	stream_step(NULL, arg);
}

static void
stream_end(struct httpd_call *call)
{
	unwatch(call);
	evhttp_send_reply_end(call->rq);
	call_free(call);
}

/* `n` bytes of the repeated pattern from where the stream stands. */
static struct evbuffer *
stream_piece(struct httpd_call *call, int64_t n)
{
	const struct httpd_stream *s = &call->stream;
	struct evbuffer *piece = evbuffer_new();

	law(piece != NULL);
	while (n > 0) {
		size_t from = (size_t)call->gone_by % s->len;
		size_t take = s->len - from;

		if ((int64_t)take > n)
			take = (size_t)n;
		law(evbuffer_add(piece, (const char *)s->bytes + from, take) ==
		    0);
		call->gone_by += (int64_t)take;
		n -= (int64_t)take;
	}
	return piece;
}

static void
stream_step(void *arg, struct httpd_call *call)
{
	const struct httpd_stream *s = &call->stream;
	int64_t left = s->sent - call->gone_by;
	struct evbuffer *piece;

	(void)arg;
	if (peer(call) == NULL) {
		call_drop(NULL, call);
		return;
	}
	if (left <= 0) {
		stream_end(call);
		return;
	}
	piece = stream_piece(call, left < s->step ? left : s->step);
	if (s->every_ms > 0) {
		evhttp_send_reply_chunk(call->rq, piece);
		httpd_later(call, s->every_ms, stream_step, NULL);
	} else {
		evhttp_send_reply_chunk_with_cb(
		    call->rq, piece, stream_flushed, call);
	}
	evbuffer_free(piece);
}

void
httpd_stream(struct httpd_call *call, int status, const char *type,
    const struct httpd_stream *s)
{
	if (peer(call) == NULL) {
		call_drop(NULL, call);
		return;
	}
	law(s->len > 0 && s->step > 0 && s->sent <= s->announced);
	call->stream = *s;
	call->stream.bytes = arena_strndup(call->mem, s->bytes, s->len);
	if (type != NULL)
		httpd_set_header(call, "Content-Type", type);
	httpd_set_header(call, "Content-Length",
	    arena_fmt(call->mem, "%lld", (long long)s->announced));
	if (s->sent < s->announced)
		httpd_set_header(call, "Connection", "close");
	evhttp_send_reply_start(call->rq, status, NULL);
	httpd_later(call, 0, stream_step, NULL);
}

/* Freeing a connection frees the request on it as well. */
static void
cut(struct httpd_call *call, bool reset)
{
	struct evhttp_connection *conn = peer(call);
	struct sockaddr none = {.sa_family = AF_UNSPEC};

	if (conn == NULL) {
		call_drop(NULL, call);
		return;
	}
	/* Dissolving the association makes Linux send RST (tcp(7)). */
	if (reset)
		(void)connect(
		    bufferevent_getfd(evhttp_connection_get_bufferevent(conn)),
		    &none, sizeof(none));
	unwatch(call);
	call_free(call);
	evhttp_connection_free(conn);
}

static void
reset_now(void *arg, struct httpd_call *call)
{
	(void)arg;
	cut(call, true);
}

static void
hang_up_now(void *arg, struct httpd_call *call)
{
	(void)arg;
	cut(call, false);
}

/* Both wait one turn: libevent still works on the connection while it runs
 * the function that serves. */
void
httpd_reset(struct httpd_call *call)
{
	httpd_later(call, 0, reset_now, NULL);
}

void
httpd_hang_up(struct httpd_call *call)
{
	httpd_later(call, 0, hang_up_now, NULL);
}

/* A POST's connection is not read any more, so that its end goes unseen. */
void
httpd_hold(struct httpd_call *call)
{
	call->held = true;
	httpd_later(call, call->h->idle_s * INT64_C(1000), hang_up_now, NULL);
}
