/*
 * raw_server - an HTTP server that misbehaves as its paths say. It listens on
 * all loopback addresses, IPv4 and IPv6, and counts what reaches it.
 *
 *	/ok       200 "hello", the connection stays
 *	/echo     200 with the request itself as the body
 *	/big      200 with 1 MiB
 *	/cut      half of the announced body, then the end
 *	/reset    reads the request, then resets the connection
 *	/half     half of the head, then the end
 *	/drop     reads the request, closes in silence
 *	/silent   reads the request, says nothing
 *	/drip     a head, then a byte of the body every 20 ms, without end
 *	/flood    headers without end
 *	/hints    103, then 200 "hello"
 *	/moved    302 to /ok
 *	/garbage  no HTTP at all
 */
#ifndef T_RAW_SERVER_H
#define T_RAW_SERVER_H

struct raw_server;

struct raw_server *raw_server_open(void);
void raw_server_close(struct raw_server **s);

int raw_server_port(const struct raw_server *s);

/* How many connections were accepted, and requests for `path` read. */
unsigned raw_server_connections(struct raw_server *s);
unsigned raw_server_requests(struct raw_server *s, const char *path);

/* A port of 127.0.0.1 on which nobody listens. */
int raw_server_closed_port(void);

#endif
