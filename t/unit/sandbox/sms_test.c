#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "harness/suite.h"
#include "sandbox/sms.h"
#include "sandbox/world.h"

static struct arena *mem;

static struct sms *
code_of(const char *slug, int64_t order, int n)
{
	return sms_with_code(mem, world_service_by_slug(slug), 7, order, n);
}

static void
same_again(void)
{
	mem = arena_new("test", 1 << 20);
	CU_ASSERT_STRING_EQUAL(
	    code_of("telegram", 5, 0)->text, code_of("telegram", 5, 0)->text);
	CU_ASSERT_STRING_NOT_EQUAL(
	    code_of("telegram", 5, 0)->code, code_of("telegram", 5, 1)->code);
	CU_ASSERT_STRING_NOT_EQUAL(
	    code_of("telegram", 5, 0)->code, code_of("telegram", 6, 0)->code);
	arena_free(&mem);
}

/* The digits of a text and of a code, without what stands between them. */
static bool
has_code(const char *text, const char *code)
{
	char plain[256];
	size_t n = 0;

	for (; *text != '\0' && n + 1 < sizeof(plain); text++)
		if (*text != '-' && *text != ' ')
			plain[n++] = *text;
	plain[n] = '\0';
	return strstr(plain, code) != NULL;
}

static void
code_in_text(void)
{
	mem = arena_new("test", 16 << 20);
	for (int s = 0; s < SERVICE_COUNT; s++)
		for (int64_t order = 0; order < 50; order++) {
			const struct sms *m =
			    sms_with_code(mem, s, 7, order, 0);

			CU_ASSERT(has_code(m->text, m->code));
			CU_ASSERT(strlen(m->code) >= 4);
			CU_ASSERT_STRING_EQUAL(
			    m->sender, world_service(s)->name);
		}
	arena_free(&mem);
}

static void
wordings_vary(void)
{
	int with_dash = 0;
	int first = 0;

	mem = arena_new("test", 1 << 20);
	for (int64_t order = 0; order < 100; order++) {
		const struct sms *m = code_of("whatsapp", order, 0);

		CU_ASSERT_EQUAL(strlen(m->code), 6);
		with_dash += strchr(m->text, '-') != NULL;
		first += text_starts(m->text, "WhatsApp code: ");
	}
	CU_ASSERT_EQUAL(with_dash, 100);
	CU_ASSERT(first > 5 && first < 50);
	arena_free(&mem);
}

static void
from_text(void)
{
	static const struct {
		const char *text;
		const char *code;
	} rows[] = {
	    {"Telegram code: 09363", "09363"},
	    {"1234", "1234"},
	    {"call +447400123456 or use 5678", "5678"},
	    {"123 is short, 123456789 is long", ""},
	    {"12345678", "12345678"},
	    {"nothing", ""},
	    {"", ""},
	};

	mem = arena_new("test", 1 << 20);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sms *m = sms_from_text(mem, 0, rows[i].text);

		CU_ASSERT_STRING_EQUAL(m->code, rows[i].code);
		CU_ASSERT_STRING_EQUAL(m->text, rows[i].text);
	}
	CU_ASSERT_STRING_EQUAL(sms_without_code(mem, 0)->code, "");
	arena_free(&mem);
}

SUITE("sms", {"a code is the seed's, the order's and the number's", same_again},
    {"the code stands in the text", code_in_text},
    {"the wording varies, the form of the code does not", wordings_vary},
    {"the code of a given text is its first run of 4 to 8 digits", from_text})
