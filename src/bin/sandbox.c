/* numlease-sandbox - a simulated upstream provider over real HTTP. */
#include "sandbox/sandbox.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "base/log.h"
#include "base/money.h"
#include "base/text.h"
#include "io/httpd.h"

#define MEMORY   ((size_t)8 << 30) /* orders live as long as the process */
#define MAX_BODY (1 << 20)
#define IDLE_S   300
#define KEY_MAX  256

/*
 * An order's id must not come back after a restart, when all orders are
 * forgotten: the first id counts the sixteenths of a second since 2026, so
 * that selling up to 16 a second over the whole time stays ahead of it. It
 * is below 2^31, which clients of handler_api insist on, until 2030.
 */
#define FIRST_ID_EPOCH (INT64_C(1767225600) * CLOCK_SECOND)
#define FIRST_ID_MAX   INT64_C(2000000000)

enum opt_id {
	OPT_LISTEN = 1,
	OPT_DIALECT,
	OPT_NAME,
	OPT_KEY,
	OPT_CONTROL_KEY,
	OPT_PORT_FILE,
	OPT_COUNTRIES,
	OPT_SERVICES,
	OPT_PRICE_SCALE,
	OPT_BALANCE,
	OPT_SMS_DELAY,
	OPT_EARLY_CANCEL,
	OPT_LIFETIME,
	OPT_REFUNDS,
	OPT_FIRST_ID,
	OPT_SEED,
	OPT_LOG,
	OPT_HELP,
	OPT_VERSION,
	OPT__MAX
};

/* clang-format off */
static const struct option_row {
	const char *name;
	const char *value; /* its word in the usage; NULL: takes none */
	const char *otherwise;
	const char *text;
} rows[OPT__MAX] = {
/*                   name            value        default      text */
[OPT_LISTEN] =       {"listen",       "ADDR:PORT", "127.0.0.1:0", "where to listen; port 0 is a free one"},
[OPT_DIALECT] =      {"dialect",      "NAME",      NULL,     "5sim, handler_api or herosms"},
[OPT_NAME] =         {"name",         "NAME",      "sandbox", "shown in the log and by the control"},
[OPT_KEY] =          {"key",          "KEY",       NULL,     "the customer's API key"},
[OPT_CONTROL_KEY] =  {"control-key",  "KEY",       NULL,     "for X-Control; the same as --key if missing"},
[OPT_PORT_FILE] =    {"port-file",    "PATH",      NULL,     "write the port there when it is open"},
[OPT_COUNTRIES] =    {"countries",    "LIST",      NULL,     "sell these only"},
[OPT_SERVICES] =     {"services",     "LIST",      NULL,     "sell these only"},
[OPT_PRICE_SCALE] =  {"price-scale",  "PERCENT",   "100",    "of the standard prices"},
[OPT_BALANCE] =      {"balance",      "MONEY",     "1000",   "of the customer at the start"},
[OPT_SMS_DELAY] =    {"sms-delay-ms", "N",         "2000",   "from a sale to its SMS"},
[OPT_EARLY_CANCEL] = {"early-cancel-s", "N",       "0",      "a cancel is refused for so long"},
[OPT_LIFETIME] =     {"lifetime-s",   "N",         NULL,     "of an order; the dialect's own if missing"},
[OPT_REFUNDS] =      {"refunds",      "LIST",      "",         "how the price comes back: once, never, late:MS, part:PERCENT, twice"},
[OPT_FIRST_ID] =     {"first-id",     "N",         NULL,     "of the first order; by the clock if missing"},
[OPT_SEED] =         {"seed",         "N",         NULL,     "of phones and codes; by the name if missing"},
[OPT_LOG] =          {"log",          "SINK",      "stderr", "stderr, syslog or a path"},
[OPT_HELP] =         {"help",         NULL,        NULL,     "print this"},
[OPT_VERSION] =      {"version",      NULL,        NULL,     "print the version"},
};
/* clang-format on */

/* The value of each option as it was given, or its default, or NULL. */
struct given {
	const char *at[OPT__MAX];
};

