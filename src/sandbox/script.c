#include "sandbox/script.h"

#include <string.h>

#include "base/text.h"

#define HTML "text/html"
#define HTML_BODY                                                     \
	"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title>" \
	"</head>\n<body><h1>502 Bad Gateway</h1></body></html>\n"
#define GARBAGE "\xfe\xff\x01{\"activationId\":[[[}ACCESS_NUMB"
#define BINARY  "application/octet-stream"

/* clang-format off */
static const struct fault_kind kinds[] = {
/* name                  act           happens status type    body          detail */
{"latency",              ACT_TRUE,     true,  0,   NULL,   NULL,         0},
{"latency_before",       ACT_LATE,     true,  0,   NULL,   NULL,         0},
{"timeout",              ACT_SILENT,   false, 0,   NULL,   NULL,         0},
{"timeout_after_sale",   ACT_SILENT,   true,  0,   NULL,   NULL,         0},
{"reset_before",         ACT_RESET,    false, 0,   NULL,   NULL,         0},
{"reset_after_sale",     ACT_RESET,    true,  0,   NULL,   NULL,         0},
{"close_before",         ACT_HANG_UP,  false, 0,   NULL,   NULL,         0},
{"close_after_sale",     ACT_HANG_UP,  true,  0,   NULL,   NULL,         0},
{"http_500",             ACT_ANSWER,   false, 500, "text/plain", "internal error", 0},
{"http_500_after_sale",  ACT_ANSWER,   true,  500, "text/plain", "internal error", 0},
{"answer",               ACT_ANSWER,   false, 200, "text/plain", "",      0},
{"answer_after_sale",    ACT_ANSWER,   true,  200, "text/plain", "",      0},
{"garbage",              ACT_ANSWER,   false, 200, BINARY, GARBAGE,      0},
{"garbage_after_sale",   ACT_ANSWER,   true,  200, BINARY, GARBAGE,      0},
{"html",                 ACT_ANSWER,   false, 200, HTML,   HTML_BODY,    0},
{"html_after_sale",      ACT_ANSWER,   true,  200, HTML,   HTML_BODY,    0},
{"empty",                ACT_ANSWER,   false, 200, NULL,   "",           0},
{"empty_after_sale",     ACT_ANSWER,   true,  200, NULL,   "",           0},
{"huge_body",            ACT_HUGE,     false, 200, NULL,   NULL,         0},
{"huge_body_after_sale", ACT_HUGE,     true,  200, NULL,   NULL,         0},
{"truncated_json",       ACT_CUT,      true,  0,   NULL,   NULL,         0},
{"truncated_body",       ACT_TRUNCATE, true,  0,   NULL,   NULL,         0},
{"slow_body",            ACT_SLOW,     true,  0,   NULL,   NULL,         0},
{"no_numbers",           ACT_REFUSE,   false, 0,   NULL,   NULL,         REFUSE_NO_NUMBERS},
{"no_balance",           ACT_REFUSE,   false, 0,   NULL,   NULL,         REFUSE_NO_BALANCE},
{"rate_limit_429",       ACT_REFUSE,   false, 0,   NULL,   NULL,         REFUSE_RATE_LIMIT},
{"banned",               ACT_REFUSE,   false, 0,   NULL,   NULL,         REFUSE_BANNED},
{"wrong_price",          ACT_TWIST,    true,  0,   NULL,   NULL,         TWIST_PRICE},
{"wrong_country",        ACT_TWIST,    true,  0,   NULL,   NULL,         TWIST_COUNTRY},
{"duplicate_id",         ACT_TWIST,    true,  0,   NULL,   NULL,         TWIST_DUPLICATE_ID},
{"sms_twice",            ACT_TWIST,    true,  0,   NULL,   NULL,         TWIST_SMS_TWICE},
{"sms_without_code",     ACT_TWIST,    true,  0,   NULL,   NULL,         TWIST_SMS_NO_CODE},
{NULL,                   ACT_TRUE,     false, 0,   NULL,   NULL,         0},
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
