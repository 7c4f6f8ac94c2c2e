#include "provider/outcome.h"

#include "base/law.h"
#include "base/text.h"

static const struct {
	const char *name;
	bool final;
} states[] = {
#define STATE(code, name, final) {name, final},
#include "provider/outcome.def"
};

static const struct {
	const char *name;
	enum fault_action buying;
	enum fault_action otherwise;
	const char *text;
} faults[] = {
#define FAULT(code, name, buying, otherwise, text) \
	{name, ACTION_##buying, ACTION_##otherwise, text},
#include "provider/outcome.def"
};

static const struct {
	const char *name;
	enum upstream_state state;
	enum op_needs needs;
} ops[] = {
#define OP(code, name, state, needs) {name, UPSTREAM_##state, needs},
#include "provider/outcome.def"
};

const char *
upstream_state_name(enum upstream_state state)
{
	law(state < UPSTREAM__MAX);
	return states[state].name;
}

bool
upstream_state_is_final(enum upstream_state state)
{
	law(state < UPSTREAM__MAX);
	return states[state].final;
}

bool
upstream_state_find(const char *name, enum upstream_state *out)
{
	/* Row 0 is "nothing said": no rule may ask for it. */
	for (int i = 1; i < UPSTREAM__MAX; i++)
		if (text_eq(states[i].name, name)) {
			*out = (enum upstream_state)i;
			return true;
		}
	return false;
}

const char *
upstream_op_name(enum upstream_op op)
{
	law(op < OP__MAX);
	return ops[op].name;
}

bool
upstream_op_find(const char *name, enum upstream_op *out)
{
	for (int i = 0; i < OP__MAX; i++)
		if (text_eq(ops[i].name, name)) {
			*out = (enum upstream_op)i;
			return true;
		}
	return false;
}

enum upstream_state
upstream_op_state(enum upstream_op op)
{
	law(op < OP__MAX);
	return ops[op].state;
}

enum op_needs
upstream_op_needs(enum upstream_op op)
{
	law(op < OP__MAX);
	return ops[op].needs;
}

const char *
fault_name(enum upstream_fault fault)
{
	law(fault < FAULT__MAX);
	return faults[fault].name;
}

const char *
fault_text(enum upstream_fault fault)
{
	law(fault < FAULT__MAX);
	return faults[fault].text;
}

bool
fault_find(const char *name, enum upstream_fault *out)
{
	for (int i = 0; i < FAULT__MAX; i++)
		if (i != FAULT_NONE && text_eq(faults[i].name, name)) {
			*out = (enum upstream_fault)i;
			return true;
		}
	return false;
}

enum fault_action
fault_action(enum upstream_fault fault, enum upstream_op op)
{
	law(fault < FAULT__MAX);
	return op == OP_BUY ? faults[fault].buying : faults[fault].otherwise;
}
