#include <dirent.h>
#include <stdlib.h>

#include "base/text.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "unit/provider/fixtures.h"
#include "unit/provider/scene.h"

/* The least a descriptor may be. */
static const char least[] =
    "{\"schema\":1,\"id\":\"least\",\"currency\":\"USD\","
    "\"http\":{\"base\":\"https://a.example\",\"timeout_ms\":1000,"
    "\"max_body\":65536},"
    "\"auth\":{\"type\":\"static\",\"place\":\"form\",\"name\":\"key\","
    "\"format\":\"{key}\"},"
    "\"limits\":{},\"vars\":{},"
    "\"time\":{\"formats\":[\"rfc3339\"],\"ttl_default_s\":600},"
    "\"rules\":{\"word\":{\"text\":true},\"errors\":[]},"
    "\"ops\":{"
    "\"buy\":{\"request\":{\"method\":\"POST\",\"path\":\"/buy\","
    "\"form\":{\"service\":\"{service}\",\"max\":{\"v\":\"{max_price}\","
    "\"omit_if\":[\"\"]}},\"headers\":{\"X-Ref\":\"{ref}\"}},"
    "\"rules\":[{\"if\":{\"json\":\"$.id\",\"exists\":true},"
    "\"ok\":{\"id\":{\"json\":\"$.id\"}}}]},"
    "\"status\":{\"request\":{\"method\":\"GET\",\"path\":\"/{id}\"},"
    "\"rules\":[{\"if\":{\"word\":\"W\"},\"state\":\"waiting\"}]}}}";

/* `text` with the first `find` replaced. */
static const char *
replaced(struct scene *s, const char *text, const char *find, const char *by)
{
	const char *at = strstr(text, find);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	return arena_fmt(
	    s->mem, "%.*s%s%s", (int)(at - text), text, by, at + strlen(find));
}

static enum err
parse(struct scene *s, const char *text, const struct descriptor **out)
{
	return descriptor_parse(&s->c, fixtures_dir(), text, strlen(text), out);
}

static void
the_least_is_accepted(void)
{
	const struct descriptor *d = NULL;
	struct scene s;

	scene_open(&s);
	CU_ASSERT_EQUAL_FATAL(parse(&s, least, &d), OK);
	CU_ASSERT_STRING_EQUAL(d->id, "least");
	CU_ASSERT_TRUE(engine_can(d, OP_BUY));
	CU_ASSERT_FALSE(engine_can(d, OP_CANCEL));
	scene_close(&s);
}

/* A change, and what the refusal must say: path and rule. */
static const struct {
	const char *find;
	const char *by;
	const char *why;
} faults[] = {
    {"\"schema\":1", "\"schema\":2", "schema: must be a whole number"},
    {"\"schema\":1,", "", "(top): member \"schema\" is missing"},
    {"\"limits\"", "\"x\":1,\"limits\"", "(top): unknown member \"x\""},
    {"\"id\":\"least\"", "\"id\":\"Le/ast\"", "id: must be a-z"},
    {"\"USD\"", "\"usd\"", "currency: must be a currency"},
    {"https://", "ftp://", "http: base must be an address"},
    {"\"timeout_ms\":1000", "\"timeout_ms\":1", "http.timeout_ms: must be"},
    {"\"timeout_ms\":1000", "\"timeout_ms\":\"1\"", "http.timeout_ms: must"},
    {"\"static\"", "\"exchange\"", "auth.type: must be one of: static"},
    {"\"place\":\"form\"", "\"place\":\"body\"", "auth.place: must be one of"},
    {"\"{key}\"", "\"{kee}\"", "auth.format: there is no variable {kee}"},
    {"\"{key}\"", "\"{key\"", "auth.format: has a brace"},
    {"\"{key}\"", "\"key}\"", "auth.format: has a brace"},
    {"\"limits\":{}", "\"limits\":{\"rps\":-1}", "limits.rps: must be"},
    {"\"limits\":{}", "\"limits\":{\"rpm\":1}", "limits: unknown member"},
    {"\"vars\":{}", "\"vars\":{\"colour\":{}}", "vars.colour: there is no"},
    {"\"errors\":[]", "\"errors\":{}", "rules.errors: must be a list"},
    {"\"errors\":[]", "\"errors\":[{\"if\":{\"status\":1}}]",
	"rules.errors[0].if.status: must be a whole number from 100 to 599"},
    {"\"errors\":[]", "\"errors\":[{\"if\":{\"status\":400}}]",
	"rules.errors[0]: needs error, state or ok"},
    {"\"errors\":[]",
	"\"errors\":[{\"if\":{\"status\":400},\"error\":\"sold_out\"}]",
	"rules.errors[0].error: there is no error \"sold_out\""},
    {"\"errors\":[]",
	"\"errors\":[{\"if\":{\"status\":400},\"error\":\"none\"}]",
	"rules.errors[0].error: there is no error \"none\""},
    {"\"state\":\"waiting\"", "\"state\":\"unset\"",
	"ops.status.rules[0].state: there is no state \"unset\""},
    {"\"state\":\"waiting\"", "\"state\":\"waiting\",\"error\":\"auth\"",
	"says a second thing"},
    {"\"state\":\"waiting\"", "\"state\":\"waiting\",\"definite\":true",
	"only an error can be definite"},
    {"\"ok\":{\"id\"", "\"ok\":{\"colour\"",
	"ops.buy.rules[0].ok.colour: there is no such field"},
    {"\"path\":\"/buy\"", "\"path\":\"buy\"", "ops.buy.request.path: must"},
    {"\"POST\"", "\"GET\"", "ops.buy.request: GET has no body"},
    {"\"POST\"", "\"BREW\"", "ops.buy.request.method: must be one of"},
    {"\"status\":{\"req", "\"state\":{\"req", "ops: unknown member \"state\""},
    {"\"status\":{\"req", "\"cancel\":{\"req", "ops: needs buy and status"},
    {"\"omit_if\":[\"\"]", "\"omit_if\":[\"\"],\"when\":{\"status\":200}",
	"may only ask about variables"},
    {"\"buy\":{", "\"buy\":{\"not_before_s\":5,", "belongs to cancel"},
    {"\"buy\":{", "\"buy\":{\"page_size\":5,", "belongs to lists"},
    {"\"buy\":{",
	"\"buy\":{\"reconcile\":{\"op\":\"list_active\",\"match\":[],"
	"\"before_s\":30},",
	"buy reconciles by an operation that is no list"},
    {"\"ops\":{", "\"ops\":{\"poll_batch\":{\"like\":\"list_active\"},",
	"poll_batch is like an operation that is not there"},
    {"\"ops\":{", "\"ops\":{\"resend\":{\"like\":\"resend\"},",
	"resend is like an operation that is not there"},
    {"\"ops\":{",
	"\"ops\":{\"resend\":{\"like\":\"status\"},"
	"\"ban\":{\"like\":\"resend\"},",
	"ban is like an operation that is not there"},
    {"\"id\":\"least\"", "\"id\":\"least\",\"extends\":\"../least\"",
	"is no id"},
};

