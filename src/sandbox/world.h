/*
 * world - the countries and services a simulated upstream sells, under the
 * names that its protocol gives them. Constant tables (world.def); places in
 * them are what the rest of the sandbox keeps.
 */
#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

#include <stdint.h>

/* The form in which a service writes its codes. */
enum code_form {
	DIGITS4,
	DIGITS5,
	DIGITS6,
	DASHED,   /* text 123-456, code 123456 */
	SPACED,   /* text 123 456, code 123456 */
	PREFIXED, /* text G-123456, code 123456 */
	LETTERS   /* AB12C */
};

struct country {
	const char *iso;  /* ISO 3166 alpha-2, lower case */
	const char *slug; /* name of the 5sim protocol */
	const char *name;
	const char *dial;
	const char *mobile; /* first digits of the national number */
	int digits;         /* length of the national number */
	int handler;        /* id of the handler_api protocol */
};

struct service {
	const char *code; /* of the handler_api protocol */
	const char *slug; /* of the 5sim protocol */
	const char *name;
	enum code_form form;
};

enum {
	COUNTRY_COUNT = 0
#define COUNTRY(...) +1
#include "sandbox/world.def"
	,
	SERVICE_COUNT = 0
#define SERVICE(...) +1
#include "sandbox/world.def"
};

#define WORLD_NONE (-1)

/* `place` must be below COUNTRY_COUNT, SERVICE_COUNT. */
const struct country *world_country(int place);
const struct service *world_service(int place);

/* The place of a name in one protocol; WORLD_NONE when there is none. */
int world_country_by_slug(const char *slug);
int world_country_by_handler(const char *id);
int world_service_by_slug(const char *slug);
int world_service_by_code(const char *code);

/* By any of its names: what an operator may type. */
int world_country_by_any(const char *name);
int world_service_by_any(const char *name);

/*
 * A phone in E.164 (with +) for the `n`-th order of a country. Different n
 * give different phones, as long as the national plan has digits for it.
 */
#define PHONE_SIZE 24
void world_phone(int country, uint64_t seed, uint64_t n, char out[PHONE_SIZE]);

/* A number out of a text. */
uint64_t world_hash(const char *text);

/* Mix two numbers into one that looks random (splitmix64's finaliser). */
uint64_t world_mix(uint64_t a, uint64_t b);

#endif
