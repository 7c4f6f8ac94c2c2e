#include "store/pollq_store.h"

#include <inttypes.h>

#include "base/arena.h"
#include "io/kv.h"

#define QUEUE    "numlease:poll:%" PRId64
#define WATCHED  "numlease:poll:watched"
#define FILLED   "numlease:poll:filled"
#define WATCH_S  "60"
#define SET_KEYS 1000 /* most numbers of one call */

#define NOW                             \
	"local t = redis.call('TIME') " \
	"local now = t[1] * 1000 + math.floor(t[2] / 1000) "

/*
 * KEYS: the queues, then the set of watched numbers. ARGV: batch, lease,
 * watch. Gives the token, then the members taken from each queue.
 */
static const struct kv_script claim_script = {
    .text = NOW
    "local watched = redis.call('SPOP', KEYS[#KEYS], 100) "
    "local soon = now + tonumber(ARGV[3]) "
    "local held = string.format('%.1f', now + tonumber(ARGV[2]) + 0.5) "
    "local out = {held} "
    "for i = 1, #KEYS - 1 do "
    "for _, id in ipairs(watched) do "
    "local at = tonumber(redis.call('ZSCORE', KEYS[i], id) or 0) "
    "if at > soon and at % 1 == 0 then "
    "redis.call('ZADD', KEYS[i], soon, id) end end "
    "local due = redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', now, "
    "'LIMIT', 0, ARGV[1]) "
    "for _, id in ipairs(due) do redis.call('ZADD', KEYS[i], held, id) end "
    "out[#out + 1] = due end "
    "return out",
};

/*
 * KEYS: the queue of each. ARGV: member, delay, firm (0.5 or 0), token. With
 * a token the score must be that; without, nobody may hold the number.
 */
static const struct kv_script set_script = {
    .text =
	NOW "for i, key in ipairs(KEYS) do "
	    "local id, delay = ARGV[4 * i - 3], tonumber(ARGV[4 * i - 2]) "
	    "local token = tonumber(ARGV[4 * i]) "
	    "local at = tonumber(redis.call('ZSCORE', key, id) or nil) "
	    "local mine = at == nil or at == token "
	    "if token == nil and at ~= nil then "
	    "mine = at <= now or at % 1 == 0 end "
	    "if mine and delay < 0 then redis.call('ZREM', key, id) "
	    "elseif mine then redis.call('ZADD', key, string.format('%.1f', "
	    "now + delay + tonumber(ARGV[4 * i - 1])), id) end end",
};

/* The same arguments. */
static const struct kv_script add_script = {
    .text = NOW "for i, key in ipairs(KEYS) do "
		"redis.call('ZADD', key, 'NX', string.format('%.1f', "
		"now + tonumber(ARGV[4 * i - 2]) + tonumber(ARGV[4 * i - 1])), "
		"ARGV[4 * i - 3]) end",
};

static const char *
queue_of(struct ctx *c, int64_t provider)
{
	return arena_fmt(c->mem, QUEUE, provider);
}

static const char *
text_of(struct ctx *c, int64_t n)
{
	return arena_fmt(c->mem, "%" PRId64, n);
}

static enum err
read_taken(struct ctx *c, const struct pollq_claim *claim,
    const struct kv_reply *reply, struct pollq_taken *out)
{
	const struct kv_reply *queues = reply->item + 1;

	if (reply->type != KV_LIST || reply->count != claim->provider_count + 1)
		return fail(c, ERR_INTERNAL, "poll queue: odd answer");
	*out = (struct pollq_taken){0};
	for (size_t i = 0; i < claim->provider_count; i++)
		out->n += queues[i].count;
	out->seats = arena_many(c->mem, struct poll_seat, out->n + 1);
	out->n = 0;
	for (size_t i = 0; i < claim->provider_count; i++) {
		for (size_t k = 0; k < queues[i].count; k++)
			out->seats[out->n++] = (struct poll_seat){
			    .activation_id = queues[i].item[k].text,
			    .provider_id = claim->providers[i],
			    .token = reply->item[0].text};
		if (queues[i].count == (size_t)claim->batch)
			out->is_full = true;
	}
	return OK;
}

enum err
pollq_store_claim(
    struct ctx *c, const struct pollq_claim *claim, struct pollq_taken *out)
{
	size_t n = claim->provider_count;
	const char **words = arena_many(c->mem, const char *, n + 4);
	struct kv_reply reply;

	for (size_t i = 0; i < n; i++)
		words[i] = queue_of(c, claim->providers[i]);
	words[n] = WATCHED;
	words[n + 1] = text_of(c, claim->batch);
	words[n + 2] = text_of(c, claim->lease_ms);
	words[n + 3] = text_of(c, claim->watch_ms);
	TRY(kv_eval(c, &claim_script, &reply, n + 1, n + 4, words));
	return read_taken(c, claim, &reply, out);
}

static enum err
run(struct ctx *c, const struct kv_script *script, const struct poll_seat *all,
    size_t n)
{
	const char **words = arena_many(c->mem, const char *, 5 * n);

	for (size_t i = 0; i < n; i++) {
		const char **own = &words[n + 4 * i];

		words[i] = queue_of(c, all[i].provider_id);
		own[0] = all[i].activation_id;
		own[1] = text_of(c, all[i].delay_ms);
		own[2] = all[i].is_firm ? "0.5" : "0";
		own[3] = all[i].token != NULL ? all[i].token : "";
	}
	return kv_eval(c, script, NULL, n, 5 * n, words);
}

static enum err
run_all(struct ctx *c, const struct kv_script *script,
    const struct poll_seat *all, size_t n)
{
	for (size_t i = 0; i < n; i += SET_KEYS)
		TRY(run(c, script, &all[i],
		    n - i < SET_KEYS ? n - i : (size_t)SET_KEYS));
	return OK;
}

enum err
pollq_store_set(struct ctx *c, const struct poll_seat *all, size_t n)
{
	return run_all(c, &set_script, all, n);
}

enum err
pollq_store_add(struct ctx *c, const struct poll_seat *all, size_t n)
{
	return run_all(c, &add_script, all, n);
}

enum err
pollq_store_watch(struct ctx *c, const char *activation)
{
	TRY(kv_cmd(c, NULL, "SADD", WATCHED, activation));
	return kv_cmd(c, NULL, "EXPIRE", WATCHED, WATCH_S);
}

enum err
pollq_store_turn(struct ctx *c, int64_t period_ms, bool *mine)
{
	struct kv_reply reply;

	TRY(kv_cmd(
	    c, &reply, "SET", FILLED, "1", "NX", "PX", text_of(c, period_ms)));
	*mine = reply.type == KV_TEXT;
	return OK;
}
