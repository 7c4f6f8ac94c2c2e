/*
 * cgi_head - reads the head of one FastCGI request (BEGIN_REQUEST and the
 * whole PARAMS stream, FastCGI 1.0 sections 3.3 to 5.2) without consuming it,
 * so that libfcgi, which trusts every length it is given and has no time
 * limit, only ever sees a head that is whole and within bounds.
 *
 *	struct cgi_head h = {.max_params = 65536};
 *	switch (cgi_head_scan(&h, bytes, n)) ...
 *
 * `bytes` always starts at the first byte of the request; a scan begins anew.
 */
#ifndef IO_CGI_HEAD_H
#define IO_CGI_HEAD_H

#include <stdbool.h>
#include <stddef.h>

enum cgi_head_state {
	CGI_HEAD_MORE,  /* good so far, not whole yet */
	CGI_HEAD_WHOLE, /* BEGIN_REQUEST and PARAMS are there and sane */
	CGI_HEAD_BAD    /* not a responder request within the bounds */
};

/* Record headers and padding a head of `max_params` bytes may add. */
#define CGI_HEAD_SLACK 4096

enum cgi_head_state cgi_head_scan(
    const unsigned char *bytes, size_t n, size_t max_params);

#endif