struct start {
	struct market_options market;
	char address[64];
	int port;
};

static void
usage(FILE *to)
{
	(void)fprintf(to,
	    "usage: numlease-sandbox --dialect NAME --key KEY "
	    "[options]\n");
	for (int i = 1; i < OPT__MAX; i++)
		(void)fprintf(to, "  --%-14s %-10s %s%s%s%s\n", rows[i].name,
		    rows[i].value == NULL ? "" : rows[i].value, rows[i].text,
		    rows[i].otherwise == NULL ? "" : " (",
		    rows[i].otherwise == NULL ? "" : rows[i].otherwise,
		    rows[i].otherwise == NULL ? "" : ")");
}

static int
bad_option(const char *name, const char *rule)
{
	(void)fprintf(stderr, "numlease-sandbox: --%s %s\n", name, rule);
	return EX_USAGE;
}

/* Fill `g`; false at an option that is unknown or lacks its value. */
static bool
read_options(int argc, char **argv, struct given *g)
{
	struct option table[OPT__MAX] = {0};
	int opt;

	for (int i = 1; i < OPT__MAX; i++) {
		table[i - 1] = (struct option){rows[i].name,
		    rows[i].value == NULL ? no_argument : required_argument,
		    NULL, i};
		g->at[i] = rows[i].otherwise;
	}
	while ((opt = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (opt < 1 || opt >= OPT__MAX)
			return false;
		g->at[opt] = optarg == NULL ? "" : optarg;
	}
	return optind == argc;
}

static bool
read_listen(const char *text, struct start *s)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon == NULL ? 0 : (size_t)(colon - text);
	int64_t port;

	if (len == 0 || len >= sizeof(s->address) ||
	    !text_to_i64(colon + 1, 0, 65535, &port))
		return false;
	memcpy(s->address, text, len);
	s->address[len] = '\0';
	s->port = (int)port;
	return true;
}

static int64_t
first_id(void)
{
	int64_t sixteenths =
	    (clock_now() - FIRST_ID_EPOCH) / (CLOCK_SECOND / 16);

	return sixteenths > 0 ? sixteenths % FIRST_ID_MAX + 1 : 1;
}

/* Whole numbers: where they go and what they may be. */
static int
read_numbers(const struct given *g, struct start *s)
{
	struct market_options *m = &s->market;
	int64_t seed = 0;
	const struct {
		enum opt_id option;
		int64_t lo;
		int64_t hi;
		int64_t *out;
	} numbers[] = {
	    {OPT_PRICE_SCALE, 1, 100000, &m->price_percent},
	    {OPT_SMS_DELAY, 0, 86400000, &m->sms_delay_ms},
	    {OPT_EARLY_CANCEL, 0, 86400, &m->early_cancel_s},
	    {OPT_LIFETIME, 1, 86400, &m->lifetime_s},
	    {OPT_FIRST_ID, 1, FIRST_ID_MAX, &m->first_id},
	    {OPT_SEED, 0, INT64_MAX, &seed},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const char *text = g->at[numbers[i].option];

		if (text != NULL &&
		    !text_to_i64(
			text, numbers[i].lo, numbers[i].hi, numbers[i].out))
			return bad_option(rows[numbers[i].option].name,
			    "must be a number in its range");
	}
	m->seed = g->at[OPT_SEED] != NULL ? (uint64_t)seed :
					    world_hash(g->at[OPT_NAME]);
	return 0;
}

static int
read_start(const struct given *g, const struct sandbox *box, struct start *s)
{
	if (box->dialect == NULL)
		return bad_option(
		    "dialect", "must be 5sim, handler_api or herosms");
	if (text_is_empty(box->key) || strlen(box->key) > KEY_MAX)
		return bad_option("key", "must have 1 to 256 characters");
	if (!read_listen(g->at[OPT_LISTEN], s))
		return bad_option("listen", "must be ADDRESS:PORT");
	if (!money_parse(g->at[OPT_BALANCE], &s->market.balance))
		return bad_option("balance", "must be a decimal");
	s->market.lifetime_s = box->dialect->lifetime_s;
	s->market.first_id = first_id();
	return read_numbers(g, s);
}

