/*
 * code - finds the one-time code in the text of a message, for upstreams
 * that give only the text. Written as the user has to type it: "806-185"
 * and "806 185" give "806185", "G-123456" gives "123456", Arabic, Persian
 * and full-width digits give ASCII ones.
 */
#ifndef PROVIDER_CODE_H
#define PROVIDER_CODE_H

struct arena;

/* The code, or NULL when the text seems to have none. */
const char *code_find(struct arena *mem, const char *text);

#endif
