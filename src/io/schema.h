/*
 * schema - a struct described as data, so that JSON, path and query are
 * checked and turned into that struct by one function instead of by hand;
 * the same table prints the struct as JSON and reads database rows into it.
 *
 *	struct lease_in { const char *service; int64_t max_price; };
 *	static const struct field lease_in_fields[] = {
 *	    FIELD(lease_in, service, TEXT, REQUIRED, .lo = 1, .hi = 32,
 *		.check = is_slug),
 *	    FIELD(lease_in, max_price, MONEY, OPTIONAL, .lo = 1, .hi = MAX),
 *	};
 *	SCHEMA(lease_in);
 *
 * The member's C type is compared with the field's type at compile time.
 *
 * Bounds: .lo and .hi both 0 mean none; .hi 0 beside a .lo above 0 means
 * no upper bound. The length of text is counted in characters, and text
 * from outside never holds control characters.
 */
#ifndef IO_SCHEMA_H
#define IO_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct buf;
struct schema;

/*
 * TEXT   const char *, NULL when absent        JSON string
 * INT    int64_t                               JSON integer
 * BOOL   bool                                  JSON boolean
 * ENUM   int, index into .names                JSON string
 * MONEY  int64_t, micros                       JSON string "0.350000"
 * TIME   int64_t, us since the epoch, 0 none   JSON string, RFC 3339
 * ID     const char *, UUID text               JSON string
 * OBJECT const void *, struct of .sub          JSON object
 * LIST   struct list, structs of .sub          JSON array
 */
enum field_type {
	FIELD_TEXT,
	FIELD_INT,
	FIELD_BOOL,
	FIELD_ENUM,
	FIELD_MONEY,
	FIELD_TIME,
	FIELD_ID,
	FIELD_OBJECT,
	FIELD_LIST
};

enum field_from { FROM_BODY, FROM_PATH, FROM_QUERY };

struct list {
	void *at; /* array of structs, in the arena */
	size_t n;
};

/* Words for a field row. */
#define REQUIRED .required = true
#define OPTIONAL .required = false

struct field {
	const char *name;
	enum field_type type;
	enum field_from from;
	bool required;
	bool nullable; /* may be null; see schema_print() */
	bool secret;   /* never printed in a log or an audit entry */
	bool lines;    /* text may hold line breaks and tabs */
	size_t offset;
	int64_t lo, hi; /* value range, length of text or count of a list */
	int64_t def;    /* INT, MONEY and ENUM: the value when absent */
	bool (*check)(const char *); /* further rule for text, see rules.h */
	const char *rule;            /* "must be ...", when rules.h has none */
	const char *const *names;    /* words of an enum, ends with NULL */
	const struct schema *sub;    /* of OBJECT and LIST */
	const char *doc;             /* one sentence, for the API description */
};

/* What was wrong with one field. `code` is stable and on the wire. */
struct field_error {
	const char *field; /* JSON pointer without the slash, "items/0/url" */
	const char *code;  /* missing unknown duplicate type range format */
	const char *detail;
};

struct schema {
	const char *name;
	size_t size; /* of the struct */
	const struct field *fields;
	size_t count;
};

#define FIELD_MAX_ERRORS 16
struct field_errors {
	struct field_error list[FIELD_MAX_ERRORS];
	size_t count;
};

/* 0 when the member has the wanted type; otherwise it does not compile. */
#define TYPE_IS(type, member, want)                                  \
	(0 *                                                         \
	    sizeof(char[__builtin_types_compatible_p(                \
			    __typeof__(((type *)0)->member), want) ? \
		    1 :                                              \
		    -1]))

/* The C type each field type is kept in. */
#define FIELD_CTYPE_TEXT   const char *
#define FIELD_CTYPE_INT    int64_t
#define FIELD_CTYPE_BOOL   bool
#define FIELD_CTYPE_ENUM   int
#define FIELD_CTYPE_MONEY  int64_t
#define FIELD_CTYPE_TIME   int64_t
#define FIELD_CTYPE_ID     const char *
#define FIELD_CTYPE_OBJECT const void *
#define FIELD_CTYPE_LIST   struct list

/* One row: FIELD(tag, member, TYPE, REQUIRED | OPTIONAL, .limit = ...). */
#define FIELD(tag, member, type_, ...)                                \
	{                                                             \
		.name = #member, .type = FIELD_##type_,               \
		.offset = offsetof(struct tag, member) +              \
		    TYPE_IS(struct tag, member, FIELD_CTYPE_##type_), \
		__VA_ARGS__                                           \
	}

/* Define `<tag>_schema` over the array `<tag>_fields` above it. */
#define SCHEMA(tag)                                                  \
	const struct schema tag##_schema = {                         \
	    .name = #tag,                                            \
	    .size = sizeof(struct tag),                              \
	    .fields = tag##_fields,                                  \
	    .count = sizeof(tag##_fields) / sizeof(tag##_fields[0]), \
	}

/* A schema without fields, for operations that take no input. */
#define SCHEMA_EMPTY(tag) \
	const struct schema tag##_schema = {.name = #tag, .size = 1}

/*
 * Where the fields of one request come from. `value` looks a raw, already
 * decoded text up by name, FROM_PATH or FROM_QUERY; NULL when there is
 * none. It may be NULL when no field comes from there.
 */
struct schema_source {
	const char *body; /* JSON text; NULL or empty is {} */
	size_t body_size;
	const char *(*value)(
	    const void *arg, enum field_from from, const char *name);
	const void *arg;
};

/*
 * Read a source into a new struct of s->size in c->mem. Unknown and
 * duplicate members are refused; all faults (the first FIELD_MAX_ERRORS)
 * are listed in c->faults and the answer is ERR_BAD_INPUT. Text that is no
 * JSON at all is ERR_BAD_REQUEST. null is taken only where the field is
 * nullable, and leaves NULL or 0; an empty query value counts as absent.
 */
enum err schema_read(struct ctx *c, const struct schema *s,
    const struct schema_source *from, void **out) MUST_CHECK;

/*
 * Read JSON that our own database made (json_agg, jsonb_build_object) into
 * a new struct, or array of structs: no bounds, unknown members ignored,
 * money as integer micros, null as absent. A surprise is ERR_INTERNAL.
 */
enum err schema_read_own(struct ctx *c, const struct schema *s,
    const char *json, const void **out) MUST_CHECK;
enum err schema_read_own_list(struct ctx *c, const struct schema *s,
    const char *json, struct list *out) MUST_CHECK;

/*
 * Append the struct as a JSON object. What is NULL (TEXT, ID, OBJECT) or 0
 * (TIME) is printed as null where nullable, else left out. A nullable INT
 * or MONEY of 0 is null; otherwise numbers, booleans, words and lists are
 * always printed.
 */
void schema_print(struct buf *b, const struct schema *s, const void *at);

/*
 * What a fault of `code` in field `f` says, "must be 1 to 32 characters".
 * Lives in c->mem or longer.
 */
const char *schema_field_detail(
    struct ctx *c, const struct field *f, const char *code);

/*
 * Add a fault that only the business can see to c->faults and return
 * ERR_BAD_INPUT: schema_refuse(c, "password", "format", "is too common").
 */
enum err schema_refuse(struct ctx *c, const char *field, const char *code,
    const char *detail) MUST_CHECK;

#endif