static int
open_market(const struct given *g, struct sandbox *box, struct ctx *c,
    const struct start *s)
{
	box->market = market_new(c->mem, &s->market);
	if (g->at[OPT_COUNTRIES] != NULL &&
	    !market_only_countries(box->market, g->at[OPT_COUNTRIES]))
		return bad_option("countries", "names an unknown one");
	if (g->at[OPT_SERVICES] != NULL &&
	    !market_only_services(box->market, g->at[OPT_SERVICES]))
		return bad_option("services", "names an unknown one");
	if (!market_first_refunds(box->market, g->at[OPT_REFUNDS]))
		return bad_option("refunds", "must be a list of manners");
	return 0;
}

/* Written beside and renamed, so that who sees the file sees a whole port. */
static bool
write_port(struct ctx *c, const char *path, int port)
{
	const char *beside = arena_fmt(c->mem, "%s.new", path);
	FILE *f = fopen(beside, "we");
	bool good;

	if (f == NULL)
		return false;
	good = fprintf(f, "%d\n", port) > 0;
	return fclose(f) == 0 && good && rename(beside, path) == 0;
}

static int
serve(struct ctx *c, const struct given *g, struct sandbox *box,
    const struct start *s)
{
	struct httpd_options o = {.address = s->address,
	    .port = s->port,
	    .max_body = MAX_BODY,
	    .idle_s = IDLE_S,
	    .serve = sandbox_serve,
	    .arg = box};
	const char *port_file = g->at[OPT_PORT_FILE];
	struct httpd *h;

	if (httpd_open(c, &o, &h) != OK) {
		log_ev(c, LEVEL_ERROR, "sandbox.start_failed",
		    L_STR("why", c->err_why));
		return EX_UNAVAILABLE;
	}
	if (port_file != NULL && !write_port(c, port_file, httpd_port(h))) {
		log_ev(c, LEVEL_ERROR, "sandbox.start_failed",
		    L_STR("why", "cannot write the port file"));
		httpd_close(&h);
		return EX_CANTCREAT;
	}
	log_ev(c, LEVEL_INFO, "sandbox.started", L_STR("name", box->name),
	    L_STR("dialect", box->dialect->name), L_STR("address", s->address),
	    L_I64("port", httpd_port(h)));
	httpd_run(h);
	httpd_close(&h);
	log_ev(c, LEVEL_INFO, "sandbox.stopped", L_STR("name", box->name),
	    L_I64("sold", box->market->order_count));
	return 0;
}

/* The rest of main, with memory to give back. */
static int
run(struct ctx *c, const struct given *g)
{
	struct sandbox box = {.name = g->at[OPT_NAME],
	    .key = g->at[OPT_KEY],
	    .control_key = g->at[OPT_CONTROL_KEY],
	    .dialect = dialect_find(g->at[OPT_DIALECT])};
	struct start s = {0};
	int rc;

	if (box.control_key == NULL)
		box.control_key = box.key;
	rc = read_start(g, &box, &s);
	if (rc == 0)
		rc = open_market(g, &box, c, &s);
	if (rc != 0)
		return rc;
	if (!log_open(g->at[OPT_LOG], "numlease-sandbox", LEVEL_INFO))
		return bad_option("log", "cannot be opened");
	return serve(c, g, &box, &s);
}

int
main(int argc, char **argv)
{
	struct given g = {0};
	struct ctx c = {.op = "sandbox"};
	int rc;

	if (!read_options(argc, argv, &g)) {
		usage(stderr);
		return EX_USAGE;
	}
	if (g.at[OPT_HELP] != NULL) {
		usage(stdout);
		return 0;
	}
	if (g.at[OPT_VERSION] != NULL) {
		(void)printf("numlease-sandbox %s\n", NUMLEASE_VERSION);
		return 0;
	}
	c.mem = arena_new("sandbox", MEMORY);
	rc = run(&c, &g);
	arena_free(&c.mem);
	return rc;
}
