#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "conf/conf.h"
#include "conf/setting.h"
#include "harness/suite.h"

static struct ctx c;
static struct conf conf;

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 1 << 20)};
	conf_defaults(&c, &conf);
}

static void
defaults_are_canonical(void)
{
	const struct setting *s;

	start();
	for (size_t i = 0; (s = setting_at(i)) != NULL; i++) {
		const char *printed = setting_print(c.mem, s, &conf);

		if (strcmp(printed, s->initial) != 0)
			CU_FAIL(s->name);
	}
	arena_free(&c.mem);
}

static void
rows_are_complete(void)
{
	const struct setting *s;

	for (size_t i = 0; (s = setting_at(i)) != NULL; i++) {
		size_t n = strlen(s->text);
		bool bounded = s->type != SETTING_TEXT &&
		    s->type != SETTING_BOOL && s->type != SETTING_ENUM;

		if (n < 20 || s->text[n - 1] != '.' || !isupper(s->text[0]) ||
		    (bounded && s->hi <= s->lo) ||
		    (s->type == SETTING_ENUM) != (s->words != NULL) ||
		    (s->secret && s->type != SETTING_TEXT) ||
		    setting_find(s->name) != s)
			CU_FAIL(s->name);
	}
}

/* Text, what the member prints as; NULL when it must be refused. */
struct trap {
	const char *name, *text, *printed;
};

static void
values(void)
{
	static const struct trap traps[] = {
	    {"database.pool_size", "512", "512"},
	    {"database.pool_size", "513", NULL},
	    {"database.pool_size", "0", NULL},
	    {"database.pool_size", "+5", NULL},
	    {"database.pool_size", " 5", NULL},
	    {"database.pool_size", "0x10", NULL},
	    {"database.pool_size", "1e2", NULL},
	    {"database.pool_size", "", NULL},
	    {"database.pool_size", "99999999999999999999", NULL},
	    {"database.timeout", "1500ms", "1500ms"},
	    {"database.timeout", "60s", "1m"},
	    {"database.timeout", "1S", "1s"},
	    {"database.timeout", "5", NULL},
	    {"database.timeout", "5 s", NULL},
	    {"database.timeout", "-5s", NULL},
	    {"database.timeout", "5x", NULL},
	    {"database.timeout", "1.5s", NULL},
	    {"database.timeout", "10m", NULL},
	    {"database.timeout", "9223372036854775807d", NULL},
	    {"api.max_body", "1024", "1k"},
	    {"api.max_body", "2M", "2M"},
	    {"api.max_body", "1025", "1025"},
	    {"api.max_body", "17M", NULL},
	    {"api.max_body", "2T", NULL},
	    {"lease.spread", "0", "0%"},
	    {"lease.spread", "2.25%", "2.25%"},
	    {"lease.spread", "2.255", NULL},
	    {"lease.spread", "-1%", NULL},
	    {"lease.spread", "%", NULL},
	    {"quote.loss_cap", "0.0001", "0.0001"},
	    {"quote.loss_cap", "-1", NULL},
	    {"quote.loss_cap", "1e3", NULL},
	    {"webhook.allow_private", "ON", "on"},
	    {"webhook.allow_private", "false", "off"},
	    {"webhook.allow_private", "1", NULL},
	    {"log.level", "error", "error"},
	    {"log.level", "fatal", NULL},
	    {"log.sink", "syslog", "syslog"},
	    {"log.sink", "log", NULL},
	    {"api.socket", "run/x", NULL},
	    {"site.origin", "https://a.example", "https://a.example"},
	    {"site.origin", "https://a.example:8443", "https://a.example:8443"},
	    {"site.origin", "https://[::1]:8443", "https://[::1]:8443"},
	    {"site.origin", "https://[::1]", "https://[::1]"},
	    {"site.origin", "http://a.example", NULL},
	    {"site.origin", "https://a.example/", NULL},
	    {"site.origin", "https://a.example:0", NULL},
	    {"site.origin", "https://a.example:65536", NULL},
	    {"site.origin", "https://:443", NULL},
	    {"site.origin", "https://", NULL},
	    {"site.origin", "https://u@a.example", NULL},
	    {"site.origin", "\xff", NULL},
	    {"site.currency", "EUR", "EUR"},
	    {"site.currency", "EURO", NULL},
	    {"keys.jwt", "etc/jwt.key", NULL},
	};

	start();
	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		const struct trap *t = &traps[i];
		const struct setting *s = setting_find(t->name);
		const char *rule;

		CU_ASSERT_PTR_NOT_NULL_FATAL(s);
		rule = setting_set(c.mem, s, &conf, t->text);
		if ((rule == NULL) != (t->printed != NULL))
			CU_FAIL(t->text);
		if (rule == NULL &&
		    strcmp(setting_print(c.mem, s, &conf), t->printed) != 0)
			CU_FAIL(t->text);
		if (rule != NULL && strncmp(rule, "must be ", 8) != 0)
			CU_FAIL(t->text);
	}
	arena_free(&c.mem);
}

static void
misspelt(void)
{
	CU_ASSERT_STRING_EQUAL(setting_near("lease.tll"), "lease.ttl");
	CU_ASSERT_STRING_EQUAL(
	    setting_near("db.conninfo"), "database.conninfo");
	CU_ASSERT_STRING_EQUAL(
	    setting_near("webhook.allow-private"), "webhook.allow_private");
	CU_ASSERT_PTR_NULL(setting_near("colour"));
	CU_ASSERT_PTR_NULL(setting_near(
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaa"));
}

SUITE("setting",
    {"a default is written as it would be printed", defaults_are_canonical},
    {"each row has a text, bounds and a unique name", rows_are_complete},
    {"values are read exactly or refused", values},
    {"a misspelt name is guessed, another is not", misspelt})
