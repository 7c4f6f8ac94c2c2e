/*
 * fcgi_fuzz - any bytes on a FastCGI connection. What is refused is refused
 * in time; what is taken can be asked for headers, cookies, parameters and a
 * route, and answered.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/law.h"
#include "base/text.h"
#include "io/cgi.h"
#include "io/cgi_head.h"
#include "web/request.h"
#include "web/router.h"

#define MAX_PARAMS 4096
#define MAX_BODY   1024

static const struct route rows[] = {
    {.op = "a", .path = "/a/{id}/b", .doors = DOOR_WEB}};
static const struct route_table table = {rows, 1};

/* What the guards and handlers may ask. */
static void
look(struct ctx *c, struct cgi *cgi)
{
	struct request rq = {.params = cgi_params(cgi)};
	const char *uri = request_cgi(&rq, "DOCUMENT_URI");
	const char *allow;
	const char *value;

	rq.body = cgi_body(cgi, &rq.body_size);
	rq.query = request_cgi(&rq, "QUERY_STRING");
	law(rq.body_size <= MAX_BODY);
	law(cgi_fault(cgi) != OK || strlen(rq.body) <= rq.body_size);
	(void)request_cookie(c, &rq, "a");
	(void)request_bearer(&rq);
	(void)request_is_decodable(c, &rq);
	value = request_param(c, &rq, "a");
	law(value == NULL || text_is_utf8(value, strlen(value)));
	if (uri == NULL || !router_door(uri, &rq.door, &rq.path))
		return;
	if (router_find(c, &table, &rq, &allow) == OK)
		law(rq.value_count == 1 && *rq.values[0].value != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct cgi_limits limits = {MAX_PARAMS, MAX_BODY, 1000};
	static bool ready;
	struct ctx c = {.mem = arena_new("fuzz", (size_t)16 << 20)};
	struct cgi *cgi;
	int pair[2];

	if (!ready)
		cgi_init();
	ready = true;
	law(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	/* All of it is there before anyone reads: nothing has to wait. */
	if (n > 65536)
		n = 65536;
	law(send(pair[0], bytes, n, 0) == (ssize_t)n);
	law(shutdown(pair[0], SHUT_WR) == 0);
	cgi = cgi_open(pair[1], 1000);
	if (cgi_read(cgi, &limits, c.mem)) {
		law(cgi_head_scan(bytes, n, MAX_PARAMS) == CGI_HEAD_WHOLE);
		look(&c, cgi);
		cgi_write(cgi, "\r\n\r\n", 4);
		(void)cgi_finish(cgi, true);
	}
	cgi_close(&cgi);
	(void)close(pair[0]);
	arena_free(&c.mem);
	return 0;
}
