# worker - the loop, job threads, the table of tasks.
noinst_LIBRARIES += libworker.a
libworker_a_SOURCES = \
	src/worker/crew.c src/worker/crew.h \
	src/worker/jobs.c src/worker/jobs.h \
	src/worker/lane.c src/worker/lane.h \
	src/worker/runner.c src/worker/runner.h \
	src/worker/task.h \
	src/worker/tasks.c \
	src/worker/waker.c src/worker/waker.h
libworker_a_CFLAGS = $(AM_CFLAGS)
