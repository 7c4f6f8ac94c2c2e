/*
 * router - which row of the route table a request means. The longest door
 * prefix wins; "{name}" in a path stands for one non-empty segment, and a
 * row without one is preferred to a row with one.
 */
#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "web/request.h"
#include "web/route.h"

struct buf;

/* Where a table of routes comes from: the product's, or a test's own. */
struct route_table {
	const struct route *at;
	size_t count;
};

/* The table of routes.def. */
extern const struct route_table route_table;

/* GET for HEAD; METHOD_OTHER for one that no route has. */
enum method router_method(const char *name);

/*
 * Set door and path from the decoded URI; false when it is behind no door.
 * `path` points into `uri`.
 */
bool router_door(const char *uri, enum door *door, const char **path);

/*
 * Find the row of rq->door, rq->path and rq->method and fill rq->route and
 * rq->values. ERR_NOT_FOUND; ERR_BAD_METHOD when only the method does not
 * fit, `allow` then is the value of the Allow header, else NULL.
 */
enum err router_find(struct ctx *c, const struct route_table *table,
    struct request *rq, const char **allow) MUST_CHECK;

/* The whole table as text, one row a line: who may call what. */
void router_print(struct buf *out, const struct route_table *table);

#endif
