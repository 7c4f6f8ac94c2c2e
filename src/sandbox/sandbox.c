#include "sandbox/sandbox.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "io/httpd.h"
#include "sandbox/control.h"

#define HUGE_DEFAULT (INT64_C(64) << 20)
#define PIECE        (64 << 10)
#define SLOW_STEP    1
#define SLOW_MS      1000
#define HELD_MS      50 /* between two looks whether it is still held */

const struct dialect *
dialect_find(const char *name)
{
	static const struct dialect *const all[] = {
	    &fivesim_dialect, &handler_dialect, &herosms_dialect};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (text_eq(all[i]->name, name))
			return all[i];
	return NULL;
}

struct buf *
answer_start(struct visit *v, int status, const char *type)
{
	v->answer.status = status;
	v->answer.type = type;
	buf_clear(&v->answer.body);
	return &v->answer.body;
}

void
answer_text(struct visit *v, int status, const char *text)
{
	buf_text(answer_start(v, status, "text/plain; charset=utf-8"), text);
}

struct wish
visit_wish(const struct visit *v)
{
	struct wish w = {.op = OPERATOR_ANY, .twist_country = WORLD_NONE};

	if (v->fault.kind == NULL || v->fault.kind->act != ACT_TWIST)
		return w;
	w.twist = (enum twist)v->fault.kind->detail;
	w.twist_price = v->fault.price;
	w.twist_country = v->fault.country;
	return w;
}

/* ---- the answer, spoiled as the script says ---- */

static void
send_part(struct visit *v, const struct httpd_stream *s)
{
	httpd_stream(v->call, v->answer.status, v->answer.type, s);
}

static void
send_truncated(struct visit *v)
{
	const struct buf *b = &v->answer.body;

	if (b->len < 2) {
		httpd_hang_up(v->call);
		return;
	}
	send_part(v,
	    &(struct httpd_stream){.bytes = b->at,
		.len = b->len,
		.announced = (int64_t)b->len,
		.sent = (int64_t)b->len / 2,
		.step = PIECE});
}

static void
send_slowly(struct visit *v)
{
	const struct fault *f = &v->fault;
	const struct buf *b = &v->answer.body;

	if (b->len == 0) {
		httpd_answer(v->call, v->answer.status, v->answer.type, "", 0);
		return;
	}
	send_part(v,
	    &(struct httpd_stream){.bytes = b->at,
		.len = b->len,
		.announced = (int64_t)b->len,
		.sent = (int64_t)b->len,
		.step = f->step > 0 ? f->step : SLOW_STEP,
		.every_ms = f->delay_ms > 0 ? f->delay_ms : SLOW_MS});
}

static void
send_huge(struct visit *v)
{
	int64_t size = v->fault.bytes > 0 ? v->fault.bytes : HUGE_DEFAULT;
	char piece[4096];

	for (size_t i = 0; i < sizeof(piece); i++)
		piece[i] = (char)('a' + i % 26);
	v->answer.status = 200;
	v->answer.type = "text/plain";
	send_part(v,
	    &(struct httpd_stream){.bytes = piece,
		.len = sizeof(piece),
		.announced = size,
		.sent = size,
		.step = PIECE});
}

static void
send_whole(struct visit *v)
{
	httpd_answer(v->call, v->answer.status, v->answer.type,
	    v->answer.body.at, v->answer.body.len);
}

static void
send_held(void *arg, struct httpd_call *call)
{
	struct visit *v = arg;

	if (v->box->clears == v->clears)
		httpd_later(call, HELD_MS, send_held, v);
	else
		send_whole(v);
}

static void
send_answer(struct visit *v)
{
	switch (v->fault.kind == NULL ? ACT_TRUE : v->fault.kind->act) {
	case ACT_HOLD:
		send_held(v, v->call);
		break;
	case ACT_SILENT:
		httpd_hold(v->call);
		break;
	case ACT_RESET:
		httpd_reset(v->call);
		break;
	case ACT_HANG_UP:
		httpd_hang_up(v->call);
		break;
	case ACT_TRUNCATE:
		send_truncated(v);
		break;
	case ACT_SLOW:
		send_slowly(v);
		break;
	case ACT_HUGE:
		send_huge(v);
		break;
	case ACT_CUT:
		v->answer.body.len /= 2;
		send_whole(v);
		break;
	case ACT_TRUE:
	case ACT_LATE:
	case ACT_ANSWER:
	case ACT_REFUSE:
	case ACT_TWIST:
		send_whole(v);
		break;
	}
}

static void
send_later(void *arg, struct httpd_call *call)
{
	(void)call;
	send_answer(arg);
}

/* ---- the operation ---- */

/* Put the fault's own answer in the place of the true one. */
static void
replace_answer(struct visit *v)
{
	const struct fault *f = &v->fault;
	const struct fault_kind *k = f->kind;

	if (k->act == ACT_REFUSE)
		v->box->dialect->refuse(v, (enum refusal)k->detail);
	if (k->act != ACT_ANSWER)
		return;
	buf_text(answer_start(v, f->status != 0 ? f->status : k->status,
		     f->type != NULL ? f->type : k->type),
	    f->body != NULL ? f->body : k->body);
}

static void
operate(struct visit *v)
{
	v->now = clock_now();
	if (v->fault.kind == NULL || v->fault.kind->happens)
		v->box->dialect->serve(v);
	if (v->fault.kind != NULL)
		replace_answer(v);
}

static void
operate_late(void *arg, struct httpd_call *call)
{
	(void)call;
	operate(arg);
	send_answer(arg);
}

static bool
delays_whole_answer(const struct visit *v)
{
	return v->fault.kind != NULL && v->fault.delay_ms > 0 &&
	    v->fault.kind->act != ACT_SLOW;
}

static void
load_end(void *arg)
{
	struct load *load = arg;

	load->at_once--;
}

/* Until the memory of the call is freed, which is when it has ended. */
static void
load_begin(struct visit *v)
{
	struct load *load = &v->box->load;
	int64_t second = v->now / CLOCK_SECOND;

	load->in_second = second == load->second ? load->in_second + 1 : 1;
	load->second = second;
	load->at_once++;
	if (load->at_once > load->most_at_once)
		load->most_at_once = load->at_once;
	if (load->in_second > load->most_in_second)
		load->most_in_second = load->in_second;
	arena_defer(v->mem, load_end, load);
}

void
sandbox_serve(void *arg, struct httpd_call *call)
{
	struct sandbox *box = arg;
	struct visit *v = arena_one(httpd_mem(call), struct visit);

	v->box = box;
	v->market = box->market;
	v->call = call;
	v->mem = httpd_mem(call);
	v->now = clock_now();
	v->clears = box->clears;
	v->service = WORLD_NONE;
	buf_init(&v->answer.body, v->mem);
	if (text_starts(httpd_path(call), "/control/")) {
		control_serve(v);
		send_whole(v);
		return;
	}
	load_begin(v);
	box->dialect->recognise(v);
	box->calls[v->op]++;
	if (script_take(&box->script, v->op, v->service, &v->fault) &&
	    v->fault.kind->act == ACT_LATE) {
		httpd_later(call, v->fault.delay_ms, operate_late, v);
		return;
	}
	operate(v);
	if (delays_whole_answer(v))
		httpd_later(call, v->fault.delay_ms, send_later, v);
	else
		send_answer(v);
}
