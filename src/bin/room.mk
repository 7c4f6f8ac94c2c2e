# bin - the mains and nothing else. Rooms are linked from the top down.
bin_PROGRAMS += numleasectl
numleasectl_SOURCES = \
	src/bin/ctl.c src/bin/ctl.h src/bin/commands.def \
	src/bin/ctl_args.c \
	src/bin/ctl_config.c \
	src/bin/ctl_fx.c \
	src/bin/ctl_help.c \
	src/bin/ctl_key.c \
	src/bin/ctl_ledger.c \
	src/bin/ctl_migrate.c \
	src/bin/ctl_number.c \
	src/bin/ctl_price.c \
	src/bin/ctl_explain.c \
	src/bin/ctl_order.c \
	src/bin/ctl_routes.c \
	src/bin/ctl_user.c \
	src/bin/ctl_provider.c \
	src/bin/ctl_voucher.c \
	src/bin/ctl_wallet.c
# "routes" prints the table of routes, which names the handlers.
numleasectl_LDADD = libweb.a libhandler.a libweb.a $(SERVICE_LIBS)

sbin_PROGRAMS += numlease-sandbox
numlease_sandbox_SOURCES = src/bin/sandbox.c
numlease_sandbox_LDADD = $(SANDBOX_LIBS)

sbin_PROGRAMS += numlease-api
numlease_api_SOURCES = src/bin/api.c
# The table of routes (web) names the handlers, which use the rest of web.
numlease_api_LDADD = libweb.a libhandler.a libweb.a $(SERVICE_LIBS)

sbin_PROGRAMS += numlease-worker
numlease_worker_SOURCES = src/bin/worker.c
numlease_worker_LDADD = libworker.a $(SERVICE_LIBS)
