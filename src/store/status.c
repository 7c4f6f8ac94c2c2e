#include "store/status.h"

#include "base/text.h"

static const struct field number_row_fields[] = {
    FIELD(number_row, n, INT, REQUIRED),
};
SCHEMA(number_row);

static const struct field status_row_fields[] = {
    FIELD(status_row, status, TEXT, REQUIRED),
};
SCHEMA(status_row);

static const struct {
	const char *word;
	enum err e;
} own[] = {
    {"ok", OK},
    {"replay", OK},
    {"fenced", ERR_CONFLICT},
    {"duplicate", ERR_CONFLICT},
};

enum err
status_err(const char *status)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (text_eq(status, own[i].word))
			return own[i].e;
	for (int e = OK + 1; e < ERR__MAX; e++)
		if (text_eq(status, err_row((enum err)e)->name))
			return (enum err)e;
	return ERR_INTERNAL;
}
