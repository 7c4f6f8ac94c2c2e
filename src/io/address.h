/*
 * address - may a user make us connect there? Only addresses of the public
 * internet qualify; IPv4 inside IPv6 counts as IPv4. Asked about the very
 * address a socket is about to connect to, so there is no gap between the
 * look-up and the connection.
 */
#ifndef IO_ADDRESS_H
#define IO_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/*
 * False for loopback, private, shared (CGNAT), link-local, multicast,
 * documentation, benchmarking, protocol-assigned, tunnel and reserved ranges
 * (IANA special-purpose registries, RFC 6890) and other families.
 */
bool address_is_public(const struct sockaddr *at);

/* True when an interface of this machine has it: we would call ourselves. */
bool address_is_own(const struct sockaddr *at);

/* The port in host order; 0 when the family has none. */
int address_port(const struct sockaddr *at);

#endif
