/*
 * report - what providers said about numbers, gathered and written in sets:
 * messages first (an SMS wins over an end that was told with it), then ends.
 */
#ifndef SERVICE_REPORT_H
#define SERVICE_REPORT_H

#include <stddef.h>

#include "base/ctx.h"
#include "provider/outcome.h"
#include "store/activation_store.h"
#include "store/message_store.h"

struct report {
	struct message_new *messages;
	size_t message_count, message_room;
	struct activation_ended *ends;
	size_t end_count, end_room;
	const char **missing;
	size_t missing_count, missing_room;
};

/*
 * Add what `o` says of the activation: its messages, and its end when the
 * state is final. That the provider does not know it counts, and is the end
 * when it says so again and again. Texts stay where they are until
 * report_write().
 */
void report_add(struct ctx *c, struct report *r, const char *activation,
    const struct outcome *o);

enum err report_write(struct ctx *c, const struct report *r) MUST_CHECK;

#endif
