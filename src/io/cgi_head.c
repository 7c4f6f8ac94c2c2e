#include "io/cgi_head.h"

#include <stdint.h>

#define HEADER_SIZE  8
#define FCGI_VERSION 1
#define TYPE_BEGIN   1
#define TYPE_PARAMS  4
#define ROLE_RESPOND 1
#define BEGIN_SIZE   8

struct record {
	const unsigned char *content;
	size_t size;
	unsigned type, id;
};

/* The name-value pairs of PARAMS, read across record borders. */
struct pairs {
	size_t total; /* bytes seen */
	size_t max;
	size_t skip;  /* bytes of name and value still to come */
	uint32_t len; /* the length being read */
	int need;     /* its bytes still to come */
	int which;    /* 0 name, 1 value */
	size_t pair;  /* name + value of the pair being read */
};

static size_t
u16(const unsigned char *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/* The record at *at, which moves behind it; MORE when it is not whole. */
static enum cgi_head_state
record_next(
    const unsigned char *bytes, size_t n, size_t *at, struct record *out)
{
	const unsigned char *p = bytes + *at;
	size_t left = n - *at;

	if (left >= 1 && p[0] != FCGI_VERSION)
		return CGI_HEAD_BAD;
	if (left < HEADER_SIZE)
		return CGI_HEAD_MORE;
	out->type = p[1];
	out->id = (unsigned)u16(p + 2);
	out->size = u16(p + 4);
	out->content = p + HEADER_SIZE;
	if (left - HEADER_SIZE < out->size + p[6])
		return CGI_HEAD_MORE;
	*at += HEADER_SIZE + out->size + p[6];
	return CGI_HEAD_WHOLE;
}

static bool
length_done(struct pairs *s)
{
	s->pair += s->len;
	if (s->pair > s->max)
		return false;
	if (s->which == 1) {
		s->skip = s->pair;
		s->pair = 0;
	}
	s->which = !s->which;
	return true;
}

/* One byte of a length: 0xxxxxxx, or 1xxxxxxx and three more. */
static bool
length_byte(struct pairs *s, unsigned char b)
{
	if (s->need == 0) {
		s->len = b & 0x7f;
		s->need = b & 0x80 ? 3 : 0;
	} else {
		s->len = s->len << 8 | b;
		s->need--;
	}
	return s->need > 0 || length_done(s);
}

static bool
pairs_feed(struct pairs *s, const unsigned char *p, size_t n)
{
	s->total += n;
	if (s->total > s->max)
		return false;
	for (size_t i = 0; i < n;) {
		if (s->skip > 0) {
			size_t step = n - i < s->skip ? n - i : s->skip;

			s->skip -= step;
			i += step;
		} else if (!length_byte(s, p[i++])) {
			return false;
		}
	}
	return true;
}

static bool
pairs_at_end(const struct pairs *s)
{
	return s->skip == 0 && s->need == 0 && s->which == 0;
}

static bool
is_begin(const struct record *r)
{
	return r->type == TYPE_BEGIN && r->id != 0 && r->size == BEGIN_SIZE &&
	    u16(r->content) == ROLE_RESPOND;
}

enum cgi_head_state
cgi_head_scan(const unsigned char *bytes, size_t n, size_t max_params)
{
	struct pairs pairs = {.max = max_params};
	enum cgi_head_state state;
	struct record r;
	unsigned id;
	size_t at = 0;

	state = record_next(bytes, n, &at, &r);
	if (state != CGI_HEAD_WHOLE)
		return state;
	if (!is_begin(&r))
		return CGI_HEAD_BAD;
	id = r.id;
	for (;;) {
		state = record_next(bytes, n, &at, &r);
		if (state != CGI_HEAD_WHOLE)
			return state;
		if (r.type != TYPE_PARAMS || r.id != id)
			return CGI_HEAD_BAD;
		if (r.size == 0)
			return pairs_at_end(&pairs) ? CGI_HEAD_WHOLE :
						      CGI_HEAD_BAD;
		if (!pairs_feed(&pairs, r.content, r.size))
			return CGI_HEAD_BAD;
	}
}
