#include <stddef.h>

#include "base/text.h"
#include "provider/request.h"

#define MAX_PARAMS 32

const char *const request_methods[] = {
    "GET", "POST", "PUT", "PATCH", "DELETE", NULL};

static bool
asks_variables_only(const struct cond *cond)
{
	const struct cond *parts = cond->parts.at;

	if (cond->parts.n == 0)
		return cond->on == ON_VAR;
	for (size_t i = 0; i < cond->parts.n; i++)
		if (!asks_variables_only(&parts[i]))
			return false;
	return true;
}

static enum err
read_condition(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct param *p = at;

	p->has_when = true;
	TRY(read_cond(r, v, arg, &p->when));
	if (!asks_variables_only(&p->when))
		return reader_refuse(r, "may only ask about variables");
	return OK;
}

/* "text {var}" or {"v":..., "omit_if":[...], "when":{...}} */
static enum err
read_param(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct member members[] = {
	    {"v", read_template, offsetof(struct param, value), true, NULL},
	    {"omit_if", read_scalars, offsetof(struct param, omit_if), false,
		NULL},
	    {"when", read_condition, 0, false, NULL},
	};
	struct param *p = at;

	if (js_type(v) == JS_STRING)
		return read_template(r, v, arg, &p->value);
	return READ_OBJECT(r, v, members, at);
}

const struct list_of param_list = {
    sizeof(struct param), read_param, NULL, MAX_PARAMS};

static enum err
read_url_path(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text = NULL;

	if (!js_text(v, &text) || *text != '/')
		return reader_refuse(r, "must begin with /");
	return read_template(r, v, arg, at);
}

enum err
read_request(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct request_spec, field)
	static const struct member members[] = {
	    {"note", read_note, 0, false, NULL},
	    {"method", read_choice, AT(method), true, request_methods},
	    {"path", read_url_path, AT(path), true, NULL},
	    {"query", read_named, AT(query), false, &param_list},
	    {"form", read_named, AT(form), false, &param_list},
	    {"json", read_named, AT(json), false, &param_list},
	    {"headers", read_named, AT(headers), false, &param_list},
	};
#undef AT
	const struct request_spec *spec = at;

	(void)arg;
	TRY(READ_OBJECT(r, v, members, at));
	if (spec->form.n > 0 && spec->json.n > 0)
		return reader_refuse(r, "has both a form and a JSON body");
	if (spec->method == 0 && (spec->form.n > 0 || spec->json.n > 0))
		return reader_refuse(r, "GET has no body");
	return OK;
}
