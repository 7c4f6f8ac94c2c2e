#include "web/router.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

static const char *const method_names[] = {
    "GET", "POST", "PATCH", "PUT", "DELETE"};
#define METHODS (sizeof(method_names) / sizeof(method_names[0]))

/* Longest prefix first. */
static const struct {
	const char *prefix;
	enum door door;
	const char *name;
} doors[] = {
    {"/api/compat", DOOR_COMPAT, "compat"},
    {"/api/v1", DOOR_V1, "v1"},
    {"/api", DOOR_WEB, "web"},
};
#define DOORS (sizeof(doors) / sizeof(doors[0]))

enum method
router_method(const char *name)
{
	if (strcmp(name, "HEAD") == 0)
		return METHOD_GET;
	for (size_t i = 0; i < METHODS; i++)
		if (strcmp(name, method_names[i]) == 0)
			return (enum method)i;
	return METHOD_OTHER;
}

bool
router_door(const char *uri, enum door *door, const char **path)
{
	for (size_t i = 0; i < DOORS; i++) {
		size_t n = strlen(doors[i].prefix);

		if (strncmp(uri, doors[i].prefix, n) != 0 || uri[n] != '/')
			continue;
		*door = doors[i].door;
		*path = uri + n;
		return true;
	}
	return false;
}

/* A segment that may stand for "{name}": printable ASCII. */
static bool
is_segment(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return false;
	return n > 0;
}

/* Compare a path with a template, noting what its braces stand for. */
static bool
path_fits(struct ctx *c, const char *template, struct request *rq)
{
	const char *path = rq->path;

	rq->value_count = 0;
	while (*template != '\0') {
		size_t n;
		size_t name;

		if (*template != '{') {
			if (*template ++ != *path++)
				return false;
			continue;
		}
		name = strcspn(template, "}");
		n = strcspn(path, "/");
		if (!is_segment(path, n) ||
		    rq->value_count == REQUEST_MAX_PATH_VALUES)
			return false;
		rq->values[rq->value_count++] = (struct path_value){
		    arena_strndup(c->mem, template + 1, name - 1),
		    arena_strndup(c->mem, path, n)};
		template += name + 1;
		path += n;
	}
	return *path == '\0';
}

static const char *
allow_of(struct ctx *c, unsigned methods)
{
	struct buf b;

	buf_init(&b, c->mem);
	for (size_t i = 0; i < METHODS; i++)
		if (methods & 1U << i)
			buf_fmt(&b, "%s%s%s", b.len > 0 ? ", " : "",
			    method_names[i], i == METHOD_GET ? ", HEAD" : "");
	return b.at;
}

static bool
row_fits(struct ctx *c, const struct route *row, struct request *rq)
{
	return (row->doors & (int)rq->door) != 0 && path_fits(c, row->path, rq);
}

enum err
router_find(struct ctx *c, const struct route_table *table, struct request *rq,
    const char **allow)
{
	const struct route *best = NULL;
	unsigned methods = 0;

	*allow = NULL;
	for (size_t i = 0; i < table->count; i++) {
		const struct route *row = &table->at[i];

		if (!row_fits(c, row, rq))
			continue;
		methods |= 1U << row->method;
		if (row->method == rq->method &&
		    (best == NULL || rq->value_count == 0))
			best = row;
	}
	if (best != NULL) {
		(void)row_fits(c, best, rq); /* it did; sets the values */
		rq->route = best;
		return OK;
	}
	rq->value_count = 0;
	if (methods == 0)
		return fail(c, ERR_NOT_FOUND, "no route");
	*allow = allow_of(c, methods);
	return fail(c, ERR_BAD_METHOD, "allowed: %s", *allow);
}

static void
print_doors(struct buf *out, int set)
{
	const char *comma = "";

	for (size_t i = DOORS; i-- > 0;)
		if (set & (int)doors[i].door) {
			buf_fmt(out, "%s%s", comma, doors[i].name);
			comma = ",";
		}
}

void
router_print(struct buf *out, const struct route_table *table)
{
	static const char *const who[] = {
	    "UNSET", "anyone", "user", "admin", "cookie", "compat"};
	static const char *const limit[] = {
	    "UNSET", "std", "read", "lease", "login", "redeem"};
	static const char *const idem[] = {"UNSET", "-", "key"};

	for (size_t i = 0; i < table->count; i++) {
		const struct route *r = &table->at[i];
		size_t from = out->len;

		buf_fmt(out, "%-6s %-34s ", method_names[r->method], r->path);
		print_doors(out, r->doors);
		do {
			buf_char(out, ' ');
		} while (out->len - from < 50);
		buf_fmt(out, "%-6s %-5s %-3s %s\n", who[r->who],
		    limit[r->limit], idem[r->idem], r->op);
	}
}
