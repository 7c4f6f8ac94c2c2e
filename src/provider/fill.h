/* fill - extracted texts into the fields and messages of an outcome. */
#ifndef PROVIDER_FILL_H
#define PROVIDER_FILL_H

#include "io/schema.h"
#include "provider/outcome.h"

struct fill_field;
struct view;

/* A field by its name in descriptors; NULL when there is none. */
const struct fill_field *fill_find(const char *name);

/* Apply a list of struct set. A value that cannot be read is not said. */
void fill_fields(
    const struct view *w, const struct list *sets, struct outcome *out);

/*
 * Append the messages of a list of struct message_spec, oldest first, with
 * their codes; sets out->newest. Texts without a given code are searched.
 */
void fill_messages(
    const struct view *w, const struct list *specs, struct outcome *out);

#endif
