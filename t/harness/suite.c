#include "harness/suite.h"

#include <stdio.h>
#include <stdlib.h>

#include <CUnit/TestRun.h>

#include "harness/logbook.h"

static unsigned number;

static void
report_started(const CU_pTest test, const CU_pSuite suite)
{
	(void)test;
	(void)suite;
	logbook_open();
}

static void
report_done(
    const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord first)
{
	unsigned log_faults = logbook_close();

	printf("%sok %u - %s: %s\n",
	    first == NULL && log_faults == 0 ? "" : "not ", ++number,
	    suite->pName, test->pName);
	for (CU_pFailureRecord f = first; f != NULL; f = f->pNext)
		printf("# %s:%u: %s\n", f->strFileName, f->uiLineNumber,
		    f->strCondition);
	(void)fflush(stdout);
}

int
suite_run(const char *name, const struct suite_test *tests, unsigned long count)
{
	CU_pSuite suite;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
	suite = CU_add_suite(name, NULL, NULL);
	if (suite == NULL)
		return EXIT_FAILURE;
	for (unsigned long i = 0; i < count; i++)
		if (CU_add_test(suite, tests[i].name, tests[i].run) == NULL)
			return EXIT_FAILURE;
	CU_set_test_start_handler(report_started);
	CU_set_test_complete_handler(report_done);
	printf("1..%lu\n", count);
	if (CU_run_all_tests() != CUE_SUCCESS)
		return EXIT_FAILURE;
	CU_cleanup_registry();
	return EXIT_SUCCESS;
}

int
suite_skip(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	return EXIT_SUCCESS;
}
