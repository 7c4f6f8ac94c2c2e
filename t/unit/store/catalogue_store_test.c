#include "unit/store/store_fixture.h"

static struct store_fixture f;

static const struct offer_row *
offer_of(const struct list *list, const char *operator)
{
	const struct offer_row *o = list->at;

	for (size_t i = 0; i < list->n; i++)
		if (text_eq(o[i].operator, operator))
			return &o[i];
	law(false);
	return o;
}

static void
lists_what_is_open(void)
{
	const struct country_row *country;
	const struct service_row *s;
	struct list list;

	fixture_open(&f);
	CU_ASSERT_EQUAL(catalogue_store_services(&f.c, &list), OK);
	CU_ASSERT(list.n >= 60);
	s = list.at;
	for (size_t i = 0; i < list.n; i++)
		CU_ASSERT_STRING_NOT_EQUAL(s[i].category, "bank");
	CU_ASSERT_EQUAL(catalogue_store_countries(&f.c, &list), OK);
	CU_ASSERT(list.n >= 60);
	country = list.at;
	CU_ASSERT_STRING_EQUAL(country[0].code, "af");
	CU_ASSERT_EQUAL(country[0].handler_api, 74);
	fixture_close(&f);
}

static void
finds_by_code(void)
{
	struct country_row country;
	struct service_row s;

	fixture_open(&f);
	CU_ASSERT_EQUAL(catalogue_store_service(&f.c, "revolut", &s), OK);
	CU_ASSERT_FALSE(s.is_allowed);
	CU_ASSERT_EQUAL(
	    catalogue_store_service(&f.c, "nosuch", &s), ERR_UNKNOWN_SERVICE);
	CU_ASSERT_EQUAL(catalogue_store_country(&f.c, "gb", &country), OK);
	CU_ASSERT_STRING_EQUAL(country.dial, "44");
	CU_ASSERT_EQUAL(
	    catalogue_store_country(&f.c, "xx", &country), ERR_UNKNOWN_COUNTRY);
	fixture_close(&f);
}

static void
cheapest_offer_counts_all_stock(void)
{
	const struct price_line dear = {
	    "telegram", "england", "any", 900000, 5, 0};
	const struct offer_row *o;
	struct list list;
	int64_t n;

	fixture_open(&f);
	must(provider_store_offers(&f.c, fixture_provider(&f, "beta"), &dear, 1,
	    PRICE_LIST_WHOLE, &n));
	CU_ASSERT_EQUAL(
	    catalogue_store_offers(&f.c, "telegram", "gb", &list), OK);
	CU_ASSERT_EQUAL(list.n, 2);
	o = offer_of(&list, "any");
	/* 0.10 EUR is 0.11; 30 % on it is 0.143, rounded up to 0.15. */
	CU_ASSERT_EQUAL(o->price, 150000);
	CU_ASSERT_EQUAL(o->stock, 12);
	must(provider_store_disable(&f.c, "alpha"));
	CU_ASSERT_EQUAL(catalogue_store_offers(&f.c, "", "", &list), OK);
	CU_ASSERT_EQUAL(list.n, 1);
	fixture_close(&f);
}

static void
whole_list_empties_the_rest(void)
{
	const struct price_line part = {"whatsapp", "usa", "any", 5, 5, 0};
	struct list list;
	int64_t n;

	fixture_open(&f);
	must(provider_store_offers(
	    &f.c, f.provider, &part, 1, PRICE_LIST_PART, &n));
	CU_ASSERT_EQUAL(catalogue_store_offers(&f.c, "", "", &list), OK);
	CU_ASSERT_EQUAL(list.n, 3);
	must(provider_store_offers(
	    &f.c, f.provider, &part, 1, PRICE_LIST_WHOLE, &n));
	CU_ASSERT_EQUAL(catalogue_store_offers(&f.c, "", "", &list), OK);
	CU_ASSERT_EQUAL(list.n, 1);
	fixture_close(&f);
}

