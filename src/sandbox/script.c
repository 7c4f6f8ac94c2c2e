#include "sandbox/script.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define HTML "text/html"
#define HTML_BODY                                                     \
	"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title>" \
	"</head>\n<body><h1>502 Bad Gateway</h1></body></html>\n"
#define GARBAGE "\xfe\xff\x01{\"activationId\":[[[}ACCESS_NUMB"
#define BINARY  "application/octet-stream"

#define PLAIN(name, act, happens)                    \
	{                                            \
		name, NULL, NULL, act, 0, 0, happens \
	}
#define ANSWER(name, happens, status, type, body)                \
	{                                                        \
		name, type, body, ACT_ANSWER, status, 0, happens \
	}
#define REFUSE(name, why)                                   \
	{                                                   \
		name, NULL, NULL, ACT_REFUSE, 0, why, false \
	}
#define TWIST(name, how)                                  \
	{                                                 \
		name, NULL, NULL, ACT_TWIST, 0, how, true \
	}

/* clang-format off */
static const struct fault_kind kinds[] = {
PLAIN("latency",              ACT_TRUE,     true),
PLAIN("latency_before",       ACT_LATE,     true),
PLAIN("hold",                 ACT_HOLD,     true),
PLAIN("timeout",              ACT_SILENT,   false),
PLAIN("timeout_after_sale",   ACT_SILENT,   true),
PLAIN("reset_before",         ACT_RESET,    false),
PLAIN("reset_after_sale",     ACT_RESET,    true),
PLAIN("close_before",         ACT_HANG_UP,  false),
PLAIN("close_after_sale",     ACT_HANG_UP,  true),
PLAIN("huge_body",            ACT_HUGE,     false),
PLAIN("huge_body_after_sale", ACT_HUGE,     true),
PLAIN("truncated_json",       ACT_CUT,      true),
PLAIN("truncated_body",       ACT_TRUNCATE, true),
PLAIN("slow_body",            ACT_SLOW,     true),
ANSWER("answer",              false, 200, "text/plain", ""),
ANSWER("answer_after_sale",   true,  200, "text/plain", ""),
ANSWER("http_500",            false, 500, "text/plain", "internal error"),
ANSWER("http_500_after_sale", true,  500, "text/plain", "internal error"),
ANSWER("garbage",             false, 200, BINARY, GARBAGE),
ANSWER("garbage_after_sale",  true,  200, BINARY, GARBAGE),
ANSWER("html",                false, 200, HTML, HTML_BODY),
ANSWER("html_after_sale",     true,  200, HTML, HTML_BODY),
ANSWER("empty",               false, 200, NULL, ""),
ANSWER("empty_after_sale",    true,  200, NULL, ""),
REFUSE("no_numbers",          REFUSE_NO_NUMBERS),
REFUSE("no_balance",          REFUSE_NO_BALANCE),
REFUSE("rate_limit_429",      REFUSE_RATE_LIMIT),
REFUSE("banned",              REFUSE_BANNED),
TWIST("wrong_price",          TWIST_PRICE),
TWIST("wrong_country",        TWIST_COUNTRY),
TWIST("duplicate_id",         TWIST_DUPLICATE_ID),
TWIST("sms_twice",            TWIST_SMS_TWICE),
TWIST("sms_without_code",     TWIST_SMS_NO_CODE),
PLAIN(NULL,                   ACT_TRUE,     false),
};
/* clang-format on */

static const char *const op_names[] = {
#define OP(name) #name,
#include "sandbox/op.def"
#undef OP
    "any"};

const char *
op_name(enum op op)
{
	return op_names[op <= OP_ANY ? op : OP_other];
}

enum op
op_find(const char *name)
{
	int i = 0;

	while (i <= OP_ANY && !text_eq(name, op_names[i]))
		i++;
	return (enum op)i;
}

const struct fault_kind *
fault_kind_find(const char *name)
{
	for (const struct fault_kind *k = kinds; k->name != NULL; k++)
		if (text_eq(name, k->name))
			return k;
	return NULL;
}

void
fault_kinds_print(struct buf *b)
{
	for (const struct fault_kind *k = kinds; k->name != NULL; k++)
		buf_fmt(b, "%s%s", k == kinds ? "" : ", ", k->name);
}

bool
script_add(struct script *s, const struct fault *f)
{
	if (s->count == SCRIPT_MAX)
		return false;
	s->faults[s->count++] = *f;
	return true;
}

static bool
fits(const struct fault *f, enum op op, int service)
{
	return (f->op == OP_ANY || f->op == op) &&
	    (f->service == WORLD_NONE || f->service == service);
}

bool
script_take(struct script *s, enum op op, int service, struct fault *out)
{
	size_t i = 0;

	while (i < s->count && !fits(&s->faults[i], op, service))
		i++;
	if (i == s->count)
		return false;
	*out = s->faults[i];
	s->used++;
	if (s->faults[i].count > 0 && --s->faults[i].count == 0) {
		s->count--;
		memmove(&s->faults[i], &s->faults[i + 1],
		    (s->count - i) * sizeof(s->faults[0]));
	}
	return true;
}

void
script_clear(struct script *s)
{
	s->count = 0;
}
