#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "harness/suite.h"
#include "io/address.h"

struct row {
	const char *text;
	bool is_public;
};

/* For each range: its first and last address, and what lies beside it. */
static const struct row rows[] = {
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"191.255.255.255", true},
    {"192.0.0.1", false},
    {"192.0.1.0", true},
    {"192.0.2.255", false},
    {"192.0.3.0", true},
    {"192.88.98.255", true},
    {"192.88.99.1", false},
    {"192.88.100.0", true},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.99.255", true},
    {"198.51.100.7", false},
    {"198.51.101.0", true},
    {"203.0.112.255", true},
    {"203.0.113.9", false},
    {"203.0.114.0", true},
    {"223.255.255.255", true},
    {"224.0.0.1", false},
    {"239.255.255.255", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},
    {"8.8.8.8", true},
    {"::", false},
    {"::1", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:10.1.2.3", false},
    {"::ffff:8.8.8.8", true},
    {"::127.0.0.1", false},
    {"::8.8.8.8", false},
    {"64:ff9b::7f00:1", false},
    {"64:ff9b::808:808", false},
    {"64:ff9b:1::1", false},
    {"100::1", false},
    {"1fff:ffff::1", false},
    {"2000::1", true},
    {"2001::1", false},
    {"2001:1ff:ffff::1", false},
    {"2001:200::1", true},
    {"2001:db7::1", true},
    {"2001:db8::1", false},
    {"2001:db9::1", true},
    {"2001:4860:4860::8888", true},
    {"2002:7f00:1::1", false},
    {"2003::1", true},
    {"2606:4700::1111", true},
    {"3ffe::1", true},
    {"3fff::1", false},
    {"3fff:fff::1", false},
    {"3fff:1000::1", true},
    {"4000::1", false},
    {"5f00::1", false},
    {"fc00::1", false},
    {"fd12:3456::1", false},
    {"fe80::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
};

static struct sockaddr_storage
parse(const char *text)
{
	struct sockaddr_storage s = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&s;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&s;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(80);
	} else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(80);
	}
	return s;
}

static void
ranges(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sockaddr_storage s = parse(rows[i].text);

		CU_ASSERT_NOT_EQUAL(s.ss_family, AF_UNSPEC);
		if (address_is_public((const struct sockaddr *)&s) !=
		    rows[i].is_public)
			CU_FAIL(rows[i].text);
	}
}

static void
families(void)
{
	struct sockaddr_storage s = {.ss_family = AF_UNIX};

	CU_ASSERT_FALSE(address_is_public((const struct sockaddr *)&s));
	CU_ASSERT_TRUE(address_is_own((const struct sockaddr *)&s));
	CU_ASSERT_EQUAL(address_port((const struct sockaddr *)&s), 0);
}

static void
own(void)
{
	struct sockaddr_storage loopback = parse("127.0.0.1");
	struct sockaddr_storage mapped = parse("::ffff:127.0.0.1");
	struct sockaddr_storage far = parse("8.8.8.8");

	CU_ASSERT_TRUE(address_is_own((const struct sockaddr *)&loopback));
	CU_ASSERT_TRUE(address_is_own((const struct sockaddr *)&mapped));
	CU_ASSERT_FALSE(address_is_own((const struct sockaddr *)&far));
	CU_ASSERT_EQUAL(address_port((const struct sockaddr *)&far), 80);
	CU_ASSERT_EQUAL(address_port((const struct sockaddr *)&mapped), 80);
}

SUITE("address", {"only addresses of the public internet qualify", ranges},
    {"other families never do", families},
    {"this machine's own addresses are known", own})
