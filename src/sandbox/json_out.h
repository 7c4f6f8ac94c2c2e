/* json_out - the pieces of JSON that the sandbox writes by hand. */
#ifndef SANDBOX_JSON_OUT_H
#define SANDBOX_JSON_OUT_H

#include <stdint.h>

struct buf;

/* A string with its quotes. */
void json_text(struct buf *b, const char *s);
/* Money as a JSON number without needless zeros: 0.32, 21. */
void json_money(struct buf *b, int64_t micros);
/* A comma unless the last byte opened an object or an array. */
void json_comma(struct buf *b);

#endif
