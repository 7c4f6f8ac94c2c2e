#include "base/ctx.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

#define WHY_SIZE 512

enum err
fail(struct ctx *c, enum err e, const char *fmt, ...)
{
	char *why = arena_alloc(c->mem, 1, WHY_SIZE);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, WHY_SIZE, fmt, ap);
	va_end(ap);
	c->err = e;
	c->err_why = why;
	return e;
}

void
ctx_forgive(struct ctx *c)
{
	c->err = OK;
	c->err_why = NULL;
	c->faults = NULL;
}
