/* logbook - catches every log line of a test; silent errors fail it. */
#ifndef T_LOGBOOK_H
#define T_LOGBOOK_H

#include <stdbool.h>

/* Start catching; lines of the last test are dropped. */
void logbook_open(void);

/* Declare that the test will log `event` at WARN or ERROR, once. */
void logbook_expect(const char *event);

/* True when some caught line contains `part`. */
bool logbook_has(const char *part);

/* Print undeclared and missing events as TAP comments; how many. */
unsigned logbook_close(void);

#endif
