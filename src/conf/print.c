#include "conf/print.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "conf/setting.h"

#define WIDTH 76

/* The section of a name: its length up to the dot. */
static size_t
section_length(const char *name)
{
	return strcspn(name, ".");
}

static bool
is_new_section(const struct setting *before, const struct setting *s)
{
	size_t n = section_length(s->name);

	return before == NULL || section_length(before->name) != n ||
	    strncmp(before->name, s->name, n) != 0;
}

/* Words of `text` filled into lines that start with "# ". */
static void
comment(struct buf *out, const char *text)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		if (column > 0 && column + 1 + n > WIDTH) {
			buf_char(out, '\n');
			column = 0;
		}
		buf_text(out, column == 0 ? "# " : " ");
		buf_add(out, text, n);
		column += n + (column == 0 ? 2 : 1);
		text += n;
		text += *text == ' ';
	}
	buf_char(out, '\n');
}

void
print_example(struct buf *out)
{
	const struct setting *before = NULL;
	const struct setting *s;

	comment(out,
	    "numlease.conf - settings of Numlease; see numlease.conf(5). Each "
	    "line shows the default. A comment is a line of its own.");
	for (size_t i = 0; (s = setting_at(i)) != NULL; before = s, i++) {
		if (is_new_section(before, s))
			buf_fmt(out, "\n# --- %.*s ---\n",
			    (int)section_length(s->name), s->name);
		buf_char(out, '\n');
		comment(out, s->text);
		buf_fmt(out, "# %s.\n", setting_domain(out->mem, s));
		buf_fmt(out, "#%s =%s%s\n", s->name,
		    *s->initial == '\0' ? "" : " ", s->initial);
	}
}

static void
roff_word(struct buf *out, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word[i] == '\\' || word[i] == '-')
			buf_fmt(out, "\\%c", word[i] == '-' ? '-' : 'e');
		else
			buf_char(out, word[i]);
}

/* Sentences for roff: each starts a line, none is longer than WIDTH. */
static void
roff(struct buf *out, const char *text)
{
	size_t column = 0;
	bool sentence_ended = false;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		if (column > 0 && (sentence_ended || column + 1 + n > WIDTH)) {
			buf_char(out, '\n');
			column = 0;
		}
		if (column > 0)
			buf_char(out, ' ');
		else if (*text == '.' || *text == '\'')
			buf_text(out, "\\&"); /* or it would be a request */
		roff_word(out, text, n);
		column += n + 1;
		sentence_ended = text[n - 1] == '.';
		text += n;
		text += *text == ' ';
	}
	buf_char(out, '\n');
}

static void
manual_row(struct buf *out, const struct setting *s)
{
	buf_fmt(out, ".It Ic %s\n", s->name);
	roff(out, s->text);
	buf_fmt(out, "Value: %s", setting_domain(out->mem, s));
	if (*s->initial != '\0')
		buf_fmt(out, "; default\n.Li %s", s->initial);
	buf_text(out, *s->initial != '\0' ? " .\n" : ".\n");
	if (s->secret)
		buf_fmt(out,
		    "A secret: it is never shown, and may stand in a file of "
		    "its own named by\n.Ic %s_file .\n",
		    s->name);
	if (s->when == SETTING_RESTART)
		buf_text(out, "Takes effect after a restart.\n");
}

static const char manual_head[] =
    ".\\\" Printed by numleasectl config man; edit src/conf/settings.def.\n"
    ".Dd November 24, 2026\n"
    ".Dt NUMLEASE.CONF 5\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm numlease.conf\n"
    ".Nd settings of the Numlease programs\n"
    ".Sh DESCRIPTION\n"
    "All Numlease programs read the same file.\n"
    "Each line is\n"
    ".Ql name = value ;\n"
    "a line that starts with\n"
    ".Ql #\n"
    "is a comment.\n"
    "The value is the rest of the line without white space at its ends;\n"
    "there are no quotes and no escapes.\n"
    "Durations need a unit:\n"
    ".Li us , ms , s , m , h\n"
    "or\n"
    ".Li d .\n"
    "Sizes are bytes, or have the unit\n"
    ".Li k , M\n"
    "or\n"
    ".Li G .\n"
    ".Pp\n"
    "An unknown name, a value of the wrong type or out of bounds, and a name\n"
    "set twice are refused;\n"
    "all faults are reported at once with file and line,\n"
    "and the program exits with 78.\n"
    "Settings are taken over when the service is reloaded,\n"
    "unless the row says otherwise.\n"
    ".Sh SETTINGS\n"
    ".Bl -tag -width Ds\n";

static const char manual_tail[] =
    ".El\n"
    ".Sh ENVIRONMENT\n"
    ".Bl -tag -width Ds\n"
    ".It Ev NUMLEASE_CONF\n"
    "The file to read instead of the default; empty for none.\n"
    ".It Ev NUMLEASE_SECTION_KEY\n"
    "Overrides the setting\n"
    ".Ic section.key\n"
    "of the file, for example\n"
    ".Ev NUMLEASE_DATABASE_POOL_SIZE .\n"
    ".It Ev CREDENTIALS_DIRECTORY\n"
    "A folder set by\n"
    ".Xr systemd.exec 5 .\n"
    "A file in it named as a secret setting overrides that setting.\n"
    ".El\n"
    ".Sh FILES\n"
    ".Bl -tag -width Ds\n"
    ".It Pa /etc/numlease/numlease.conf\n"
    "The default file.\n"
    ".El\n"
    ".Sh EXAMPLES\n"
    "Print a file that shows every setting, and check one:\n"
    ".Bd -literal -offset indent\n"
    "numleasectl config example\n"
    "numleasectl -c /etc/numlease/numlease.conf config check\n"
    ".Ed\n"
    ".Sh SEE ALSO\n"
    ".Xr numleasectl 8\n";

void
print_manual(struct buf *out)
{
	const struct setting *s;

	buf_text(out, manual_head);
	for (size_t i = 0; (s = setting_at(i)) != NULL; i++)
		manual_row(out, s);
	buf_text(out, manual_tail);
}

void
print_conf(struct buf *out, const struct conf *conf, enum print_which which)
{
	const struct setting *s;

	for (size_t i = 0; (s = setting_at(i)) != NULL; i++) {
		const char *value = setting_print(out->mem, s, conf);
		bool initial = text_eq(value, s->initial);

		if (initial && which == PRINT_CHANGED)
			continue;
		buf_fmt(out, "%s = %s\n", s->name,
		    s->secret && !initial ? "********" : value);
	}
}
