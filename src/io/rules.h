/*
 * rules - what text must look like, for the .check of a schema field. Each
 * answers one question about NUL-terminated UTF-8 and cannot fail.
 */
#ifndef IO_RULES_H
#define IO_RULES_H

#include <stdbool.h>

/* Lower-case letters, digits, "_" and "-"; starts with a letter or digit. */
bool is_slug(const char *s);

/*
 * An address that mail can be sent to (RFC 5321 sections 4.1.2 and 4.5.3.1):
 * at most 254 bytes, dot-atom local part, a domain of two labels or more.
 * Quoted local parts and address literals are refused on purpose.
 */
bool is_email(const char *s);

/* "+" and 7 to 15 digits, the first not 0 (ITU-T E.164). */
bool is_e164(const char *s);

/* Two lower-case letters, the form of ISO 3166-1 alpha-2 that we use. */
bool is_country_code(const char *s);

/* Three capital letters, the form of ISO 4217. */
bool is_currency_code(const char *s);

/*
 * https://host[:port][/path][?query], at most 2048 bytes of printable ASCII,
 * no user part, no fragment. Whether the host may be called is decided
 * when it is resolved, never by its text.
 */
bool is_url_https(const char *s);

/*
 * A name that people see: no blank at either end, no control, line-breaking
 * or text-direction characters (which could make one name look as another).
 */
bool is_name(const char *s);

/* "must be ..." of a rule above; NULL for any other function. */
const char *rule_text(bool (*rule)(const char *));

#endif
