/*
 * log - one JSON line per event. Time, level, event, request id, operation
 * and user come from the context; the rest are fields, never sentences.
 *
 *	log_ev(c, LEVEL_INFO, "activation.leased",
 *	    L_I64("activation", id), L_STR("provider", name));
 *
 * Codes, tokens, keys and bodies have no field kind on purpose; a phone is
 * printed with all but its last three digits masked (L_PHONE).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct ctx;

enum log_kind { LOG_STR, LOG_I64, LOG_PHONE };

struct log_field {
	const char *name;
	enum log_kind kind;
	const char *str;
	int64_t num;
};
#define L_STR(n, s)   ((struct log_field){(n), LOG_STR, (s), 0})
#define L_I64(n, v)   ((struct log_field){(n), LOG_I64, NULL, (v)})
#define L_PHONE(n, s) ((struct log_field){(n), LOG_PHONE, (s), 0})

/*
 * Write an event; `c` may be NULL. Values over 512 bytes are cut; fields that
 * do not fit in a line of 8 kB are left out, which "cut":true tells. Every
 * line is valid JSON whatever the values are.
 */
#define log_ev(c, level, event, ...)                          \
	log_write((c), (level), (event),                      \
	    (const struct log_field[]){__VA_ARGS__},          \
	    sizeof((const struct log_field[]){__VA_ARGS__}) / \
		sizeof(struct log_field))

void log_write(const struct ctx *c, enum err_level level, const char *event,
    const struct log_field *fields, unsigned long count);

/*
 * Where lines go: "stderr" (the default), "syslog", or the path of a file
 * that is appended to. `program` names the process in each line. False when
 * the file cannot be opened; the old sink then stays.
 */
bool log_open(const char *sink, const char *program, enum err_level least);

/* Close and open the file again, after logrotate moved it away. */
void log_reopen(void);

/* Tests: give each line to `take` instead; NULL goes back to the sink. */
void log_divert(
    void (*take)(enum err_level, const char *event, const char *line));

#endif
