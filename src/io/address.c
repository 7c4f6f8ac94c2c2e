#include "io/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct range4 {
	uint32_t net; /* host order */
	int bits;
};

struct range6 {
	unsigned char net[4]; /* all ranges end within these bits */
	int bits;
};

static const struct range4 closed4[] = {
    {0x00000000, 8},  /* 0/8          this network */
    {0x0a000000, 8},  /* 10/8         private */
    {0x64400000, 10}, /* 100.64/10    carrier-grade NAT */
    {0x7f000000, 8},  /* 127/8        loopback */
    {0xa9fe0000, 16}, /* 169.254/16   link-local, cloud metadata */
    {0xac100000, 12}, /* 172.16/12    private */
    {0xc0000000, 24}, /* 192.0.0/24   protocol assignments */
    {0xc0000200, 24}, /* 192.0.2/24   documentation */
    {0xc0586300, 24}, /* 192.88.99/24 6to4 relays */
    {0xc0a80000, 16}, /* 192.168/16   private */
    {0xc6120000, 15}, /* 198.18/15    benchmarking */
    {0xc6336400, 24}, /* 198.51.100/24 documentation */
    {0xcb007100, 24}, /* 203.0.113/24 documentation */
    {0xe0000000, 4},  /* 224/4        multicast */
    {0xf0000000, 4},  /* 240/4        reserved, broadcast */
};

/* Within 2000::/3; everything outside it is closed anyway. */
static const struct range6 closed6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* 2001::/23     Teredo, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* 2001:db8::/32 documentation */
    {{0x20, 0x02, 0x00, 0x00}, 16}, /* 2002::/16     6to4 */
    {{0x3f, 0xff, 0x00, 0x00}, 20}, /* 3fff::/20     documentation */
};

static bool
is_public4(uint32_t a)
{
	for (size_t i = 0; i < sizeof(closed4) / sizeof(closed4[0]); i++)
		if ((a ^ closed4[i].net) >> (32 - closed4[i].bits) == 0)
			return false;
	return true;
}

static uint32_t
word_at(const unsigned char *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];
}

static bool
is_public6(const unsigned char *b)
{
	static const unsigned char mapped[12] = {
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	if (memcmp(b, mapped, sizeof(mapped)) == 0)
		return is_public4(word_at(b + 12));
	if ((b[0] & 0xe0) != 0x20)
		return false;
	for (size_t i = 0; i < sizeof(closed6) / sizeof(closed6[0]); i++)
		if ((word_at(b) ^ word_at(closed6[i].net)) >>
			(32 - closed6[i].bits) ==
		    0)
			return false;
	return true;
}

bool
address_is_public(const struct sockaddr *at)
{
	if (at->sa_family == AF_INET)
		return is_public4(
		    ntohl(((const struct sockaddr_in *)(const void *)at)
			      ->sin_addr.s_addr));
	if (at->sa_family == AF_INET6)
		return is_public6(
		    ((const struct sockaddr_in6 *)(const void *)at)
			->sin6_addr.s6_addr);
	return false;
}

/* The address as IPv6, IPv4 mapped, so that two can be compared. */
static bool
as_v6(const struct sockaddr *at, struct in6_addr *out)
{
	static const struct in6_addr prefix = {
	    .s6_addr = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};

	if (at == NULL)
		return false;
	if (at->sa_family == AF_INET6) {
		*out =
		    ((const struct sockaddr_in6 *)(const void *)at)->sin6_addr;
		return true;
	}
	if (at->sa_family != AF_INET)
		return false;
	*out = prefix;
	memcpy(&out->s6_addr[12],
	    &((const struct sockaddr_in *)(const void *)at)->sin_addr, 4);
	return true;
}

bool
address_is_own(const struct sockaddr *at)
{
	struct ifaddrs *list;
	struct in6_addr wanted;
	struct in6_addr have;
	bool found = false;

	/* Unknown is refused: this is asked to keep a door shut. */
	if (!as_v6(at, &wanted) || getifaddrs(&list) != 0)
		return true;
	for (struct ifaddrs *i = list; i != NULL && !found; i = i->ifa_next)
		found = as_v6(i->ifa_addr, &have) &&
		    memcmp(&wanted, &have, sizeof(have)) == 0;
	freeifaddrs(list);
	return found;
}

int
address_port(const struct sockaddr *at)
{
	if (at->sa_family == AF_INET)
		return ntohs(
		    ((const struct sockaddr_in *)(const void *)at)->sin_port);
	if (at->sa_family == AF_INET6)
		return ntohs(
		    ((const struct sockaddr_in6 *)(const void *)at)->sin6_port);
	return 0;
}
