/*
 * The victim, a thief and lost answers, in random order, against a model of
 * what a family of refresh tokens may do.
 */
#include "base/log.h"
#include "base/text.h"
#include "unit/service/service_fixture.h"

#define FAMILIES 60
#define STEPS    12
#define CHAIN    (STEPS + 1)

static struct service_fixture f;
static uint64_t seed = 20261124;

/* xorshift64: the same sequence in every run. */
static unsigned
pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

/* Families the model saw die, and the warnings about it: one for each. */
static int deaths;
static int warnings;

static void
count_warning(enum err_level level, const char *event, const char *line)
{
	if (level < LEVEL_WARN)
		return;
	if (text_eq(event, "session.reuse")) {
		warnings++;
		return;
	}
	printf("# %s\n", line);
	CU_FAIL("another warning");
}

struct model {
	const char *chain[CHAIN]; /* every token so far, by age */
	int last;                 /* index of the current one */
	bool is_fresh;            /* it was made within the grace */
	bool is_dead;
};

enum answer { REFUSED, CURRENT, REPEATED };

/* What must happen when token `i` is shown by the victim's program or not. */
static enum answer
model_show(struct model *m, int i, bool same_agent)
{
	if (m->is_dead)
		return REFUSED;
	if (i == m->last) {
		m->last++;
		m->is_fresh = true;
		return CURRENT;
	}
	if (i == m->last - 1 && m->is_fresh && same_agent)
		return REPEATED;
	m->is_dead = true;
	deaths++;
	return REFUSED;
}

/* Show token `i`; the index of the token that came back, or -1. */
static int
show(struct model *m, int i, bool same_agent)
{
	struct session_client who = {
	    "192.0.2.1", same_agent ? "Victim/1" : "Thief/1"};
	struct session_grant g = {0};
	enum answer want = model_show(m, i, same_agent);
	enum err e = session_refresh(&f.c, m->chain[i], &who, &g);

	CU_ASSERT_EQUAL(e, want == REFUSED ? ERR_UNAUTHENTIC : OK);
	if (e != OK)
		return -1;
	if (want == CURRENT)
		m->chain[m->last] = g.refresh_token;
	CU_ASSERT_STRING_EQUAL(g.refresh_token, m->chain[m->last]);
	return m->last;
}

static void
time_passes(struct model *m)
{
	fixture_sql(&f,
	    "UPDATE numlease.sessions SET "
	    "rotated_at = rotated_at - interval '11 seconds'");
	m->is_fresh = false;
}

struct party {
	int holds; /* index of the token it would show; -1 none */
};

static void
victim_step(struct model *m, struct party *v, bool is_lost)
{
	int got;

	if (v->holds < 0)
		return;
	got = show(m, v->holds, true);
	if (!is_lost)
		v->holds = got;
}

static void
thief_step(struct model *m, struct party *v, struct party *t)
{
	if (t->holds < 0)
		t->holds = v->holds;
	else
		t->holds = show(m, t->holds, pick(2) == 0);
}

static void
one_family(struct model *m)
{
	struct party victim = {0};
	struct party thief = {.holds = -1};

	for (int i = 0; i < STEPS; i++) {
		switch (pick(8)) {
		case 0:
			time_passes(m);
			break;
		case 1:
			victim_step(m, &victim, true);
			break;
		case 2:
			thief_step(m, &victim, &thief);
			break;
		default:
			victim_step(m, &victim, false);
		}
	}
	/* In the end both show what they have: one of them at most goes on. */
	time_passes(m);
	if (victim.holds >= 0 && thief.holds >= 0 && m->last < STEPS - 2) {
		bool v = show(m, victim.holds, true) >= 0;

		time_passes(m);
		CU_ASSERT_FALSE(v && show(m, thief.holds, true) >= 0);
	}
}

static void
agrees_with_the_model(void)
{
	deaths = warnings = 0;
	log_divert(count_warning);
	fixture_open(&f);
	for (int i = 0; i < FAMILIES; i++) {
		struct session_client who = {"192.0.2.1", "Victim/1"};
		struct model m = {0};
		struct session_grant g = {0};
		char email[32];

		(void)snprintf(email, sizeof(email), "u%d@example.com", i);
		CU_ASSERT_EQUAL_FATAL(session_register(&f.c, email,
					  "correct horse battery", &who, &g),
		    OK);
		m.chain[0] = g.refresh_token;
		one_family(&m);
	}
	printf("# %d of %d families ended by reuse\n", deaths, FAMILIES);
	CU_ASSERT_TRUE(deaths > FAMILIES / 4 && deaths < FAMILIES);
	CU_ASSERT_EQUAL(warnings, deaths);
	fixture_close(&f);
}

/* However many answers are lost, a victim alone is never logged out. */
static void
lost_answers_alone(void)
{
	fixture_open(&f);
	for (int i = 0; i < 8; i++) {
		struct session_client who = {"192.0.2.1", "Victim/1"};
		struct model m = {0};
		struct party victim = {0};
		struct session_grant g = {0};
		char email[32];

		(void)snprintf(email, sizeof(email), "l%d@example.com", i);
		CU_ASSERT_EQUAL_FATAL(session_register(&f.c, email,
					  "correct horse battery", &who, &g),
		    OK);
		m.chain[0] = g.refresh_token;
		for (int k = 0; k < STEPS; k++) {
			while (pick(2) == 0)
				victim_step(&m, &victim, true);
			victim_step(&m, &victim, false);
			time_passes(&m);
		}
		CU_ASSERT_FALSE(m.is_dead);
		CU_ASSERT_TRUE(victim.holds == m.last);
	}
	fixture_close(&f);
}

SUITE("session family",
    {"any order of use and theft ends as the model says",
	agrees_with_the_model},
    {"lost answers alone log nobody out", lost_answers_alone})
