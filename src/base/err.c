#include "base/err.h"

static const struct err_row rows[ERR__MAX] = {
#define ERR(code, name_, http_, level_, retry_, hapi_, fivesim_, text_) \
	[ERR_##code] = {.name = name_,                                  \
	    .text = text_,                                              \
	    .hapi = hapi_,                                              \
	    .fivesim = fivesim_,                                        \
	    .http = (http_),                                            \
	    .level = LEVEL_##level_,                                    \
	    .retry = RETRY_##retry_},
#include "base/err.def"
#undef ERR
};

const struct err_row *
err_row(enum err e)
{
	if (e <= OK || e >= ERR__MAX)
		return &rows[ERR_INTERNAL];
	return &rows[e];
}
