#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "harness/suite.h"
#include "provider/code.h"

/* A message as it arrives, and what the user has to type; NULL is none. */
static const struct {
	const char *text;
	const char *code;
} messages[] = {
    {"806-185 is your WhatsApp code", "806185"},
    {"WhatsApp code 806-185\nhttps://v.whatsapp.com/806999", "806185"},
    {"Your WhatsApp code: 806-185. Don't share", "806185"},
    {"G-123456 is your Google verification code.", "123456"},
    {"123 456 is your Instagram code. Don't share it. SIYRxKrru1t", "123456"},
    {"<#> Your code is 4821 FA+9qCX9VSu", "4821"},
    {"Telegram code: 12345. Do not give this code to anyone.\n"
     "https://t.me/login/99999",
	"12345"},
    {"You can also tap on this link to log you in: https://t.me/login/12345",
	NULL},
    {"Your Steam verification code is 4GH7K", "4GH7K"},
    {"Your login code: ABCDEF", "ABCDEF"},
    {"Your code is ready in the app", NULL},
    {"رمز التحقق الخاص بك هو ١٢٣٤٥٦", "123456"},
    {"کد تایید شما: ۹۸۷۶۵", "98765"},
    {"【微信】验证码１２３４５６，请勿泄露", "123456"},
    {"Ваш код: 4821. Никому не сообщайте", "4821"},
    {"Your code 4821 expires in 10 minutes. Ref 99887766", "4821"},
    {"For account 55555555 the code is 1234", "1234"},
    {"Your Uber code is 1234. Reply STOP ALL to +44 7903 561836 to opt out",
	"1234"},
    {"Use 5678 as your Microsoft account security code", "5678"},
    {"PayPal: 123456 is your security code. Don't share it.", "123456"},
    {"Your Apple ID Code is: 123456. @apple.com #123456 %apple.com", "123456"},
    {"VK: 84512", "84512"},
    {"Your code is 4821. Bye 777777", "4821"},
    {"Order ref code: 2024", "2024"},
    {"Your code: 482\xe2\x80\x8b"
     "913",
	"482913"},
    {"Amazon: 482913", "482913"},
    {"\xe2\x80\xaa"
     "482913\xe2\x80\xac is your OTP",
	"482913"},
    {"Code: 2024", "2024"},
    {"Happy new year 2024 from all of us", NULL},
    {"Your balance is $5000 now", NULL},
    {"Data pack of 1500 MB is active", NULL},
    {"Call 800 555 1234 for help", NULL},
    {"Meet on 12.05.2024 at 12:30", NULL},
    {"Welcome! Thanks for joining us.", NULL},
    {"Your card ending 4242 was used", NULL},
    {"Your parcel 123456789012 is on the way", NULL},
    {"", NULL},
};

static void
found_as_typed(void)
{
	struct arena *mem = arena_new("test", 1 << 20);

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		const char *got = code_find(mem, messages[i].text);

		if (!text_eq(got, messages[i].code))
			printf("# %s: %s\n", messages[i].text,
			    got == NULL ? "none" : got);
		CU_ASSERT(text_eq(got, messages[i].code));
	}
	arena_free(&mem);
}

static void
broken_text_is_survived(void)
{
	static const char *const texts[] = {"\xe2", "\xe2\x80", "code \xd9",
	    "1-", "12-34", "G-", "+", "+1", "http://", "code is"};
	struct arena *mem = arena_new("test", 1 << 20);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CU_ASSERT_PTR_NULL(code_find(mem, texts[i]));
	arena_free(&mem);
}

SUITE("code", {"a code is found as the user has to type it", found_as_typed},
    {"cut and broken texts have no code", broken_text_is_survived})
