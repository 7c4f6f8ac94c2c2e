#include <string.h>

#include "harness/fcgi_client.h"
#include "harness/suite.h"
#include "io/cgi_head.h"

#define MAX 1000

static unsigned char bytes[70000];
static size_t size;

static void
add(int type, const void *content, size_t n)
{
	size += fcgi_record(bytes + size, type, content, n);
}

static void
start(void)
{
	size = fcgi_begin(bytes, true);
}

/* A=B */
static const char PAIR[] = "\x01\x01"
			   "AB";

static void
whole_only_with_its_end(void)
{
	start();
	add(4, PAIR, 4);
	add(4, PAIR, 4);
	add(4, NULL, 0);
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_WHOLE);
	for (size_t n = 0; n < size; n++)
		CU_ASSERT_EQUAL(cgi_head_scan(bytes, n, MAX), CGI_HEAD_MORE);
	add(5, "body", 4);
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_WHOLE);
}

static void
pairs_may_cross_records(void)
{
	start();
	for (size_t i = 0; i < 4; i++)
		add(4, PAIR + i, 1);
	add(4, "\x80\x00\x00", 3);
	add(4, "\x01\x00", 2);
	add(4, "N", 1);
	add(4, NULL, 0);
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_WHOLE);
}

/* Each is a whole PARAMS stream that must not reach libfcgi. */
static void
lengths_beyond_the_bound_are_refused(void)
{
	static const struct {
		const char *content;
		size_t n;
	} rows[] = {
	    {"\xff\xff\xff\xff\xff\xff\xff\xff"
	     "AAAA",
		12}, /* CVE-2025-23016 */
	    {"\xc0\x00\x00\x00\x01"
	     "A",
		6},                      /* 1 GiB from 6 bytes */
	    {"\x80\x00\x03\xe9\x00", 5}, /* 1001 of 1000 */
	    {"\x05\x00"
	     "AB",
		4},          /* ends inside a name */
	    {"\x01", 1},     /* ends inside a pair */
	    {"\x80\x00", 2}, /* ends inside a length */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start();
		add(4, rows[i].content, rows[i].n);
		add(4, NULL, 0);
		CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_BAD);
	}
}

static void
many_small_pairs_are_bounded(void)
{
	start();
	for (int i = 0; i < MAX / 4 + 1; i++)
		add(4, PAIR, 4);
	add(4, NULL, 0);
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_BAD);
}

static void
only_a_responder_request_is_good(void)
{
	unsigned char role[8] = {0, 2};

	size = fcgi_record(bytes, 1, role, 8);
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_BAD);
	start();
	bytes[0] = 9; /* version */
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, 1, MAX), CGI_HEAD_BAD);
	size = fcgi_record(bytes, 4, PAIR, 4); /* no BEGIN_REQUEST */
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_BAD);
	start();
	add(5, "x", 1); /* STDIN before the end of PARAMS */
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_BAD);
	start();
	add(4, NULL, 0);
	bytes[16 + 3] = 2; /* another request id */
	CU_ASSERT_EQUAL(cgi_head_scan(bytes, size, MAX), CGI_HEAD_BAD);
}

SUITE("cgi_head",
    {"a head is whole only with its end", whole_only_with_its_end},
    {"pairs may cross records", pairs_may_cross_records},
    {"lengths beyond the bound are refused",
	lengths_beyond_the_bound_are_refused},
    {"many small pairs are bounded too", many_small_pairs_are_bounded},
    {"only a responder's request is good", only_a_responder_request_is_good})
