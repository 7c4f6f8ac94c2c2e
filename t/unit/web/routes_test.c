/* Laws that every row of routes.def keeps. */
#include <string.h>

#include "base/text.h"
#include "harness/suite.h"
#include "io/schema.h"
#include "web/router.h"

#define EACH(r)                                      \
	for (const struct route *r = route_table.at; \
	     r < route_table.at + route_table.count; r++)

static void
every_choice_is_made(void)
{
	EACH(r)
	{
		CU_ASSERT_NOT_EQUAL(r->doors, DOOR_UNSET);
		CU_ASSERT_NOT_EQUAL(r->who, WHO_UNSET);
		CU_ASSERT_NOT_EQUAL(r->limit, LIMIT_UNSET);
		CU_ASSERT_NOT_EQUAL(r->idem, IDEM_UNSET);
		CU_ASSERT_PTR_NOT_NULL(r->run);
		CU_ASSERT_PTR_NOT_NULL(r->in);
	}
}

static void
sorted_and_unique(void)
{
	EACH(r)
	{
		if (r == route_table.at)
			continue;
		CU_ASSERT(strcmp(r[-1].path, r->path) <= 0);
		CU_ASSERT(strcmp(r[-1].path, r->path) != 0 ||
		    r[-1].method != r->method);
	}
}

static bool
has_path_field(const struct schema *s, const char *name, size_t n)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i].from == FROM_PATH &&
		    strlen(s->fields[i].name) == n &&
		    strncmp(s->fields[i].name, name, n) == 0)
			return true;
	return false;
}

static size_t
path_fields(const struct schema *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->fields[i].from == FROM_PATH;
	return n;
}

static void
braces_are_fields(void)
{
	EACH(r)
	{
		size_t n = 0;

		for (const char *p = strchr(r->path, '{'); p != NULL;
		     p = strchr(p + 1, '{'), n++)
			CU_ASSERT(
			    has_path_field(r->in, p + 1, strcspn(p + 1, "}")));
		CU_ASSERT_EQUAL(n, path_fields(r->in));
	}
}

static void
get_takes_no_body(void)
{
	EACH(r)
	for (size_t i = 0; i < r->in->count; i++)
		CU_ASSERT(r->method != METHOD_GET ||
		    r->in->fields[i].from != FROM_BODY);
}

static void
who_fits_the_door(void)
{
	EACH(r)
	{
		if (r->who == WHO_ADMIN || r->who == WHO_COOKIE)
			CU_ASSERT_EQUAL(r->doors, DOOR_WEB);
		if (r->who == WHO_COMPAT)
			CU_ASSERT_EQUAL(r->doors, DOOR_COMPAT);
		if (r->doors & DOOR_COMPAT)
			CU_ASSERT(r->who == WHO_COMPAT || r->who == WHO_ANYONE);
		if (text_starts(r->path, "/admin/"))
			CU_ASSERT_EQUAL(r->who, WHO_ADMIN);
	}
}

/* A client that lost the answer must be able to ask again. */
static void
leases_are_limited_and_repeatable(void)
{
	EACH(r)
	{
		if (r->limit == LIMIT_LEASE && r->method == METHOD_POST)
			CU_ASSERT_EQUAL(r->idem, IDEM_KEY);
		if (r->idem == IDEM_KEY)
			CU_ASSERT_EQUAL(r->method, METHOD_POST);
	}
}

SUITE("routes", {"every choice is made", every_choice_is_made},
    {"rows are sorted by path, and unique", sorted_and_unique},
    {"braces are fields of the input, and the other way round",
	braces_are_fields},
    {"a GET takes nothing from a body", get_takes_no_body},
    {"who may call fits the door", who_fits_the_door},
    {"a lease has an Idempotency-Key", leases_are_limited_and_repeatable})
