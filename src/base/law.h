/*
 * law - a condition that only our own bug can break. Checked in every build:
 * a process that broke its own law must not go on moving money.
 */
#ifndef BASE_LAW_H
#define BASE_LAW_H

/* Log "panic" with place and text, then abort; the master respawns. */
__attribute__((noreturn)) void law_broken(
    const char *file, int line, const char *what);

#define law(cond)                                              \
	do {                                                   \
		if (!(cond))                                   \
			law_broken(__FILE__, __LINE__, #cond); \
	} while (0)

#endif
