#include "web/route.h"

#include "io/schema.h"
#include "web/router.h"

const struct route routes[] = {
#define ROUTE(method_, path_, op_, doors_, who_, limit_, idem_) \
	{                                                       \
	    .op = #op_,                                         \
	    .path = (path_),                                    \
	    .run = (op_),                                       \
	    .in = &op_##_in_schema,                             \
	    .method = METHOD_##method_,                         \
	    .doors = (doors_),                                  \
	    .who = (who_),                                      \
	    .limit = (limit_),                                  \
	    .idem = (idem_),                                    \
	},
#include "web/routes.def"
#undef ROUTE
};
const size_t routes_count = sizeof(routes) / sizeof(routes[0]);

const struct route_table route_table = {
    routes, sizeof(routes) / sizeof(routes[0])};
