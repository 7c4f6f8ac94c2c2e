/* catalogue - what can be leased, and for how much, as users see it. */
#ifndef SERVICE_CATALOGUE_H
#define SERVICE_CATALOGUE_H

#include "base/ctx.h"
#include "io/schema.h"
#include "store/catalogue_store.h"

/* struct service_row, struct country_row: those that are open. */
enum err catalogue_services(struct ctx *c, struct list *out) MUST_CHECK;
enum err catalogue_countries(struct ctx *c, struct list *out) MUST_CHECK;

/*
 * struct offer_row: the cheapest price of each service, country and operator
 * in stock; NULL takes all services or countries. One of them is required:
 * the whole list is too long for one answer (ERR_BAD_INPUT).
 */
enum err catalogue_offers(struct ctx *c, const char *service,
    const char *country, struct list *out) MUST_CHECK;

#endif
