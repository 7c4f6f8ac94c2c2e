#include "provider/rule.h"

#include <stddef.h>

#include "provider/fill.h"

#define MAX_RULES    64
#define MAX_SETS     16
#define MAX_MESSAGES 4

static enum err
read_set(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct set *set = at;

	set->field = fill_find(set->name);
	if (set->field == NULL)
		return reader_refuse(r, "there is no such field");
	return read_extractor(r, v, arg, &set->from);
}

static enum err
read_each(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct message_spec *m = at;

	m->has_each = true;
	return read_path(r, v, arg, &m->each);
}

static enum err
read_message(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct message_spec, field)
	static const struct member members[] = {
	    {"each", read_each, 0, false, NULL},
	    {"id", read_extractor, AT(id), false, NULL},
	    {"sender", read_extractor, AT(sender), false, NULL},
	    {"text", read_extractor, AT(text), false, NULL},
	    {"code", read_extractor, AT(code), false, NULL},
	    {"at", read_extractor, AT(at), false, NULL},
	};
#undef AT
	const struct message_spec *m = at;

	(void)arg;
	TRY(READ_OBJECT(r, v, members, at));
	if (m->text.take == TAKE_UNSET && m->code.take == TAKE_UNSET)
		return reader_refuse(r, "has neither text nor code");
	return OK;
}

/* error, state and ok exclude each other. */
static enum err
says(struct reader *r, struct rule *rule, enum rule_says what)
{
	if (rule->says != SAYS_NOTHING)
		return reader_refuse(r, "says a second thing");
	rule->says = what;
	return OK;
}

static enum err
says_fault(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct rule *rule = at;
	const char *name = NULL;

	TRY(says(r, rule, SAYS_FAULT));
	TRY(read_text(r, v, arg, &name));
	if (!fault_find(name, &rule->fault))
		return reader_refuse(r, "there is no error \"%s\"", name);
	return OK;
}

static enum err
says_state(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct rule *rule = at;
	const char *name = NULL;

	TRY(says(r, rule, SAYS_STATE));
	TRY(read_text(r, v, arg, &name));
	if (!upstream_state_find(name, &rule->state))
		return reader_refuse(r, "there is no state \"%s\"", name);
	return OK;
}

static enum err
says_ok(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct rule *rule = at;

	(void)arg;
	TRY(says(r, rule, SAYS_OK));
	return read_named(r, v, &set_list, &rule->set);
}

static enum err
read_rule(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct rule, field)
	static const struct member members[] = {
	    {"note", read_note, 0, false, NULL},
	    {"if", read_cond, AT(when), true, NULL},
	    {"error", says_fault, 0, false, NULL},
	    {"state", says_state, 0, false, NULL},
	    {"ok", says_ok, 0, false, NULL},
	    {"set", read_named, AT(set), false, &set_list},
	    {"messages", read_list, AT(messages), false, &message_list},
	    {"definite", read_bool, AT(definite), false, NULL},
	};
#undef AT
	struct rule *rule = at;

	(void)arg;
	TRY(READ_OBJECT(r, v, members, rule));
	if (rule->says == SAYS_NOTHING)
		return reader_refuse(r, "needs error, state or ok");
	if (rule->says == SAYS_OK && js_has(v, "set"))
		return reader_refuse(r, "\"set\" stands in \"ok\"");
	if (rule->definite && rule->says != SAYS_FAULT)
		return reader_refuse(r, "only an error can be definite");
	rule->names_status = match_names_status(&rule->when);
	rule->place = reader_place(r);
	return OK;
}

const struct list_of rule_list = {
    sizeof(struct rule), read_rule, NULL, MAX_RULES};
const struct list_of set_list = {sizeof(struct set), read_set, NULL, MAX_SETS};
const struct list_of message_list = {
    sizeof(struct message_spec), read_message, NULL, MAX_MESSAGES};
