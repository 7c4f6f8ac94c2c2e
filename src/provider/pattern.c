#include "provider/pattern.h"

#include <regex.h>
#include <string.h>

#include "base/arena.h"

#define MAX_PATTERN 256
#define MAX_SUBJECT 65536
#define MAX_GROUPS  9

struct pattern {
	regex_t re;
};

static void
release(void *at)
{
	regfree(at);
}

static enum err
compile(struct reader *r, const struct js *v, int flags, void *at)
{
	struct pattern *p = arena_one(r->c->mem, struct pattern);
	const char *text = NULL;
	char why[128];
	int rc;

	TRY(read_text(r, v, NULL, &text));
	if (strlen(text) > MAX_PATTERN)
		return reader_refuse(
		    r, "pattern is longer than %d bytes", MAX_PATTERN);
	rc = regcomp(&p->re, text, REG_EXTENDED | flags);
	if (rc != 0) {
		(void)regerror(rc, &p->re, why, sizeof(why));
		return reader_refuse(r, "pattern: %s", why);
	}
	arena_defer(r->c->mem, release, &p->re);
	if (p->re.re_nsub > MAX_GROUPS)
		return reader_refuse(
		    r, "pattern has more than %d groups", MAX_GROUPS);
	*(const struct pattern **)at = p;
	return OK;
}

enum err
read_pattern(struct reader *r, const struct js *v, const void *arg, void *at)
{
	(void)arg;
	return compile(r, v, 0, at);
}

enum err
read_pattern_ci(struct reader *r, const struct js *v, const void *arg, void *at)
{
	(void)arg;
	return compile(r, v, REG_ICASE, at);
}

bool
pattern_matches(const struct pattern *p, const char *text)
{
	return strlen(text) <= MAX_SUBJECT &&
	    regexec(&p->re, text, 0, NULL, 0) == 0;
}

size_t
pattern_groups(const struct pattern *p)
{
	return p->re.re_nsub;
}

const char *
pattern_group(
    struct arena *mem, const struct pattern *p, const char *text, size_t group)
{
	regmatch_t m[MAX_GROUPS + 1];

	if (group > MAX_GROUPS || strlen(text) > MAX_SUBJECT ||
	    regexec(&p->re, text, group + 1, m, 0) != 0 || m[group].rm_so < 0)
		return NULL;
	return arena_strndup(mem, text + m[group].rm_so,
	    (size_t)(m[group].rm_eo - m[group].rm_so));
}
