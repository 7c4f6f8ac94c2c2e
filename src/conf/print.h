/*
 * print - the settings as documents: the example file, numlease.conf(5), and
 * what is in force. All come from settings.def, none is written by hand.
 */
#ifndef CONF_PRINT_H
#define CONF_PRINT_H

#include <stdbool.h>

struct buf;
struct conf;

/* Every setting with its default, commented out. */
void print_example(struct buf *out);

/* The manual page numlease.conf(5) in mdoc(7). */
void print_manual(struct buf *out);

/*
 * "name = value" lines of what is in force; secrets are masked unless they
 * are still the default. `changed` leaves out what equals its default.
 */
enum print_which { PRINT_ALL, PRINT_CHANGED };
void print_conf(
    struct buf *out, const struct conf *conf, enum print_which which);

#endif
