# sandbox - simulated upstream providers over real HTTP; it shares nothing
# with src/provider, so that one misreading of a protocol cannot hide another.
noinst_LIBRARIES += libsandbox.a
libsandbox_a_SOURCES = \
	src/sandbox/control.c src/sandbox/control.h \
	src/sandbox/control_set.c \
	src/sandbox/fivesim.c \
	src/sandbox/fivesim_lists.c src/sandbox/fivesim_lists.h \
	src/sandbox/handler.c src/sandbox/handler.h \
	src/sandbox/handler_lists.c \
	src/sandbox/herosms.c \
	src/sandbox/json_out.c src/sandbox/json_out.h \
	src/sandbox/market.c src/sandbox/market.h \
	src/sandbox/op.def \
	src/sandbox/order.c src/sandbox/order.h \
	src/sandbox/refund.c src/sandbox/refund.h \
	src/sandbox/sandbox.c src/sandbox/sandbox.h \
	src/sandbox/script.c src/sandbox/script.h \
	src/sandbox/sms.c src/sandbox/sms.h \
	src/sandbox/vanilla.c \
	src/sandbox/world.c src/sandbox/world.def src/sandbox/world.h
libsandbox_a_CFLAGS = $(AM_CFLAGS)
SANDBOX_LIBS = libsandbox.a $(IO_LIBS)
