/*
 * account - people: what is shown of them, and what an address and a
 * password must be.
 */
#ifndef SERVICE_ACCOUNT_H
#define SERVICE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "crypto/password.h"
#include "io/schema.h"

#define ACCOUNT_PASSWORD_MIN 12 /* characters */
#define ACCOUNT_PASSWORD_MAX 128

struct user_row;

struct account {
	int64_t user;   /* internal id, never shown */
	const char *id; /* UUID */
	const char *email;
	int role;        /* index into account_roles */
	int64_t version; /* of the credentials, never shown */
	int64_t created_at;
};
enum account_role { ACCOUNT_USER, ACCOUNT_ADMIN };
extern const char *const account_roles[]; /* "user", "admin", NULL */

/* Addresses are compared and kept in lower case. */
const char *account_email(struct ctx *c, const char *email);

/* What a password hash costs by the settings. */
struct password_cost account_cost(const struct ctx *c);

struct account account_of(const struct user_row *u);

/*
 * Make a user. ERR_EMAIL_TAKEN; ERR_BAD_INPUT with the field when an address
 * or password will not do.
 */
enum err account_add(struct ctx *c, const char *email, const char *password,
    enum account_role role, struct account *out) MUST_CHECK;

/* The acting user (c->user). ERR_UNAUTHENTIC when he is gone or blocked. */
enum err account_find(struct ctx *c, struct account *out) MUST_CHECK;

/* The account of an address, for the operator. ERR_NOT_FOUND. */
enum err account_find_by_email(
    struct ctx *c, const char *email, struct account *out) MUST_CHECK;

/* The account of a UUID, for administrators. ERR_NOT_FOUND. */
enum err account_find_by_id(struct ctx *c, const char *id, struct account *out)
    MUST_CHECK;

/* Up to `limit` accounts with internal ids above `after`, in order. */
enum err account_list(struct ctx *c, int64_t after, int limit, struct list *out)
    MUST_CHECK;

#endif
