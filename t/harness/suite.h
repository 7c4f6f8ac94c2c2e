/*
 * suite - one CUnit program per source file, reporting in TAP.
 *
 *	SUITE("arena", {"memory is zeroed", zeroed}, {"...", ...})
 *
 * Names are sentences of law. After each test the logbook is checked: an
 * undeclared WARN or ERROR line fails the test that caused it.
 */
#ifndef T_SUITE_H
#define T_SUITE_H

#include <CUnit/CUnit.h>

struct suite_test {
	const char *name;
	void (*run)(void);
};

/* Run `count` tests; 0 when a TAP report was written, whatever it says. */
int suite_run(
    const char *name, const struct suite_test *tests, unsigned long count);

/* Skip the whole program: prints the TAP plan "1..0 # SKIP why". */
int suite_skip(const char *why);

#define SUITE(name, ...)                                                \
	int main(void)                                                  \
	{                                                               \
		static const struct suite_test tests[] = {__VA_ARGS__}; \
		return suite_run(                                       \
		    name, tests, sizeof(tests) / sizeof(tests[0]));     \
	}

#endif
