#include "io/fetch_easy.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/text.h"
#include "io/address.h"

#define HEADER_BYTES_MAX 32768
#define TOO_LATE         "it was too late to be sent"

static void
init_once(void)
{
	law(curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK);
	law(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
}

void
fetch_easy_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	law(pthread_once(&once, init_once) == 0);
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct fetch_easy *x = arg;
	size_t room = x->rq->max_body - x->body.len;

	n *= size;
	if (n > room)
		x->too_large = true;
	buf_add(&x->body, bytes, n > room ? room : n);
	return n > room ? 0 : n; /* other than n ends the transfer */
}

/* "Name: value\r\n" as a header; the line is cut where the colon was. */
static void
keep_header(struct fetch_easy *x, const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	struct fetch_header *h = &x->got[x->got_count];

	if (colon == NULL)
		return;
	h->name = arena_strndup(x->mem, line, (size_t)(colon - line));
	h->value = text_trim(x->mem,
	    arena_strndup(x->mem, colon + 1, n - (size_t)(colon + 1 - line)));
	x->got_count++;
}

static size_t
on_header(char *line, size_t size, size_t n, void *arg)
{
	struct fetch_easy *x = arg;

	n *= size;
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		x->got_count = 0; /* what came before was a 1xx answer */
		x->head_ended = false;
	}
	x->head_ended = x->head_ended || line[0] == '\r' || line[0] == '\n';
	x->got_bytes += n;
	if (x->got_count == FETCH_HEADERS_MAX ||
	    x->got_bytes > HEADER_BYTES_MAX) {
		x->too_large = true;
		return 0;
	}
	keep_header(x, line, n);
	return n;
}

static bool
port_is_allowed(const struct fetch_request *rq, int port)
{
	static const int web[] = {80, 443, 8443, 0};
	const int *p = rq->ports;

	if (p == NULL && rq->check_address)
		p = web;
	if (p == NULL)
		return true;
	for (; *p != 0; p++)
		if (*p == port)
			return true;
	return false;
}

static bool
is_over(const struct fetch_request *rq)
{
	return rq->over_by != 0 && clock_mono() >= rq->over_by;
}

