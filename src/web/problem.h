/*
 * problem - an error as the client sees it. Each door has its own form:
 * problem+json (RFC 9457) for /api and /api/v1, the protocols' own words for
 * the compatibility doors. Private reasons are never sent.
 */
#ifndef WEB_PROBLEM_H
#define WEB_PROBLEM_H

#include "base/ctx.h"
#include "web/request.h"
#include "web/response.h"

/* Replace what `rs` holds by the answer to error `e`; headers stay. */
void problem_answer(
    struct ctx *c, const struct request *rq, struct response *rs, enum err e);

/* "Created" of 201; never NULL. */
const char *problem_reason(int status);

#endif
