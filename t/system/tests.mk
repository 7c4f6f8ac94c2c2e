# Tests of running programs, in TAP. They find the programs in the folder
# where make runs; t/lib has what they share.
T_LOG_COMPILER = $(PERL)
PERL = perl
SYSTEM_TESTS = \
	t/system/sandbox.t \
	t/system/sandbox_5sim.t \
	t/system/sandbox_faults.t \
	t/system/sandbox_handler.t \
	t/system/sandbox_herosms.t
TESTS += $(SYSTEM_TESTS)
EXTRA_DIST += $(SYSTEM_TESTS) t/lib