static void
refused_with_path_and_rule(void)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct descriptor *d = NULL;
		struct scene s;
		enum err e;

		scene_open(&s);
		e = parse(
		    &s, replaced(&s, least, faults[i].find, faults[i].by), &d);
		CU_ASSERT_EQUAL(e, ERR_BAD_INPUT);
		CU_ASSERT_PTR_NULL(d);
		if (e != OK && strstr(s.c.err_why, faults[i].why) == NULL)
			printf("# want %s\n# got  %s\n", faults[i].why,
			    s.c.err_why);
		CU_ASSERT(
		    e != OK && strstr(s.c.err_why, faults[i].why) != NULL);
		scene_close(&s);
	}
}

/* Any member taken away or turned into another type is never a crash. */
static void
every_cut_is_refused(void)
{
	for (size_t n = 0; n < sizeof(least) - 1; n++) {
		const struct descriptor *d = NULL;
		struct scene s;

		scene_open(&s);
		CU_ASSERT_NOT_EQUAL(
		    descriptor_parse(&s.c, fixtures_dir(), least, n, &d), OK);
		scene_close(&s);
	}
}

static void
every_shipped_file_loads(void)
{
	DIR *dir = opendir(fixtures_dir());
	unsigned n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		const struct descriptor *d = NULL;
		struct scene s;

		if (!text_ends(e->d_name, ".json"))
			continue;
		scene_open(&s);
		if (descriptor_load(&s.c, fixtures_dir(),
			arena_strndup(s.mem, e->d_name,
			    strlen(e->d_name) - strlen(".json")),
			&d) != OK)
			printf("# %s\n", s.c.err_why);
		CU_ASSERT_PTR_NOT_NULL(d);
		n++;
		scene_close(&s);
	}
	(void)closedir(dir);
	CU_ASSERT(n >= 3);
}

static void
strangers_are_not_found(void)
{
	const struct descriptor *d = NULL;
	struct scene s;

	scene_open(&s);
	CU_ASSERT_EQUAL(
	    descriptor_load(&s.c, fixtures_dir(), "nobody", &d), ERR_NOT_FOUND);
	CU_ASSERT_EQUAL(
	    descriptor_load(&s.c, fixtures_dir(), "../providers/5sim", &d),
	    ERR_BAD_INPUT);
	CU_ASSERT_EQUAL(
	    descriptor_load(&s.c, fixtures_dir(), "", &d), ERR_BAD_INPUT);
	scene_close(&s);
}

/* A descriptor inherits what it does not name, and may drop members. */
static void
a_base_is_inherited(void)
{
	static const char text[] =
	    "{\"id\":\"mine\",\"extends\":\"sms-activate\","
	    "\"currency\":\"RUB\",\"ops\":{\"resend\":null}}";
	const struct descriptor *d = NULL;
	struct scene s;

	scene_open(&s);
	CU_ASSERT_EQUAL_FATAL(parse(&s, text, &d), OK);
	CU_ASSERT_STRING_EQUAL(d->id, "mine");
	CU_ASSERT_STRING_EQUAL(d->currency, "RUB");
	CU_ASSERT_TRUE(engine_can(d, OP_FINISH));
	CU_ASSERT_FALSE(engine_can(d, OP_RESEND));
	CU_ASSERT_EQUAL(d->ops[OP_POLL_BATCH].page_size, 100);
	scene_close(&s);
}

SUITE("descriptor", {"the least descriptor is accepted", the_least_is_accepted},
    {"a fault is refused with its path and rule", refused_with_path_and_rule},
    {"a descriptor cut short is refused", every_cut_is_refused},
    {"every shipped descriptor loads", every_shipped_file_loads},
    {"what is no descriptor is not found", strangers_are_not_found},
    {"a base is inherited and may be cut back", a_base_is_inherited})
