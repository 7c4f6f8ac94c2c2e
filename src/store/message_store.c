#include "store/message_store.h"

#include "io/db.h"
#include "store/activation_store.h"

static const struct field message_stored_fields[] = {
    FIELD(message_stored, status, TEXT, REQUIRED),
    FIELD(message_stored, message_id, INT, OPTIONAL),
    FIELD(message_stored, activation_id, ID, OPTIONAL),
    FIELD(message_stored, user_id, INT, OPTIONAL),
    FIELD(message_stored, number, INT, OPTIONAL),
    FIELD(
	message_stored, state, ENUM, OPTIONAL, .names = activation_state_names),
    FIELD(message_stored, charged, MONEY, OPTIONAL),
};
static SCHEMA(message_stored);

static const struct field message_row_fields[] = {
    FIELD(message_row, id, INT, REQUIRED),
    FIELD(message_row, activation_id, ID, REQUIRED),
    FIELD(message_row, sender, TEXT, REQUIRED, .secret = true),
    FIELD(message_row, text, TEXT, REQUIRED, .secret = true),
    FIELD(message_row, code, TEXT, OPTIONAL, .secret = true),
    FIELD(message_row, is_free, BOOL, REQUIRED),
    FIELD(message_row, received_at, TIME, REQUIRED),
};
static SCHEMA(message_row);

enum err
message_store_add(
    struct ctx *c, const struct message_new *all, size_t n, struct list *out)
{
	return db_many(c, messages_store, &message_stored_schema, out,
	    P_TEXTS_OF(c, all, n, activation_id),
	    P_TEXTS_OF(c, all, n, upstream_id), P_TEXTS_OF(c, all, n, sender),
	    P_TEXTS_OF(c, all, n, text), P_TEXTS_OF(c, all, n, code),
	    P_I64S_OF(c, all, n, received_at));
}

enum err
message_store_list(
    struct ctx *c, const char *const *activations, size_t n, struct list *out)
{
	return db_many(
	    c, message_list, &message_row_schema, out, P_TEXTS(activations, n));
}
