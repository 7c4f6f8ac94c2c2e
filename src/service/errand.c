#include "service/errand.h"

#include "base/arena.h"

#define ERRAND_ARENA ((size_t)64 << 20) /* the largest price list, parsed */

struct errand *
errand_new(void)
{
	struct arena *mem = arena_new("errand", ERRAND_ARENA);
	struct errand *errand = arena_one(mem, struct errand);

	errand->mem = mem;
	return errand;
}

void
errand_free(struct errand **errand)
{
	struct arena *mem;

	if (*errand == NULL)
		return;
	mem = (*errand)->mem;
	*errand = NULL;
	arena_free(&mem);
}

void
errands_add(struct errands *list, struct errand *errand)
{
	errand->next = NULL;
	if (list->last == NULL)
		list->first = errand;
	else
		list->last->next = errand;
	list->last = errand;
	list->n++;
}

struct errand *
errands_take(struct errands *list)
{
	struct errand *errand = list->first;

	if (errand == NULL)
		return NULL;
	list->first = errand->next;
	if (list->first == NULL)
		list->last = NULL;
	list->n--;
	errand->next = NULL;
	return errand;
}

void
errands_join(struct errands *list, struct errands *from)
{
	if (from->first == NULL)
		return;
	if (list->last == NULL)
		list->first = from->first;
	else
		list->last->next = from->first;
	list->last = from->last;
	list->n += from->n;
	*from = (struct errands){0};
}
