#include <stdbool.h>
#include <string.h>

#include "crypto/voucher_code.h"
#include "unit/crypto/crypto_fixture.h"

static void
check_same(const char *typed, const char *code, bool same)
{
	unsigned char a[DIGEST_SIZE];
	unsigned char b[DIGEST_SIZE];

	voucher_code_hash(typed, a);
	voucher_code_hash(code, b);
	CU_ASSERT_EQUAL(memcmp(a, b, DIGEST_SIZE) == 0, same);
}

static void
made_in_groups(void)
{
	char code[VOUCHER_CODE_SIZE];
	char other[VOUCHER_CODE_SIZE];
	char hint[VOUCHER_HINT_SIZE];

	for (int round = 0; round < 200; round++) {
		voucher_code_new(code);
		voucher_code_new(other);
		CU_ASSERT_STRING_NOT_EQUAL(code, other);
		CU_ASSERT_EQUAL(strlen(code), 29);
		for (int i = 0; i < 29; i++)
			CU_ASSERT(i % 6 == 5 ?
				code[i] == '-' :
				strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ",
				    code[i]) != NULL);
		voucher_code_hint(code, hint);
		CU_ASSERT_STRING_EQUAL(hint, code + 24);
		check_same(code, other, false);
	}
}

static void
typed_by_people(void)
{
	static const char code[] = "01ABC-DEFGH-JKMNP-QRSTV-WXYZ0";

	check_same("01abcdefghjkmnpqrstvwxyz0", code, true);
	check_same(" oIabc defgh jkmnp qrstv wxyzO ", code, true);
	check_same("0lABC--DEFGH-JKMNP-QRSTV-WXYZ0", code, true);
	check_same("01ABC-DEFGH-JKMNP-QRSTV-WXYZ1", code, false);
}

static void
no_code(void)
{
	static const char *const none[] = {"", "-", "01ABC",
	    "01ABC-DEFGH-JKMNP-QRSTV-WXYZ00", "01ABC-DEFGH-JKMNP-QRSTV-WXYZU",
	    "01ABC-DEFGH-JKMNP-QRSTV-WXYZ\xc3\xa9", "'; DROP TABLE vouchers"};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		check_same(none[i], "", true);
		check_same(none[i], "01ABC-DEFGH-JKMNP-QRSTV-WXYZ0", false);
	}
}

SUITE("voucher_code",
    {"a code is five groups, and no two are one", made_in_groups},
    {"what people type is the code", typed_by_people},
    {"what is none is the code of none", no_code}, )
