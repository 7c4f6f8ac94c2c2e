#include "base/text.h"
#include "harness/suite.h"
#include "provider/outcome.h"

static void
zero_is_unknown(void)
{
	struct outcome none = {0};

	CU_ASSERT_EQUAL(none.fault, FAULT_UNKNOWN);
	CU_ASSERT_EQUAL(fault_action(none.fault, OP_BUY), ACTION_RECONCILE);
	CU_ASSERT_EQUAL(fault_action(none.fault, OP_STATUS), ACTION_RETRY);
}

/* What may have been sold is never bought again or repeated. */
static void
a_purchase_is_never_repeated(void)
{
	for (int f = 0; f < FAULT__MAX; f++) {
		enum fault_action a =
		    fault_action((enum upstream_fault)f, OP_BUY);

		CU_ASSERT_NOT_EQUAL(a, ACTION_RETRY);
		CU_ASSERT_NOT_EQUAL(a, ACTION_SETTLE);
		CU_ASSERT_NOT_EQUAL(a, ACTION_GIVE_UP);
	}
	CU_ASSERT_EQUAL(
	    fault_action(FAULT_UPSTREAM_UNAVAILABLE, OP_BUY), ACTION_RECONCILE);
	CU_ASSERT_EQUAL(
	    fault_action(FAULT_NO_NUMBERS, OP_BUY), ACTION_FAIL_OVER);
	CU_ASSERT_EQUAL(fault_action(FAULT_NO_BALANCE, OP_BUY), ACTION_DISABLE);
}

static void
names_are_found_again(void)
{
	enum upstream_fault f;
	enum upstream_state s;
	enum upstream_op op;

	for (int i = 0; i < OP__MAX; i++) {
		CU_ASSERT_TRUE(upstream_op_find(
		    upstream_op_name((enum upstream_op)i), &op));
		CU_ASSERT_EQUAL((int)op, i);
	}
	for (int i = 1; i < UPSTREAM__MAX; i++) {
		CU_ASSERT_TRUE(upstream_state_find(
		    upstream_state_name((enum upstream_state)i), &s));
		CU_ASSERT_EQUAL((int)s, i);
	}
	for (int i = 0; i < FAULT__MAX; i++) {
		bool found = fault_find(fault_name((enum upstream_fault)i), &f);

		CU_ASSERT_EQUAL(found, i != FAULT_NONE);
		CU_ASSERT_FALSE(
		    text_is_empty(fault_text((enum upstream_fault)i)));
	}
	CU_ASSERT_FALSE(upstream_state_find("unset", &s));
	CU_ASSERT_FALSE(fault_find("none", &f));
}

SUITE("outcome", {"an outcome nobody filled in is unknown", zero_is_unknown},
    {"no fault lets a purchase be repeated", a_purchase_is_never_repeated},
    {"every word of the table is found by its name", names_are_found_again})
