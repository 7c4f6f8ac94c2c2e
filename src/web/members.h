/*
 * members - JSON whose keys are data, which no schema can describe: the
 * answers of the handler_api protocol. Commas follow from what was written.
 *
 *	members_open(b, NULL, '{');
 *	members_open(b, "16", '{');
 *	members_money(b, "cost", 350000);
 *	members_close(b, '}');
 *	members_close(b, '}');		{"16":{"cost":0.35}}
 *
 * `name` is NULL at the top and in an array.
 */
#ifndef WEB_MEMBERS_H
#define WEB_MEMBERS_H

#include <stdint.h>

struct buf;

/* '{' or '[', later closed by its counterpart. */
void members_open(struct buf *b, const char *name, char bracket);
void members_close(struct buf *b, char bracket);
/* A string; NULL is null. */
void members_text(struct buf *b, const char *name, const char *value);
void members_int(struct buf *b, const char *name, int64_t value);
/* A number with two decimals or more, as the protocol has it. */
void members_money(struct buf *b, const char *name, int64_t micros);

#endif
