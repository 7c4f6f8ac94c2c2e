#include "sandbox/sms.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "sandbox/world.h"

#define CODE_MIN 4
#define CODE_MAX 8

static const char *const wordings[] = {
    "%1$s code: %2$s",
    "Your %1$s code is %2$s. Don't share it with anyone.",
    "%2$s is your %1$s verification code",
    "<#> %1$s: use %2$s to confirm your number",
    "[%1$s] Verification code %2$s\nValid for 10 minutes.",
};
#define WORDINGS (sizeof(wordings) / sizeof(wordings[0]))

static struct sms *
message(struct arena *mem, int service, const char *text, const char *code)
{
	struct sms *m = arena_one(mem, struct sms);

	m->sender = world_service(service)->name;
	m->text = text;
	m->code = code;
	return m;
}

static const char *
digits(struct arena *mem, uint64_t random, int width, uint64_t size)
{
	return arena_fmt(mem, "%0*" PRIu64, width, random % size);
}

/* Letters that cannot be taken for a digit, two of them, then digits. */
static const char *
letters(struct arena *mem, uint64_t random)
{
	static const char alphabet[] = "ABCDEFGHJKMNPQRSTUVWXYZ";
	size_t n = sizeof(alphabet) - 1;

	return arena_fmt(mem, "%c%c%03u", alphabet[random % n],
	    alphabet[random / n % n], (unsigned)(random >> 32) % 1000);
}

static const char *
make_code(struct arena *mem, enum code_form form, uint64_t random)
{
	switch (form) {
	case DIGITS4:
		return digits(mem, random, 4, 10000);
	case DIGITS5:
		return digits(mem, random, 5, 100000);
	case LETTERS:
		return letters(mem, random);
	case DIGITS6:
	case DASHED:
	case SPACED:
	case PREFIXED:
		break;
	}
	return digits(mem, random, 6, 1000000);
}

/* How the service writes the code into its text. */
static const char *
shown(struct arena *mem, enum code_form form, const char *code)
{
	switch (form) {
	case DASHED:
		return arena_fmt(mem, "%.3s-%s", code, code + 3);
	case SPACED:
		return arena_fmt(mem, "%.3s %s", code, code + 3);
	case PREFIXED:
		return arena_fmt(mem, "G-%s", code);
	case DIGITS4:
	case DIGITS5:
	case DIGITS6:
	case LETTERS:
		break;
	}
	return code;
}

/* The wordings are a constant table, which the compiler cannot see. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static const char *
word(struct arena *mem, uint64_t random, const char *name, const char *code)
{
	return arena_fmt(mem, wordings[random % WORDINGS], name, code);
}
#pragma GCC diagnostic pop

struct sms *
sms_with_code(
    struct arena *mem, int service, uint64_t seed, int64_t order, int n)
{
	const struct service *s = world_service(service);
	uint64_t random =
	    world_mix(world_mix(seed, (uint64_t)order), (uint64_t)n);
	const char *code = make_code(mem, s->form, random);

	return message(mem, service,
	    word(mem, random >> 8, s->name, shown(mem, s->form, code)), code);
}

struct sms *
sms_without_code(struct arena *mem, int service)
{
	const char *name = world_service(service)->name;

	return message(mem, service,
	    arena_fmt(mem, "Welcome to %s! Reply STOP to opt out.", name), "");
}

struct sms *
sms_from_text(struct arena *mem, int service, const char *text)
{
	const char *copy = arena_dup(mem, text);
	const char *code = "";
	size_t run = 0;

	for (const char *p = copy; *code == '\0'; p++) {
		bool is_digit = isdigit((unsigned char)*p) != 0;

		if (is_digit)
			run++;
		else if (run >= CODE_MIN && run <= CODE_MAX)
			code = arena_strndup(mem, p - run, run);
		else
			run = 0;
		if (*p == '\0')
			break;
	}
	return message(mem, service, copy, code);
}
