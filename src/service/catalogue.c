#include "service/catalogue.h"

#include <stddef.h>

enum err
catalogue_services(struct ctx *c, struct list *out)
{
	return catalogue_store_services(c, out);
}

enum err
catalogue_countries(struct ctx *c, struct list *out)
{
	return catalogue_store_countries(c, out);
}

enum err
catalogue_offers(
    struct ctx *c, const char *service, const char *country, struct list *out)
{
	if (service == NULL && country == NULL)
		return fail(c, ERR_BAD_INPUT, "service or country is needed");
	return catalogue_store_offers(c, service != NULL ? service : "",
	    country != NULL ? country : "", out);
}
