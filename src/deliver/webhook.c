#include "deliver/webhook.h"

#include <inttypes.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/law.h"
#include "crypto/sign.h"
#include "io/js.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* A 20-minute number needs the early steps; the late ones span days. */
static const int64_t plan[] = {5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE,
    2 * HOUR, 5 * HOUR, 10 * HOUR, 24 * HOUR, 24 * HOUR};
#define PLANNED ((int64_t)(sizeof(plan) / sizeof(plan[0])))

enum err
webhook_write(
    struct ctx *c, const struct webhook_notice *n, struct webhook_message *out)
{
	int64_t now = clock_now() / CLOCK_SECOND;
	struct sign_message signed_part = {.id = n->id, .timestamp = now};
	const char *signature = NULL;
	char at[CLOCK_TEXT_SIZE];
	struct buf body;

	clock_print(n->at, at);
	buf_init(&body, c->mem);
	buf_text(&body, "{\"type\":");
	js_print_string(&body, n->type);
	buf_text(&body, ",\"timestamp\":");
	js_print_string(&body, at);
	buf_text(&body, ",\"data\":");
	schema_print(&body, n->schema, n->data);
	buf_char(&body, '}');
	signed_part.body = body.at;
	signed_part.size = body.len;
	TRY(sign_webhook(c, n->secret, &signed_part, &signature));
	*out = (struct webhook_message){.body = body.at,
	    .body_size = body.len,
	    .headers = {{"Content-Type", "application/json"},
		{"webhook-id", arena_dup(c->mem, n->id)},
		{"webhook-timestamp", arena_fmt(c->mem, "%" PRId64, now)},
		{"webhook-signature", signature}}};
	return OK;
}

enum webhook_verdict
webhook_judge(int status)
{
	if (status >= 200 && status < 300)
		return WEBHOOK_DONE;
	return status == 410 ? WEBHOOK_GONE : WEBHOOK_AGAIN;
}

int64_t
webhook_next_ms(int64_t tries, int64_t asked_ms)
{
	uint32_t random;
	int64_t ms;

	law(tries > 0);
	if (tries > PLANNED)
		return -1;
	ms = plan[tries - 1];
	if (asked_ms > ms)
		ms = asked_ms < 2 * ms ? asked_ms : 2 * ms;
	law(getrandom(&random, sizeof(random), 0) == (ssize_t)sizeof(random));
	return ms * (800 + (int64_t)(random % 401)) / 1000;
}
