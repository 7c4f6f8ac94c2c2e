#include "sandbox/world.h"

#include <stdio.h>
#include <string.h>

#include "base/law.h"
#include "base/text.h"

static const struct country countries[] = {
#define COUNTRY(iso, handler, slug, name, dial, mobile, digits) \
	{iso, slug, name, dial, mobile, digits, handler},
#include "sandbox/world.def"
};

static const struct service services[] = {
#define SERVICE(code, slug, name, form) {code, slug, name, form},
#include "sandbox/world.def"
};

const struct country *
world_country(int place)
{
	law(place >= 0 && place < COUNTRY_COUNT);
	return &countries[place];
}

const struct service *
world_service(int place)
{
	law(place >= 0 && place < SERVICE_COUNT);
	return &services[place];
}

int
world_country_by_slug(const char *slug)
{
	for (int i = 0; i < COUNTRY_COUNT; i++)
		if (text_eq(slug, countries[i].slug))
			return i;
	return WORLD_NONE;
}

int
world_country_by_handler(const char *id)
{
	int64_t n;

	if (id == NULL || !text_to_i64(id, 0, INT32_MAX, &n))
		return WORLD_NONE;
	for (int i = 0; i < COUNTRY_COUNT; i++)
		if (n == countries[i].handler)
			return i;
	return WORLD_NONE;
}

int
world_service_by_slug(const char *slug)
{
	for (int i = 0; i < SERVICE_COUNT; i++)
		if (text_eq(slug, services[i].slug))
			return i;
	return WORLD_NONE;
}

int
world_service_by_code(const char *code)
{
	for (int i = 0; i < SERVICE_COUNT; i++)
		if (text_eq(code, services[i].code))
			return i;
	return WORLD_NONE;
}

int
world_country_by_any(const char *name)
{
	int place = world_country_by_slug(name);

	if (place == WORLD_NONE)
		place = world_country_by_handler(name);
	for (int i = 0; place == WORLD_NONE && i < COUNTRY_COUNT; i++)
		if (text_eq_ci(name, countries[i].iso))
			place = i;
	return place;
}

int
world_service_by_any(const char *name)
{
	int place = world_service_by_slug(name);

	return place != WORLD_NONE ? place : world_service_by_code(name);
}

/* Fitting constants: Sebastiano Vigna, splitmix64 (public domain). */
uint64_t
world_mix(uint64_t a, uint64_t b)
{
	uint64_t z = a + (b + 1) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
world_hash(const char *text)
{
	uint64_t h = 0;

	for (const char *p = text; *p != '\0'; p++)
		h = world_mix(h, (unsigned char)*p);
	return h;
}

/* The last `width` characters of `text` become the digits of n. */
static void
put_tail(char *text, int width, uint64_t n)
{
	size_t len = strlen(text);

	law(len + (size_t)width < PHONE_SIZE);
	text[len + (size_t)width] = '\0';
	for (int i = width - 1; i >= 0; i--, n /= 10)
		text[len + (size_t)i] = (char)('0' + n % 10);
}

/* n -> (n * odd + offset) mod 10^k is a permutation when the factor has no
 * common divisor with 10; 7 654 321 has none. */
void
world_phone(int country, uint64_t seed, uint64_t n, char out[PHONE_SIZE])
{
	const struct country *where = world_country(country);
	int width = where->digits - (int)strlen(where->mobile);
	uint64_t offset = world_mix(seed, (uint64_t)country);
	uint64_t size = 1;

	for (int i = 0; i < width; i++)
		size *= 10;
	(void)snprintf(out, PHONE_SIZE, "+%s%s", where->dial, where->mobile);
	put_tail(out, width, (n % size * 7654321 + offset % size) % size);
}
