/*
 * answer_fuzz - any bytes as an upstream's answer. The first three bytes
 * choose descriptor, operation and status, the rest is the body. Checked are
 * the laws of engine.h: whatever comes, no crash, and no success that lacks
 * what it must bring.
 *
 * NUMLEASE_PROVIDERS names the folder of descriptors ("providers").
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/law.h"
#include "base/text.h"
#include "provider/engine.h"

#define KINDS 3

static const char *const ids[KINDS] = {"5sim", "sms-activate", "herosms"};
static const int statuses[] = {
    200, 204, 201, 302, 400, 401, 403, 404, 409, 422, 425, 429, 500, 503};
static const struct pair headers[] = {
    {"Content-Type", "text/plain"}, {"Retry-After", "3"}};

static const struct descriptor *kinds[KINDS];
static struct arena *kinds_mem;

static void
load_once(void)
{
	const char *dir = getenv("NUMLEASE_PROVIDERS");
	struct ctx c = {0};

	kinds_mem = arena_new("descriptors", (size_t)16 << 20);
	c.mem = kinds_mem;
	for (size_t i = 0; i < KINDS; i++)
		law(descriptor_load(&c, dir == NULL ? "providers" : dir, ids[i],
			&kinds[i]) == OK);
}

static void
check_messages(const struct outcome *o)
{
	law((o->message_count > 0) == (o->newest != NULL));
	for (size_t i = 0; i < o->message_count; i++) {
		law(o->messages[i].key != NULL);
		law(o->messages[i].text != NULL || o->messages[i].code != NULL);
		law(i == 0 || o->messages[i - 1].at <= o->messages[i].at);
	}
}

static void
check_phone(const char *phone)
{
	law(phone == NULL || *phone == '+');
	for (const char *p = phone; p != NULL && *++p != '\0';)
		law(*p >= '0' && *p <= '9');
}

static void
check_lists(const struct outcome *o)
{
	for (size_t i = 0; i < o->item_count; i++) {
		law(!text_is_empty(o->items[i].id));
		check_messages(&o->items[i]);
	}
	for (size_t i = 0; i < o->price_count; i++)
		law(o->prices[i].cost > 0 && o->prices[i].stock >= 0);
}

static void
check(const struct outcome *o, enum upstream_op op, int status)
{
	bool sold = op == OP_BUY && o->fault == FAULT_NONE;

	check_messages(o);
	check_phone(o->phone);
	law(!sold || (!text_is_empty(o->id) && o->expires_at > 0));
	law(!sold || status == 200 || status == 201 || status == 204);
	law(op != OP_BUY || status < 500 ||
	    fault_action(o->fault, op) == ACTION_RECONCILE);
	law(o->state != UPSTREAM_RECEIVED || o->message_count > 0);
	law(o->cost >= OUTCOME_UNSAID && o->min_price >= OUTCOME_UNSAID);
	check_lists(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct vars v = {.key = "k", .service = "tg", .operator= "any" };
	struct arena *mem;
	struct ctx c = {0};
	struct outcome o;
	struct answer a;
	struct buf b;
	enum upstream_op op;

	if (kinds[0] == NULL)
		load_once();
	if (n < 3)
		return 0;
	mem = arena_new("fuzz", (size_t)256 << 20);
	c.mem = mem;
	op = (enum upstream_op)(bytes[1] % OP__MAX);
	a = (struct answer){
	    .status =
		statuses[bytes[2] % (sizeof(statuses) / sizeof(statuses[0]))],
	    .headers = headers,
	    .header_count = 2,
	    .body = (const char *)bytes + 3,
	    .body_len = n - 3};
	engine_read(&c, kinds[bytes[0] % KINDS], op, &v, &a, &o);
	check(&o, op, a.status);
	buf_init(&b, mem);
	outcome_print(&b, &o);
	arena_free(&mem);
	return 0;
}
