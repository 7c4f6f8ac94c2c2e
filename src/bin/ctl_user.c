#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "bin/ctl.h"
#include "crypto/credential.h"
#include "crypto/secret.h"
#include "service/account.h"

#define PASSWORD_SIZE 1024
#define PAGE          200

/* A line of standard input that is no terminal; false when there is none. */
static bool
read_password(char out[PASSWORD_SIZE])
{
	if (isatty(STDIN_FILENO) || fgets(out, PASSWORD_SIZE, stdin) == NULL)
		return false;
	out[strcspn(out, "\r\n")] = '\0';
	return *out != '\0';
}

enum err
ctl_user_create(struct ctx *c, int argc, char **argv)
{
	bool admin = ctl_flag(&argc, argv, "--admin");
	char password[PASSWORD_SIZE];
	bool given;
	struct account a;
	enum err e;

	if (argc != 1)
		return fail(c, ERR_BAD_REQUEST, "one address is needed");
	given = read_password(password);
	if (!given)
		credential_new(CREDENTIAL_COMPAT_KEY, password);
	e = account_add(
	    c, argv[0], password, admin ? ACCOUNT_ADMIN : ACCOUNT_USER, &a);
	if (e == OK)
		(void)printf("%s %s\n", a.email, a.id);
	if (e == OK && !given)
		(void)printf("password: %s\n", password);
	secret_wipe(password, sizeof(password));
	return e;
}

static void
print_account(const struct account *a)
{
	char created[CLOCK_TEXT_SIZE];

	clock_print(a->created_at, created);
	(void)printf("%lld\t%s\t%s\t%s\n", (long long)a->user, a->email,
	    account_roles[a->role], created);
}

enum err
ctl_user_list(struct ctx *c, int argc, char **argv)
{
	struct list page = {0};
	int64_t after = 0;

	(void)argv;
	TRY(ctl_no_args(c, argc));
	do {
		TRY(account_list(c, after, PAGE, &page));
		for (size_t i = 0; i < page.n; i++) {
			const struct account *a =
			    (const struct account *)page.at + i;

			print_account(a);
			after = a->user;
		}
	} while (page.n == PAGE);
	return OK;
}
