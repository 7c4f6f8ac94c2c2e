/*
 * compat_list - the actions of handler_api that only read: balance, prices,
 * catalogue, open numbers. And the small words that all actions share.
 */
#ifndef HANDLER_COMPAT_LIST_H
#define HANDLER_COMPAT_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "web/route.h"

struct buf;

handler_fn compat_balance, compat_price_list, compat_stock_list,
    compat_country_list, compat_service_list, compat_active_list;

/* The word is the whole answer: 200, text/plain, no newline. */
enum err compat_say(struct response *rs, const char *word) MUST_CHECK;

/* An answer of 200, application/json; its body is still empty. */
struct buf *compat_json(struct response *rs);

/* A parameter without blanks around it; NULL when absent or empty. */
const char *compat_param(
    struct ctx *c, const struct request *rq, const char *name);

/* The country asked for, `otherwise` without one. ERR_UNKNOWN_COUNTRY. */
enum err compat_country(struct ctx *c, const struct request *rq,
    int64_t otherwise, int64_t *out) MUST_CHECK;

/* The first operator asked for; NULL for any. */
const char *compat_operator(struct ctx *c, const struct request *rq);

/* "2026-11-24 11:22:07", UTC. */
const char *compat_time(struct ctx *c, int64_t us);

/* Text on one line: without CR and LF. NULL stays NULL. */
const char *compat_line(struct ctx *c, const char *text);

#endif
