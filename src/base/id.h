/*
 * id - identifiers. UUIDv7 (RFC 9562 section 5.7): sortable by creation,
 * unguessable in its 74 random bits. Not a secret: secrets come from crypto/.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>

#define ID_SIZE 37

/* A new UUIDv7 in lower-case text. */
void id_new(char out[ID_SIZE]);

/* True for a UUID of any version in lower-case 8-4-4-4-12 form. */
bool id_is_valid(const char *s);

#endif
