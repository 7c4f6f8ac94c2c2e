/*
 * sms - the texts that simulated services send. The code is a function of
 * seed, order and message number, so that a test can know it beforehand; the
 * wording varies from order to order.
 */
#ifndef SANDBOX_SMS_H
#define SANDBOX_SMS_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct sms {
	int64_t id; /* of its own, given when it arrives */
	int64_t at; /* us since the epoch */
	const char *sender;
	const char *text;
	const char *code; /* as the upstream extracted it; "" for none */
	struct sms *next;
};

/* The `n`-th message (from 0) of an order, with a code. */
struct sms *sms_with_code(
    struct arena *mem, int service, uint64_t seed, int64_t order, int n);

/* A message in which there is no code. */
struct sms *sms_without_code(struct arena *mem, int service);

/* A message of a given text; its code is its first run of 4 to 8 digits. */
struct sms *sms_from_text(struct arena *mem, int service, const char *text);

#endif
