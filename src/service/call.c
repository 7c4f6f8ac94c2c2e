#include "service/call.h"

#include "base/arena.h"

#define CALL_ARENA ((size_t)64 << 20) /* the largest price list, parsed */

struct call *
call_new(void)
{
	struct arena *mem = arena_new("call", CALL_ARENA);
	struct call *call = arena_one(mem, struct call);

	call->mem = mem;
	return call;
}

void
call_free(struct call **call)
{
	struct arena *mem;

	if (*call == NULL)
		return;
	mem = (*call)->mem;
	*call = NULL;
	arena_free(&mem);
}

void
calls_add(struct calls *list, struct call *call)
{
	call->next = NULL;
	if (list->last == NULL)
		list->first = call;
	else
		list->last->next = call;
	list->last = call;
	list->n++;
}

struct call *
calls_take(struct calls *list)
{
	struct call *call = list->first;

	if (call == NULL)
		return NULL;
	list->first = call->next;
	if (list->first == NULL)
		list->last = NULL;
	list->n--;
	call->next = NULL;
	return call;
}

void
calls_join(struct calls *list, struct calls *from)
{
	if (from->first == NULL)
		return;
	if (list->last == NULL)
		list->first = from->first;
	else
		list->last->next = from->first;
	list->last = from->last;
	list->n += from->n;
	*from = (struct calls){0};
}
