/*
 * limiter - how often something may happen, by the generic cell rate
 * algorithm (ITU-T I.371): one number per subject, the theoretical arrival
 * time of its next request. It lives in memory that the master shares with
 * all its processes, so that a limit is one limit of this machine and costs
 * no round trip. The memory is of fixed size: when it is full, the subject
 * that is nearest to being forgotten anyway makes room.
 *
 * Time is monotonic, so that no clock step can lock a subject out.
 */
#ifndef WEB_LIMITER_H
#define WEB_LIMITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limiter;

/* `count` at once, and then `count` per `period_us`. */
struct limit_rule {
	int64_t count;
	int64_t period_us;
};

/* NULL when there is no memory. `slots` is rounded up to a power of two. */
struct limiter *limiter_open(size_t slots);
void limiter_close(struct limiter **l);

/*
 * Count one request of `subject` (any text, the rule's name included). False
 * when it is over the limit; `retry_us` then is when the next one may come.
 */
bool limiter_take(struct limiter *l, const char *subject,
    const struct limit_rule *rule, int64_t now, int64_t *retry_us);

#define LIMITER_NET_SIZE 48

/*
 * Who an address is for limits: IPv4 as it is, IPv6 its /64, because that is
 * what one customer gets. Text that is no address is one subject, "?".
 */
void limiter_net(const char *ip, char out[LIMITER_NET_SIZE]);

#endif