/* Before each connection, with the very address it will go to. */
static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *at)
{
	struct fetch_easy *x = arg;

	/* This process may have stood still since the request was made. */
	x->too_late = is_over(x->rq);
	if (x->too_late)
		return CURL_SOCKET_BAD;
	if (purpose != CURLSOCKTYPE_IPCXN ||
	    !port_is_allowed(x->rq, address_port(&at->addr)) ||
	    (x->rq->check_address &&
		(!address_is_public(&at->addr) || address_is_own(&at->addr)))) {
		x->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

/* Nothing that could end the line or start another one. */
static bool
is_header_text(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7f)
			return false;
	return true;
}

static void
add_line(struct fetch_easy *x, const char *line)
{
	struct curl_slist *longer = curl_slist_append(x->headers, line);

	law(longer != NULL);
	x->headers = longer;
}

static bool
add_headers(struct fetch_easy *x)
{
	bool has_type = false;

	for (size_t i = 0; i < x->rq->header_count; i++) {
		const struct fetch_header *h = &x->rq->headers[i];

		if (*h->name == '\0' || strpbrk(h->name, ":; ") != NULL ||
		    !is_header_text(h->name) || !is_header_text(h->value))
			return false;
		has_type = has_type || text_eq_ci(h->name, "Content-Type");
		/* To libcurl "Name:" means none, "Name;" an empty one. */
		add_line(x,
		    *h->value == '\0' ?
			arena_fmt(x->mem, "%s;", h->name) :
			arena_fmt(x->mem, "%s: %s", h->name, h->value));
	}
	/* No waiting for 100 Continue, no guess at the type of the body. */
	add_line(x, "Expect:");
	if (!has_type)
		add_line(x, "Content-Type:");
	return true;
}

static void
set_long(struct fetch_easy *x, CURLoption option, long value)
{
	law(curl_easy_setopt(x->curl, option, value) == CURLE_OK);
}

static void
set_pointer(struct fetch_easy *x, CURLoption option, const void *value)
{
	law(curl_easy_setopt(x->curl, option, value) == CURLE_OK);
}

/* The laws of fetch.h, the same for every request. */
static void
set_manners(struct fetch_easy *x)
{
	set_pointer(x, CURLOPT_PROTOCOLS_STR, "http,https");
	set_long(x, CURLOPT_FOLLOWLOCATION, 0);
	set_pointer(x, CURLOPT_PROXY, ""); /* nor what the environment says */
	set_long(x, CURLOPT_NOSIGNAL, 1);
	set_long(x, CURLOPT_NETRC, CURL_NETRC_IGNORED);
	set_long(x, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
	set_long(x, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	set_pointer(x, CURLOPT_USERAGENT, "numlease/" NUMLEASE_VERSION);
}

static void
set_callbacks(struct fetch_easy *x)
{
	law(curl_easy_setopt(x->curl, CURLOPT_WRITEFUNCTION, on_body) ==
	    CURLE_OK);
	law(curl_easy_setopt(x->curl, CURLOPT_HEADERFUNCTION, on_header) ==
	    CURLE_OK);
	law(curl_easy_setopt(x->curl, CURLOPT_OPENSOCKETFUNCTION, on_socket) ==
	    CURLE_OK);
	set_pointer(x, CURLOPT_WRITEDATA, x);
	set_pointer(x, CURLOPT_HEADERDATA, x);
	set_pointer(x, CURLOPT_OPENSOCKETDATA, x);
	set_pointer(x, CURLOPT_PRIVATE, x);
	set_pointer(x, CURLOPT_ERRORBUFFER, x->words);
}

static bool
is_fresh(const struct fetch_request *rq)
{
	return rq->paid || rq->check_address;
}

static void
set_body(struct fetch_easy *x)
{
	const struct fetch_request *rq = x->rq;

	law(curl_easy_setopt(x->curl, CURLOPT_POSTFIELDSIZE_LARGE,
		(curl_off_t)rq->body_size) == CURLE_OK);
	set_pointer(x, CURLOPT_POSTFIELDS, rq->body != NULL ? rq->body : "");
}

/* In ms, at least one. */
static int
time_left(const struct fetch_request *rq)
{
	int64_t left = (rq->over_by - clock_mono()) / CLOCK_MS + 1;

	if (rq->over_by == 0 || left > rq->timeout_ms)
		return rq->timeout_ms;
	return left < 1 ? 1 : (int)left;
}

static void
set_request(struct fetch_easy *x)
{
	const struct fetch_request *rq = x->rq;
	int connect_ms = rq->connect_timeout_ms;
	int timeout_ms = time_left(rq);

	set_pointer(x, CURLOPT_URL, rq->url);
	set_pointer(x, CURLOPT_HTTPHEADER, x->headers);
	set_long(x, CURLOPT_TIMEOUT_MS, timeout_ms);
	set_long(x, CURLOPT_CONNECTTIMEOUT_MS,
	    connect_ms > 0 ? connect_ms : timeout_ms);
	set_long(x, CURLOPT_FRESH_CONNECT, is_fresh(rq));
	set_long(x, CURLOPT_FORBID_REUSE, is_fresh(rq));
	if (rq->body != NULL || text_eq(rq->method, "POST"))
		set_body(x);
	if (text_eq(rq->method, "HEAD"))
		set_long(x, CURLOPT_NOBODY, 1);
	else if (!text_eq(rq->method, "GET") || rq->body != NULL)
		set_pointer(x, CURLOPT_CUSTOMREQUEST, rq->method);
}

/* It is not made: nothing was sent. */
static bool
refuse(struct fetch_easy *x, enum fetch_fault fault, const char *why)
{
	x->out->result = FETCH_NOT_SENT;
	x->out->fault = fault;
	x->out->why = why;
	fetch_easy_close(x);
	return false;
}

bool
fetch_easy_open(struct fetch_easy *x, struct arena *mem,
    const struct fetch_request *rq, struct fetch_outcome *out)
{
	law(rq->timeout_ms > 0 && rq->max_body > 0);
	*x = (struct fetch_easy){.rq = rq, .out = out, .mem = mem};
	*out = (struct fetch_outcome){.body = ""};
	if (is_over(rq))
		return refuse(x, FETCH_FAULT_TIMEOUT, TOO_LATE);
	if (!add_headers(x))
		return refuse(x, FETCH_FAULT_REQUEST,
		    "a header holds control characters");
	x->got = arena_many(mem, struct fetch_header, FETCH_HEADERS_MAX);
	buf_init(&x->body, mem);
	x->curl = curl_easy_init();
	law(x->curl != NULL);
	set_manners(x);
	set_callbacks(x);
	set_request(x);
	return true;
}

/* No byte was written; proof only on a connection made for this request. */
static bool
has_sent_nothing(const struct fetch_easy *x)
{
	curl_off_t pretransfer = 1;
	long sent = 1;

	return curl_easy_getinfo(x->curl, CURLINFO_PRETRANSFER_TIME_T,
		   &pretransfer) == CURLE_OK &&
	    curl_easy_getinfo(x->curl, CURLINFO_REQUEST_SIZE, &sent) ==
	    CURLE_OK &&
	    pretransfer == 0 && sent == 0;
}

struct fault_row {
	CURLcode code;
	enum fetch_fault fault;
};

static enum fetch_fault
fault_of(const struct fetch_easy *x, CURLcode code)
{
	static const struct fault_row rows[] = {
	    {CURLE_OK, FETCH_FAULT_NONE},
	    {CURLE_URL_MALFORMAT, FETCH_FAULT_REQUEST},
	    {CURLE_LOGIN_DENIED, FETCH_FAULT_REQUEST},
	    {CURLE_COULDNT_RESOLVE_HOST, FETCH_FAULT_CONNECT},
	    {CURLE_COULDNT_CONNECT, FETCH_FAULT_CONNECT},
	    {CURLE_SSL_CONNECT_ERROR, FETCH_FAULT_TLS},
	    {CURLE_PEER_FAILED_VERIFICATION, FETCH_FAULT_TLS},
	    {CURLE_SSL_CACERT_BADFILE, FETCH_FAULT_TLS},
	    {CURLE_SSL_CERTPROBLEM, FETCH_FAULT_TLS},
	    {CURLE_SSL_CIPHER, FETCH_FAULT_TLS},
	    {CURLE_OPERATION_TIMEDOUT, FETCH_FAULT_TIMEOUT},
	};

	if (x->too_late && code != CURLE_OK)
		return FETCH_FAULT_TIMEOUT;
	if (x->address_refused && code != CURLE_OK)
		return FETCH_FAULT_ADDRESS;
	if (x->too_large)
		return FETCH_FAULT_TOO_LARGE;
	if (code == CURLE_UNSUPPORTED_PROTOCOL && has_sent_nothing(x))
		return FETCH_FAULT_REQUEST;
	/* To libcurl a head that breaks off is an answer without a body. */
	if (code == CURLE_OK && !x->head_ended)
		return FETCH_FAULT_BROKEN;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return rows[i].fault;
	/* Also CURLE_UNSUPPORTED_PROTOCOL of an answer that is no HTTP. */
	return FETCH_FAULT_BROKEN;
}

static const char *
words_of(const struct fetch_easy *x, CURLcode code)
{
	if (code == CURLE_OK)
		return "the head of the answer broke off";
	return x->words[0] != '\0' ? x->words : curl_easy_strerror(code);
}

void
fetch_easy_judge(struct fetch_easy *x, int code)
{
	struct fetch_outcome *out = x->out;
	curl_off_t total = 0;
	long status = 0;

	(void)curl_easy_getinfo(x->curl, CURLINFO_TOTAL_TIME_T, &total);
	(void)curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
	out->fault = fault_of(x, (CURLcode)code);
	out->result = out->fault == FETCH_FAULT_NONE ? FETCH_OK :
	    is_fresh(x->rq) && has_sent_nothing(x)   ? FETCH_NOT_SENT :
						       FETCH_UNCERTAIN;
	if (out->fault != FETCH_FAULT_NONE)
		out->why = arena_dup(x->mem, words_of(x, (CURLcode)code));
	out->status = (int)status;
	out->headers = x->got;
	out->header_count = x->got_count;
	out->body = x->body.at;
	out->body_size = x->body.len;
	out->body_cut = status != 0 && out->fault != FETCH_FAULT_NONE;
	out->total_us = total;
}

void
fetch_easy_close(struct fetch_easy *x)
{
	curl_easy_cleanup(x->curl);
	x->curl = NULL;
	curl_slist_free_all(x->headers);
	x->headers = NULL;
}
