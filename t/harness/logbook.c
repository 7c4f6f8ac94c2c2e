#include "harness/logbook.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define MAX_LINES   512
#define MAX_EXPECTS 32
#define TEXT_SIZE   512

static struct {
	pthread_mutex_t lock;
	char lines[MAX_LINES][TEXT_SIZE];
	char events[MAX_LINES][64];
	enum err_level levels[MAX_LINES];
	bool used[MAX_LINES];
	char expects[MAX_EXPECTS][64];
	unsigned count, wanted;
} book = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
take(enum err_level level, const char *event, const char *line)
{
	(void)pthread_mutex_lock(&book.lock);
	if (book.count < MAX_LINES) {
		unsigned n = book.count++;

		(void)snprintf(book.lines[n], TEXT_SIZE, "%.500s", line);
		(void)snprintf(book.events[n], 64, "%.60s", event);
		book.levels[n] = level;
		book.used[n] = false;
	}
	(void)pthread_mutex_unlock(&book.lock);
}

void
logbook_open(void)
{
	book.count = 0;
	book.wanted = 0;
	log_divert(take);
}

void
logbook_expect(const char *event)
{
	if (book.wanted < MAX_EXPECTS)
		(void)snprintf(book.expects[book.wanted++], 64, "%.60s", event);
}

bool
logbook_has(const char *part)
{
	bool found = false;

	(void)pthread_mutex_lock(&book.lock);
	for (unsigned i = 0; i < book.count && !found; i++)
		found = strstr(book.lines[i], part) != NULL;
	(void)pthread_mutex_unlock(&book.lock);
	return found;
}

static bool
consume(const char *event)
{
	for (unsigned i = 0; i < book.count; i++)
		if (!book.used[i] && book.levels[i] >= LEVEL_WARN &&
		    strcmp(book.events[i], event) == 0) {
			book.used[i] = true;
			return true;
		}
	return false;
}

unsigned
logbook_close(void)
{
	unsigned bad = 0;

	log_divert(NULL);
	for (unsigned i = 0; i < book.wanted; i++)
		if (!consume(book.expects[i])) {
			printf("# expected event not logged: %s\n",
			    book.expects[i]);
			bad++;
		}
	for (unsigned i = 0; i < book.count; i++)
		if (!book.used[i] && book.levels[i] >= LEVEL_WARN) {
			printf("# undeclared log line: %s\n", book.lines[i]);
			bad++;
		}
	return bad;
}
