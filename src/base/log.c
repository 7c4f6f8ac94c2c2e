#include "base/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ctx.h"
#include "base/law.h"
#include "base/text.h"

#define LINE_SIZE 8192
#define VALUE_MAX 512

/* What a line that did not fit ends with; its room is kept free. */
#define CUT_TAIL ",\"cut\":true"

static struct {
	char path[512]; /* "" unless the sink is a file */
	const char *program;
	void (*take)(enum err_level, const char *, const char *);
	enum err_level least;
	int fd;
	bool syslog;
} sink = {.program = "numlease", .least = LEVEL_INFO, .fd = STDERR_FILENO};

struct line {
	char text[LINE_SIZE];
	size_t len;
	bool is_full; /* something did not fit */
};

static void
put(struct line *l, const char *s, size_t n)
{
	/* Brace, newline and NUL behind the tail. */
	size_t room = LINE_SIZE - sizeof(CUT_TAIL) - 3 - l->len;

	if (n > room) {
		l->is_full = true;
		return;
	}
	memcpy(l->text + l->len, s, n);
	l->len += n;
}

static void
put_text(struct line *l, const char *s)
{
	put(l, s, strlen(s));
}

/* One character of `n` bytes, escaped where it could end the string, the
 * line, or (C0 and C1 controls) drive the terminal that shows the log. */
static void
put_character(struct line *l, const char *s, size_t n)
{
	unsigned char first = (unsigned char)s[0];
	unsigned char last = (unsigned char)s[n - 1];
	char hex[8];

	if (first == '"' || first == '\\')
		put(l, "\\", 1);
	if (first < 0x20 || first == 0x7f || (first == 0xc2 && last < 0xa0)) {
		(void)snprintf(hex, sizeof(hex), "\\u%04x", last);
		put_text(l, hex);
	} else {
		put(l, s, n);
	}
}

/* A JSON string (RFC 8259); what is not UTF-8 becomes U+FFFD, so a value can
 * neither split nor forge a line, nor make it unreadable. */
static void
put_string(struct line *l, const char *s)
{
	size_t left = strlen(s);
	size_t shown = 0;

	put_text(l, "\"");
	while (left > 0 && shown < VALUE_MAX) {
		size_t n = text_utf8_length(s, left);

		if (n == 0)
			put_text(l, "\\ufffd");
		else
			put_character(l, s, n);
		n += n == 0;
		s += n;
		left -= n;
		shown += n;
	}
	put_text(l, "\"");
}

static void
put_name(struct line *l, const char *name)
{
	put_text(l, ",\"");
	put_text(l, name);
	put_text(l, "\":");
}

static void
put_phone(struct line *l, const char *phone)
{
	char masked[32];
	size_t n;

	(void)snprintf(masked, sizeof(masked), "%.31s", phone);
	n = strlen(masked);
	for (size_t i = 0; i + 3 < n; i++)
		if (masked[i] != '+')
			masked[i] = '*';
	put_string(l, masked);
}

static void
put_value(struct line *l, const struct log_field *f)
{
	char num[24];

	if (f->kind == LOG_I64) {
		(void)snprintf(num, sizeof(num), "%" PRId64, f->num);
		put_text(l, num);
	} else if (f->str == NULL) {
		put_text(l, "null");
	} else if (f->kind == LOG_PHONE) {
		put_phone(l, f->str);
	} else {
		put_string(l, f->str);
	}
}

/* A whole field or, when the line is full, none of it. */
static void
put_field(struct line *l, const struct log_field *f)
{
	size_t before = l->len;

	if (l->is_full)
		return;
	put_name(l, f->name);
	put_value(l, f);
	if (l->is_full)
		l->len = before;
}

static void
put_tail(struct line *l)
{
	const char *tail = l->is_full ? CUT_TAIL "}" : "}";

	memcpy(l->text + l->len, tail, strlen(tail) + 1);
	l->len += strlen(tail);
}

static void
put_head(struct line *l, const struct ctx *c, enum err_level level,
    const char *event)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	char at[CLOCK_TEXT_SIZE];

	clock_print(clock_now(), at);
	put_text(l, "{\"ts\":\"");
	put_text(l, at);
	put_text(l, "\",\"level\":\"");
	put_text(l, names[level]);
	put_text(l, "\",\"program\":\"");
	put_text(l, sink.program);
	put_text(l, "\",\"event\":\"");
	put_text(l, event);
	put_text(l, "\"");
	if (c == NULL)
		return;
	if (c->id != NULL)
		put_field(l, &L_STR("rid", c->id));
	if (c->op != NULL)
		put_field(l, &L_STR("op", c->op));
	if (c->user != 0)
		put_field(l, &L_I64("user", c->user));
}

static void
emit(enum err_level level, struct line *l)
{
	static const int priority[] = {
	    LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERR};

	if (sink.syslog) {
		syslog(priority[level], "%s", l->text);
		return;
	}
	l->text[l->len++] = '\n';
	/* One write per line keeps lines whole; a full disk loses the line,
	 * never the request. */
	if (write(sink.fd, l->text, l->len) < 0)
		return;
}

void
log_write(const struct ctx *c, enum err_level level, const char *event,
    const struct log_field *fields, unsigned long count)
{
	struct line l;

	if (level < sink.least && sink.take == NULL)
		return;
	l.len = 0;
	l.is_full = false;
	put_head(&l, c, level, event);
	for (unsigned long i = 0; i < count; i++)
		put_field(&l, &fields[i]);
	put_tail(&l);
	if (sink.take != NULL)
		sink.take(level, event, l.text);
	else
		emit(level, &l);
}

static int
open_append(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

bool
log_open(const char *where, const char *program, enum err_level least)
{
	int fd = STDERR_FILENO;
	bool is_file =
	    strcmp(where, "stderr") != 0 && strcmp(where, "syslog") != 0;

	if (is_file && strlen(where) >= sizeof(sink.path))
		return false;
	if (is_file)
		fd = open_append(where);
	if (fd < 0)
		return false;
	if (sink.fd != STDERR_FILENO)
		(void)close(sink.fd); /* nothing to do about a failed close */
	sink.syslog = strcmp(where, "syslog") == 0;
	if (sink.syslog)
		openlog(program, LOG_PID, LOG_DAEMON);
	(void)snprintf(
	    sink.path, sizeof(sink.path), "%s", is_file ? where : "");
	sink.fd = fd;
	sink.program = program;
	sink.least = least;
	return true;
}

void
log_reopen(void)
{
	int fd;

	if (sink.path[0] == '\0')
		return;
	fd = open_append(sink.path);
	if (fd < 0)
		return; /* keep writing to the old file */
	/* Other threads may be writing: swap the file under the same number. */
	if (dup3(fd, sink.fd, O_CLOEXEC) < 0)
		return;
	(void)close(fd);
}

void
log_divert(void (*take)(enum err_level, const char *event, const char *line))
{
	sink.take = take;
}

_Noreturn void
law_broken(const char *file, int line, const char *what)
{
	log_ev(NULL, LEVEL_ERROR, "panic", L_STR("file", file),
	    L_I64("line", line), L_STR("law", what));
	abort();
}