static void
candidates_carry_what_is_weighed(void)
{
	const char *services[] = {"telegram", "whatsapp"};
	const char *countries[] = {"gb", "us"};
	const struct candidate_row *r;
	struct offer_latency took = {.us = 800000};
	struct list list;

	fixture_open(&f);
	CU_ASSERT_EQUAL(
	    catalogue_store_candidates(&f.c, services, countries, 2, &list),
	    OK);
	CU_ASSERT_EQUAL_FATAL(list.n, 3);
	r = list.at;
	CU_ASSERT_STRING_EQUAL(r->native_service, "telegram");
	CU_ASSERT_STRING_EQUAL(r->native_country, "england");
	CU_ASSERT_EQUAL(r->native_cost, 100000);
	CU_ASSERT_EQUAL(r->cost, 110000);
	CU_ASSERT_EQUAL(r->balance, INT64_MAX);
	CU_ASSERT_EQUAL(r->latency_us, 0);
	CU_ASSERT_EQUAL(r->ended, 0);
	took.offer_id = r->offer_id;
	CU_ASSERT_EQUAL(provider_store_latencies(&f.c, &took, 1), OK);
	CU_ASSERT_EQUAL(provider_store_up(&f.c, f.provider, 77), OK);
	CU_ASSERT_EQUAL(
	    catalogue_store_candidates(&f.c, services, countries, 2, &list),
	    OK);
	r = list.at;
	CU_ASSERT_EQUAL(r->latency_us, 800000);
	CU_ASSERT_EQUAL(r->balance, 77);
	fixture_close(&f);
}

static void
provider_keeps_its_secret(void)
{
	struct provider_new p = {.name = "alpha",
	    .dialect = "5sim",
	    .settings = "{}",
	    .currency = "EUR",
	    .fx_rate = 1000000,
	    .priority = 1};
	const unsigned char *secret;
	struct provider_row row;
	int64_t before, after, id;
	size_t n;

	fixture_open(&f);
	CU_ASSERT_EQUAL(provider_store_version(&f.c, &before), OK);
	CU_ASSERT_EQUAL(provider_store_put(&f.c, &p, &id), OK);
	CU_ASSERT_EQUAL(id, f.provider);
	CU_ASSERT_EQUAL(provider_store_find(&f.c, "alpha", &row), OK);
	CU_ASSERT_FALSE(row.enabled);
	CU_ASSERT_EQUAL(row.offers, 3);
	CU_ASSERT_EQUAL(provider_store_secret(&f.c, &row, &secret, &n), OK);
	CU_ASSERT_EQUAL_FATAL(n, 9);
	CU_ASSERT_EQUAL(memcmp(secret, "\0\1\2sealed", 9), 0);
	CU_ASSERT_EQUAL(provider_store_version(&f.c, &after), OK);
	CU_ASSERT(after > before);
	fixture_close(&f);
}

static void
health_is_no_configuration(void)
{
	struct provider_row row;
	int64_t before, after;
	const char *version, *value;

	fixture_open(&f);
	must(provider_store_version(&f.c, &before));
	CU_ASSERT_EQUAL(
	    provider_store_down(&f.c, f.provider, "down", "no answer"), OK);
	CU_ASSERT_EQUAL(provider_store_find(&f.c, "alpha", &row), OK);
	CU_ASSERT_STRING_EQUAL(row.state, "down");
	CU_ASSERT_STRING_EQUAL(row.last_error, "no answer");
	must(provider_store_version(&f.c, &after));
	CU_ASSERT_EQUAL(after, before);
	CU_ASSERT_EQUAL(provider_store_enable(&f.c, "nosuch"), ERR_NOT_FOUND);
	CU_ASSERT_EQUAL(catalogue_store_version(&f.c, &version), OK);
	CU_ASSERT_PTR_NOT_NULL(version);
	CU_ASSERT_EQUAL(catalogue_store_setting(&f.c, "currency", &value), OK);
	CU_ASSERT_STRING_EQUAL(value, "USD");
	CU_ASSERT_EQUAL(catalogue_store_setting(&f.c, "nosuch", &value), OK);
	CU_ASSERT_PTR_NULL(value);
	fixture_close(&f);
}

SUITE("catalogue_store",
    {"only what is open and allowed is listed", lists_what_is_open},
    {"services and countries are found by code", finds_by_code},
    {"the cheapest offer is shown with the stock of all",
	cheapest_offer_counts_all_stock},
    {"a whole price list empties what it does not hold",
	whole_list_empties_the_rest},
    {"candidates carry what the router weighs",
	candidates_carry_what_is_weighed},
    {"a provider keeps its secret when its settings change",
	provider_keeps_its_secret},
    {"health is no change of configuration", health_is_no_configuration}, )
