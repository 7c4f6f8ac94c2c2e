#include "service/account.h"

#include "base/arena.h"
#include "base/text.h"
#include "conf/conf.h"
#include "io/rules.h"
#include "store/user_store.h"

const char *const account_roles[] = {"user", "admin", NULL};

_Static_assert((int)ACCOUNT_USER == (int)USER_ROLE_USER &&
	(int)ACCOUNT_ADMIN == (int)USER_ROLE_ADMIN,
    "one order of roles");

struct account
account_of(const struct user_row *u)
{
	return (struct account){.user = u->id,
	    .id = u->public_id,
	    .email = u->email,
	    .role = u->role,
	    .version = u->version,
	    .created_at = u->created_at};
}

const char *
account_email(struct ctx *c, const char *email)
{
	return text_lower(c->mem, text_trim(c->mem, email));
}

struct password_cost
account_cost(const struct ctx *c)
{
	return (struct password_cost){
	    c->conf->password_ops, c->conf->password_memory};
}

/* Characters, not bytes: every byte but UTF-8 continuations starts one. */
static size_t
count_characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static enum err
check_password(struct ctx *c, const char *email, const char *password)
{
	size_t n = count_characters(password);

	if (n < ACCOUNT_PASSWORD_MIN || n > ACCOUNT_PASSWORD_MAX)
		return schema_refuse(
		    c, "password", "range", "must be 12 to 128 characters");
	if (text_eq_ci(password, email))
		return schema_refuse(
		    c, "password", "format", "must not be the address");
	return OK;
}

enum err
account_add(struct ctx *c, const char *email, const char *password,
    enum account_role role, struct account *out)
{
	struct password_cost cost = account_cost(c);
	char hash[PASSWORD_HASH_SIZE];
	struct user_row row = {0};
	enum err e;

	email = account_email(c, email);
	if (!is_email(email))
		return schema_refuse(c, "email", "format", rule_text(is_email));
	TRY(check_password(c, email, password));
	TRY(password_hash(c, &cost, password, hash));
	e = user_store_add(c, email, hash, (enum user_role)role, &row);
	if (e == ERR_CONFLICT)
		return fail(c, ERR_EMAIL_TAKEN, "address is taken");
	TRY(e);
	*out = account_of(&row);
	return OK;
}

enum err
account_find(struct ctx *c, struct account *out)
{
	struct user_row row = {0};
	bool found;

	TRY(user_store_find(c, c->user, &row, &found));
	if (!found || row.status != USER_STATUS_ACTIVE)
		return fail(c, ERR_UNAUTHENTIC, "user is gone or blocked");
	*out = account_of(&row);
	return OK;
}

enum err
account_find_by_email(struct ctx *c, const char *email, struct account *out)
{
	struct user_row row = {0};
	bool found;

	TRY(user_store_find_by_email(c, account_email(c, email), &row, &found));
	if (!found)
		return fail(c, ERR_NOT_FOUND, "no user has this address");
	*out = account_of(&row);
	return OK;
}

enum err
account_find_by_id(struct ctx *c, const char *id, struct account *out)
{
	struct user_row row = {0};
	bool found;

	TRY(user_store_find_by_public_id(c, id, &row, &found));
	if (!found)
		return fail(c, ERR_NOT_FOUND, "no user has this id");
	*out = account_of(&row);
	return OK;
}

enum err
account_list(struct ctx *c, int64_t after, int limit, struct list *out)
{
	struct list rows = {0};
	struct account *at;

	TRY(user_store_list(c, after, limit, &rows));
	at = arena_many(c->mem, struct account, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		at[i] = account_of((struct user_row *)rows.at + i);
	*out = (struct list){at, rows.n};
	return OK;
}
