noinst_LIBRARIES += libhandler.a
libhandler_a_SOURCES = \
	src/handler/auth_h.c \
	src/handler/health_h.c \
	src/handler/key_h.c \
	src/handler/wallet_h.c
libhandler_a_CFLAGS = $(AM_CFLAGS)
