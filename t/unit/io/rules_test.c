#include <stdio.h>
#include <string.h>

#include "harness/suite.h"
#include "io/rules.h"

static void
holds(bool (*rule)(const char *), const char *const *texts, bool want)
{
	for (; *texts != NULL; texts++)
		if (rule(*texts) != want) {
			printf("# \"%.80s\"\n", *texts);
			CU_FAIL("rule answers the other way");
		}
}
#define YES(rule, ...) \
	holds(rule, (const char *const[]){__VA_ARGS__, NULL}, true)
#define NO(rule, ...) \
	holds(rule, (const char *const[]){__VA_ARGS__, NULL}, false)

#define TEN      "0123456789"
#define FIFTY    TEN TEN TEN TEN TEN
#define SIXTY_3  FIFTY TEN "abc"
#define SIXTY_4  SIXTY_3 "d"
#define DOMAIN_A "a" SIXTY_3

static void
slug(void)
{
	YES(is_slug, "telegram", "a", "7eleven", "a_b-c");
	NO(is_slug, "", "-a", "_a", "A", "a b", "a.b", "\xc3\xa9", "a/b");
}

static void
email(void)
{
	YES(is_email, "a@b.de", "first.last+tag@sub.example.com",
	    "o'neil@example.co.uk", "x@1.example", SIXTY_4 "@example.com",
	    "a@" SIXTY_3 ".com");
	NO(is_email, "", "a", "a@", "@b.de", "a@b", "a b@c.de", "a@b..de",
	    ".a@b.de", "a.@b.de", "a..b@c.de", "a@-b.de", "a@b-.de",
	    "a@127.0.0.1", "a@[127.0.0.1]", "\"a\"@b.de", "a@b.de\n",
	    "a\r\nBcc: x@b.de", "a@b@c.de", SIXTY_4 "x@b.de", "a@b.de.",
	    "a@" SIXTY_4 ".com",
	    "a@" SIXTY_3 "." SIXTY_3 "." SIXTY_3 "." SIXTY_3 ".com");
}

static void
phone_and_country(void)
{
	YES(is_e164, "+4420714", "+442071234567", "+123456789012345");
	NO(is_e164, "", "+", "442071234567", "+042071234567", "+44 20712345",
	    "+123456", "+1234567890123456", "+44207123456a");
	YES(is_currency_code, "USD", "EUR");
	NO(is_currency_code, "", "US", "usd", "USDT", "U1D");
	YES(is_country_code, "gb", "de");
	NO(is_country_code, "", "g", "GB", "gbr", "g1");
}

static void
url(void)
{
	YES(is_url_https, "https://example.com", "https://example.com/a?b=c",
	    "https://example.com:8443/x", "https://localhost/hook",
	    "https://a.b?x=1");
	NO(is_url_https, "", "http://example.com", "HTTPS://example.com",
	    "https://", "https:///x", "https://user@example.com/",
	    "https://user:pw@example.com/", "https://example.com:0/",
	    "https://example.com:65536/", "https://example.com:/",
	    "https://example.com:8x/", "https://exa mple.com/",
	    "https://example.com/#f", "https://example.com/\n",
	    "https://-a.com/", "https://a..com/", "https://[::1]/",
	    "https://example.com\\@evil.com/");
}

static void
name(void)
{
	YES(is_name, "a", "My key", "\xc3\x85ngstr\xc3\xb6m", "\xe2\x82\xac 5");
	NO(is_name, "", " a", "a ", "a\nb", "a\tb", "a\x7f", "a\xc2\x85",
	    "a\xe2\x80\xae"
	    "b",
	    "a\xe2\x80\x8b"
	    "b",
	    "\xef\xbb\xbf"
	    "a",
	    "a\xe2\x81\xa6"
	    "b");
}

static bool
stranger(const char *s)
{
	return *s != '\0';
}

static void
texts(void)
{
	static bool (*const rules[])(const char *) = {is_slug, is_email,
	    is_e164, is_country_code, is_currency_code, is_url_https, is_name};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		CU_ASSERT_EQUAL(strncmp(rule_text(rules[i]), "must ", 5), 0);
	CU_ASSERT_PTR_NULL(rule_text(stranger));
	CU_ASSERT_PTR_NULL(rule_text(NULL));
}

SUITE("rules", {"a slug is lower case and starts with a letter or digit", slug},
    {"an e-mail address can be sent to and hides nothing", email},
    {"phones are E.164, countries two lower-case letters", phone_and_country},
    {"a URL is https with a plain host", url},
    {"a name cannot look like another by hidden characters", name},
    {"every rule says what it wants", texts})
