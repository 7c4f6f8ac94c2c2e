#include <string.h>

#include "base/arena.h"
#include "io/db_conn.h"
#include "io/schema_value.h"

/* One result on its way into row structs. */
struct reading {
	struct ctx *c;
	const PGresult *r;
	const char *name; /* of the statement */
	const struct schema *row;
	int *columns; /* of each field; -1 when an optional one is absent */
};

static enum err
read_json(struct ctx *c, const struct field *f, const char *text, void *member)
{
	if (f->type == FIELD_LIST)
		return schema_read_own_list(c, f->sub, text, member);
	return schema_read_own(c, f->sub, text, member);
}

static enum err
read_field(
    struct reading *r, const struct field *f, const char *text, void *member)
{
	const char *fault;

	if (text == NULL && f->required)
		return fail(
		    r->c, ERR_INTERNAL, "%s: %s is null", r->name, f->name);
	if (text == NULL)
		return OK;
	if (f->type == FIELD_LIST || f->type == FIELD_OBJECT)
		return read_json(r->c, f, text, member);
	fault = schema_value_column(f, text, member);
	if (fault != NULL)
		return fail(r->c, ERR_INTERNAL, "%s: %s has a bad %s", r->name,
		    f->name, fault);
	return OK;
}

static enum err
map_columns(struct reading *r)
{
	const struct schema *row = r->row;

	r->columns = arena_many(r->c->mem, int, row->count);
	for (size_t i = 0; i < row->count; i++) {
		r->columns[i] = PQfnumber(r->r, row->fields[i].name);
		if (r->columns[i] < 0 && row->fields[i].required)
			return fail(r->c, ERR_INTERNAL, "%s: no column %s",
			    r->name, row->fields[i].name);
	}
	return OK;
}

static enum err
read_row(struct reading *r, int line, unsigned char *out)
{
	for (size_t i = 0; i < r->row->count; i++) {
		const struct field *f = &r->row->fields[i];
		const char *text = NULL;

		if (r->columns[i] < 0)
			continue;
		if (PQgetisnull(r->r, line, r->columns[i]) == 0)
			text = PQgetvalue(r->r, line, r->columns[i]);
		TRY(read_field(r, f, text, out + f->offset));
	}
	return OK;
}

enum err
db_rows_read(struct ctx *c, const PGresult *r, const char *name,
    const struct schema *row, void *out)
{
	struct reading reading = {c, r, name, row, NULL};
	unsigned char *at = out;

	TRY(map_columns(&reading));
	for (int line = 0; line < PQntuples(r); line++, at += row->size)
		TRY(read_row(&reading, line, at));
	return OK;
}

static int
hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

enum err
db_bytes(struct ctx *c, const char *text, const unsigned char **out, size_t *n)
{
	size_t len = strlen(text);
	unsigned char *at = arena_alloc(c->mem, len / 2 + 1, 1);

	if (len < 2 || len % 2 != 0 || text[0] != '\\' || text[1] != 'x')
		return fail(c, ERR_INTERNAL, "not a bytea in hex");
	for (size_t i = 2; i < len; i += 2) {
		int hi = hex_digit(text[i]);
		int lo = hex_digit(text[i + 1]);

		if (hi < 0 || lo < 0)
			return fail(c, ERR_INTERNAL, "not a bytea in hex");
		at[i / 2 - 1] = (unsigned char)(hi * 16 + lo);
	}
	*out = at;
	*n = len / 2 - 1;
	return OK;
}
