#!/bin/sh
# Buying: fences, doubles, returns, what is not known, what comes late.
. "${srcdir:-.}/t/system/sql.sh"

is 'a purchase is reserved, claimed, begun and sold' 'ok ok ok ACTIVE' "
	SELECT t.reserve('a', t.ann()); SELECT t.start('a');
	SELECT t.sold('a'); SELECT t.state('a')"
is 'the price follows the real cost, below the hold' '130000|200000' "
	SELECT a.price, h.amount FROM numlease.activations a
	  JOIN numlease.holds h ON h.activation_id = a.id WHERE a.id = t.id('a')"
is 'the SMS captures the price and releases the rest' 'ok 9870000/0/0' "
	SELECT t.sms('a'); SELECT t.wallet(t.ann())"
is 'the same SMS again is one SMS' 'duplicate 1' "
	SELECT t.sms('a'); SELECT count(*) FROM numlease.messages"
is 'equal texts with ids of their own are two' 'ok ok' "
	SELECT t.sms('a', 'code 1234', 'm1'); SELECT t.sms('a', 'code 1234', 'm2')"
is 'one call may bring several SMS and charges once' 'ok|130000 duplicate|130000 ok|130000' "
	SELECT t.make('several', 'ACTIVE', t.bob()) \\g /dev/null
	SELECT status, charged FROM numlease.messages_store(
	    ARRAY[t.id('several'), t.id('several'), t.id('several')], '{x,x,y}',
	    '{TG,TG,TG}', '{one,one,two}', '{1,1,2}', '{0,0,0}')"

is 'a dearer number is charged as held, the rest is our loss' '200000|190000' "
	SELECT t.reserve('dear', t.bob()) || t.start('dear')
	    || t.sold('dear', cost => 190000) \\g /dev/null
	SELECT price, cost FROM numlease.activations WHERE id = t.id('dear')"

is 'a worker that lost its lease cannot link' 'fenced RESERVED 1' "
	SELECT t.reserve('fence', t.ann()) || t.start('fence') \\g /dev/null
	SELECT t.sold('fence', token => gen_random_uuid());
	SELECT t.state('fence');
	SELECT count(*) FROM numlease.orphans WHERE upstream_id = 'fence'"
is 'nor fail or give up what is not its own' 'fenced fenced' "
	SELECT status FROM numlease.attempt_fail(ARRAY[t.try('fence')], ARRAY[gen_random_uuid()], '{x}');
	SELECT status FROM numlease.attempt_unknown(ARRAY[t.try('fence')], ARRAY[gen_random_uuid()], '{x}')"
is 'an order that is claimed is not given again' '0' "
	SELECT count(*) FROM numlease.lease_claim('other', 10, 1000, ARRAY[t.id('fence')])"
is 'a number that was sold before is none: undecided, not another purchase' 'duplicate UNKNOWN RESERVED' "
	SELECT t.reserve('double', t.ann()) || t.start('double') \\g /dev/null
	SELECT t.sold('double', 'a');
	SELECT state FROM numlease.attempts WHERE id = t.try('double');
	SELECT t.state('double')"
is 'two answers with one number in one call link once' 'ok duplicate' "
	SELECT t.make('twin1', 'RESERVED+'), t.make('twin2', 'RESERVED+') \\g /dev/null
	SELECT status FROM numlease.activation_activate(
	    ARRAY[t.try('twin1'), t.try('twin2')], ARRAY[t.token('twin1'), t.token('twin2')],
	    '{same,same}', '{+447700900001,+447700900002}', '{1,1}', '{0,0}', '{0,0}') ORDER BY ord"
is 'a number of another country goes back, the next provider is asked' 'wrong_country RESERVED FAILED ok' "
	SELECT t.reserve('abroad', t.ann()) || t.start('abroad') \\g /dev/null
	SELECT t.sold('abroad', phone => '+4915100000');
	SELECT t.state('abroad');
	SELECT state FROM numlease.attempts WHERE id = t.try('abroad');
	SELECT t.start('abroad', 'beta')"
is 'and its cost comes back when the orphan is cancelled' 'ok refunded' "
	SELECT numlease.orphan_done(provider_id, upstream_id, token, 'cancelled', 0, '')
	  FROM numlease.orphan_due(10, 1000) WHERE upstream_id = 'abroad';
	SELECT cost_state FROM numlease.attempts WHERE upstream_id = 'abroad'"
is 'whoever does not hold the order neither buys nor says that nobody could' 'fenced fenced RESERVED' "
	SELECT t.reserve('held', t.ann()) \\g /dev/null
	SELECT token FROM numlease.lease_claim('test', 1, 30000, ARRAY[t.id('held')]) \\g /dev/null
	SELECT status FROM numlease.attempt_start(ARRAY[gen_random_uuid()], ARRAY[t.id('held')], ARRAY[gen_random_uuid()],
	    ARRAY[t.provider('alpha')], '{telegram}', '{england}', '{any}', '{150000}', 15000, '{60000}', '{7}', '{\"[]\"}');
	SELECT status FROM numlease.activation_fail(ARRAY[t.id('held')], ARRAY[gen_random_uuid()], '{none}');
	SELECT t.state('held')"
is 'over, and nobody says whether it was paid back: owed when it is in the books, else lost' 'ok receivable|kept ok kept|9' "
	SELECT t.reserve('far', t.ann()) || t.start('far') || t.sold('far', phone => '+4915100000') \\g /dev/null
	SELECT numlease.orphan_done(provider_id, upstream_id, token, 'unknown', 0, 'already_closed')
	  FROM numlease.orphan_due(10, 1000) WHERE upstream_id = 'far';
	SELECT t.cost_state, o.state FROM numlease.attempts t JOIN numlease.orphans o USING (upstream_id) WHERE upstream_id = 'far';
	INSERT INTO numlease.orphans (provider_id, upstream_id, reason, cost, due_at) VALUES (t.provider('beta'), 'ghost', 'listed', 9, now());
	SELECT numlease.orphan_done(provider_id, upstream_id, token, 'unknown', 0, 'not_found')
	  FROM numlease.orphan_due(10, 1000) WHERE upstream_id = 'ghost';
	SELECT state, booked FROM numlease.orphans WHERE upstream_id = 'ghost'"
is 'a refusal leads to the next provider, with what was tried' 'ok|RESERVED ok {1,2}|{NO_NUMBERS,""}' "
	SELECT t.reserve('next', t.ann()) || t.start('next') \\g /dev/null
	SELECT status, state FROM numlease.attempt_fail(ARRAY[t.try('next')], ARRAY[t.token('next')], '{NO_NUMBERS}');
	SELECT t.start('next', 'beta');
	SELECT array_agg(provider_id ORDER BY no), array_agg(cause ORDER BY no)
	  FROM numlease.attempts WHERE activation_id = t.id('next')"

is 'not known: no order is left, nothing else may be bought' 'ok 0 conflict' "
	SELECT t.reserve('dark', t.ann()) || t.start('dark') \\g /dev/null
	SELECT status FROM numlease.attempt_unknown(ARRAY[t.try('dark')], ARRAY[t.token('dark')], '{timeout}');
	SELECT count(*) FROM numlease.outbox WHERE key = t.id('dark');
	SELECT t.start('dark', 'beta')"
is 'reconcile does not look before the settle time' '0' "
	SELECT count(*) FROM numlease.unknown_due(100, 1000) WHERE activation_id = t.id('dark')"
is 'afterwards it does, and fences the buyer' 'UNKNOWN|t fenced RESERVED' "
	SELECT t.overdue('dark'), set_config('t.old', t.token('dark')::text, false) \\g /dev/null
	SELECT state, token <> current_setting('t.old')::uuid
	  FROM numlease.unknown_due(100, 60000) WHERE activation_id = t.id('dark');
	SELECT t.sold('dark', token => current_setting('t.old')::uuid); SELECT t.state('dark')"
is 'it is taken by one reconciler at a time' '0' "
	SELECT count(*) FROM numlease.unknown_due(100, 1000) WHERE activation_id = t.id('dark')"
is 'found: the number is the activation''s' 'ok ACTIVE' "
	SELECT t.sold('dark', 'found in the list'); SELECT t.state('dark')"
is 'absent: ordered again, and charged once in the end' 'ok|RESERVED ok ok ok 1' "
	SELECT t.make('absent', 'RESERVED+') \\g /dev/null
	SELECT numlease.attempt_unknown(ARRAY[t.try('absent')], ARRAY[t.token('absent')], '{x}') \\g /dev/null
	SELECT t.overdue('absent') \\g /dev/null
	SELECT count(*) FROM numlease.unknown_due(100, 60000) \\g /dev/null
	SELECT status, state FROM numlease.attempt_resolve_absent(ARRAY[t.try('absent')], ARRAY[t.token('absent')], '{absent}');
	SELECT t.start('absent', 'beta'); SELECT t.sold('absent'); SELECT t.sms('absent');
	SELECT count(*) FROM numlease.transfers WHERE activation_id = t.id('absent') AND kind = 'capture'"
is 'undecidable: released, the possible loss is booked' 'ok|FAILED 150000' "
	SELECT t.make('lost', 'RESERVED+') \\g /dev/null
	SELECT numlease.attempt_unknown(ARRAY[t.try('lost')], ARRAY[t.token('lost')], '{x}') \\g /dev/null
	SELECT t.overdue('lost') \\g /dev/null
	SELECT count(*) FROM numlease.unknown_due(100, 60000) \\g /dev/null
	SELECT status, state FROM numlease.attempt_give_up(ARRAY[t.try('lost')], ARRAY[t.token('lost')]);
	SELECT amount FROM numlease.transfers WHERE activation_id = t.id('lost') AND kind = 'loss'"
is 'a worker that vanished in the call leaves UNKNOWN, not a second purchase' '0 UNKNOWN|worker lost' "
	SELECT t.make('gone', 'RESERVED+') \\g /dev/null
	SELECT t.overdue('gone') \\g /dev/null
	UPDATE numlease.outbox SET due_at = now() WHERE key = t.id('gone') \\g /dev/null
	SELECT count(*) FROM numlease.lease_claim('next', 10, 1000, ARRAY[t.id('gone')]);
	SELECT state, cause FROM numlease.attempts WHERE id = t.try('gone')"
is 'an order that got lost is written again' '1 1' "
	SELECT t.make('orderless', 'RESERVED') \\g /dev/null
	DELETE FROM numlease.outbox WHERE key = t.id('orderless');
	SELECT t.inside('ALTER TABLE numlease.activations DISABLE TRIGGER activations_changed') \\g /dev/null
	UPDATE numlease.activations SET created_at = now() - interval '1 minute' WHERE id = t.id('orderless');
	SELECT t.inside('ALTER TABLE numlease.activations ENABLE TRIGGER activations_changed') \\g /dev/null
	SELECT numlease.lease_requeue(100);
	SELECT count(*) FROM numlease.outbox WHERE key = t.id('orderless')"

is 'a listed number of nobody is cancelled when it is seen again, not before' '0 0 1 ok 70000' "
	SELECT numlease.orphan_add(t.provider('beta'), '{stray}', '{tg}', '{16}', '{70000}') \\g /dev/null
	SELECT count(*) FROM numlease.orphan_due(10, 1000) WHERE upstream_id = 'stray';
	SELECT numlease.orphan_add(t.provider('beta'), '{stray}', '{tg}', '{16}', '{70000}') \\g /dev/null
	SELECT count(*) FROM numlease.orphan_due(10, 1000) WHERE upstream_id = 'stray';
	UPDATE numlease.orphans SET first_at = now() - interval '1 hour' WHERE upstream_id = 'stray';
	SELECT numlease.orphan_add(t.provider('beta'), '{stray}', '{tg}', '{16}', '{70000}') \\g /dev/null
	SELECT numlease.orphan_due(10, 60000) \\g /dev/null
	SELECT count(*) FROM numlease.orphans WHERE upstream_id = 'stray' AND token IS NOT NULL;
	SELECT numlease.orphan_done(provider_id, upstream_id, token, 'kept', 0, '') FROM numlease.orphans WHERE upstream_id = 'stray';
	SELECT amount FROM numlease.transfers WHERE kind = 'loss' AND idem_key LIKE 'loss:orphan:%:stray'"
is 'one that was linked while its list was read is not given back' '0 0 ACTIVE' "
	SELECT t.make('read', 'ACTIVE') \\g /dev/null
	INSERT INTO numlease.orphans (provider_id, upstream_id, reason, cost, due_at, seen, first_at)
	VALUES (t.provider('alpha'), 'read', 'listed', 1, 'infinity', 2, now() - interval '1 hour');
	SELECT count(*) FROM numlease.orphan_due(10, 1000) WHERE upstream_id = 'read';
	SELECT count(*) FROM numlease.orphans WHERE upstream_id = 'read';
	SELECT t.state('read')"
is 'one that may be a purchase under way is left alone until that is decided' '0 0 2' "
	SELECT t.make('bucket', 'RESERVED+') \\g /dev/null
	SELECT numlease.orphan_add(t.provider('alpha'), '{maybe,who}', ARRAY['telegram', ''], ARRAY['england', ''], '{1,1}') \\g /dev/null
	SELECT numlease.orphan_add(t.provider('alpha'), '{maybe,who}', ARRAY['telegram', ''], ARRAY['england', ''], '{1,1}') \\g /dev/null
	SELECT count(*) FROM numlease.orphan_due(10, 1000) WHERE upstream_id IN ('maybe', 'who');
	UPDATE numlease.orphans SET first_at = first_at - interval '1 hour' WHERE upstream_id IN ('maybe', 'who');
	UPDATE numlease.attempts SET started_at = started_at - interval '2 hours' WHERE unsettled_at IS NOT NULL;
	SELECT count(*) FROM numlease.orphan_due(10, 1000) WHERE upstream_id IN ('maybe', 'who');
	UPDATE numlease.attempts SET started_at = now() WHERE unsettled_at IS NOT NULL;
	SELECT count(*) FROM numlease.orphan_due(10, 1000) WHERE upstream_id IN ('maybe', 'who')"
is 'one that is not listed any more ends too, and is told of once' '1 0 1' "
	SELECT numlease.orphan_add(t.provider('beta'), '{gone}', '{tg}', '{16}', '{70000}') \\g /dev/null
	UPDATE numlease.orphans SET first_at = now() - interval '2 hours', last_at = now() - interval '1 hour'
	 WHERE upstream_id = 'gone';
	SELECT count(*) FROM numlease.orphan_tell(10) WHERE upstream_id = 'gone';
	SELECT count(*) FROM numlease.orphan_tell(10) WHERE upstream_id = 'gone';
	SELECT count(*) FROM numlease.orphan_due(10, 1000) WHERE upstream_id = 'gone'"
is 'what may have been sold is a doubt: the user is released, the cost is lost until somebody knows' \
    'ok|FAILED lost|150000 doubt|150000 ok|50000 lost|100000 conflict|50000 0' "
	SELECT t.reserve('doubtful', t.ann()), t.start('doubtful') \\g /dev/null
	SELECT numlease.attempt_unknown(ARRAY[t.try('doubtful')], ARRAY[t.token('doubtful')], '{x}') \\g /dev/null
	SELECT status, state FROM numlease.attempt_doubt(ARRAY[t.try('doubtful')],
	    ARRAY[t.token('doubtful')], '{0}', ARRAY[''], '{doubt}');
	SELECT cost_state, cost FROM numlease.attempts WHERE id = t.try('doubtful');
	SELECT cause, amount FROM numlease.doubts WHERE attempt_id = t.try('doubtful');
	SELECT * FROM numlease.doubt_close(t.try('doubtful'), 100000, 'test', 'their support says so');
	SELECT cost_state, refunded FROM numlease.attempts WHERE id = t.try('doubtful');
	SELECT * FROM numlease.doubt_close(t.try('doubtful'), 0, 'test', 'again');
	SELECT count(*) FROM numlease.ledger_verify()"
is 'a purchase that must be alone at its provider is' 'ok conflict' "
	SELECT t.reserve('alone', t.ann()), t.start('alone', 'beta') \\g /dev/null
	SELECT t.reserve('second', t.ann()), t.start('second', 'beta') \\g /dev/null
	SELECT numlease.attempt_alone(t.try('alone'), t.token('alone'));
	SELECT numlease.attempt_alone(t.try('second'), t.token('second'))"
is 'given up while the purchase runs: the number comes and goes back' 'CANCELLING cancelling 1 ok CANCELLED' "
	SELECT t.make('late', 'RESERVED+') \\g /dev/null
	SELECT state FROM numlease.activation_abandon(ARRAY[t.id('late')], ARRAY[t.ann()]);
	SELECT t.sold('late');
	SELECT count(*) FROM numlease.outbox_claim('{cancel}', 'test', 100, 60000) WHERE key = t.id('late');
	SELECT t.ended('late'); SELECT t.state('late')"
is 'an SMS wins over a cancel that is on its way' 'ok COMPLETED|130000 ok|COMPLETED owed' "
	SELECT t.make('race', 'CANCELLING') \\g /dev/null
	SELECT t.sms('race');
	SELECT state, charged FROM numlease.activations WHERE id = t.id('race');
	SELECT status, state FROM numlease.activation_end(ARRAY[t.id('race')], '{yes}', '{x}');
	SELECT cost_state FROM numlease.attempts WHERE id = t.try('race')"
is 'a late SMS is free and our loss' 'ok t|0 lost' "
	SELECT t.make('after', 'CANCELLED') \\g /dev/null
	SELECT t.sms('after');
	SELECT m.is_free, a.charged FROM numlease.messages m
	  JOIN numlease.activations a ON a.id = m.activation_id WHERE a.id = t.id('after');
	SELECT cost_state FROM numlease.attempts WHERE id = t.try('after')"
is 'a provider that does not say leaves a receivable, closed by evidence' 'receivable ok|60000 ok|0 refunded conflict|0' "
	SELECT t.make('owes', 'CANCELLING') \\g /dev/null
	SELECT t.ended('owes', 'unknown') \\g /dev/null
	SELECT cost_state FROM numlease.attempts WHERE id = t.try('owes');
	SELECT * FROM numlease.receivable_refund('alpha', 'owes', 40000, 'test', 'seen', 'a');
	SELECT * FROM numlease.receivable_refund('alpha', 'owes', 60000, 'test', 'seen', 'b');
	SELECT cost_state FROM numlease.attempts WHERE id = t.try('owes');
	SELECT * FROM numlease.receivable_refund('alpha', 'owes', 1, 'test', 'seen', 'c')"
is 'a fenced sale that reconcile links is not given back' 'ok ok|ACTIVE 0' "
	SELECT t.reserve('fenced sale', t.ann()), t.start('fenced sale') \\g /dev/null
	SELECT t.overdue('fenced sale') \\g /dev/null
	SELECT count(*) FROM numlease.unknown_due(100, 60000) \\g /dev/null
	SELECT t.sold('fenced sale', 'u-fenced', token => gen_random_uuid()) \\g /dev/null
	SELECT state FROM numlease.orphans WHERE upstream_id = 'u-fenced' AND due_at <= now() \\g /dev/null
	SELECT t.sold('fenced sale', 'u-fenced');
	SELECT 'ok', t.state('fenced sale');
	SELECT count(*) FROM numlease.orphan_due(100, 60000) WHERE upstream_id = 'u-fenced'"
is 'one whose cancel is under way is not linked' '1 duplicate|RESERVED' "
	SELECT t.reserve('given back', t.ann()), t.start('given back') \\g /dev/null
	SELECT t.overdue('given back') \\g /dev/null
	SELECT count(*) FROM numlease.unknown_due(100, 60000) \\g /dev/null
	SELECT t.sold('given back', 'u-back', token => gen_random_uuid()) \\g /dev/null
	SELECT count(*) FROM numlease.orphan_due(100, 60000) WHERE upstream_id = 'u-back';
	SELECT t.sold('given back', 'u-back'), t.state('given back')"
refused 'a cost that no sum can hold is not booked' attempt_cost_bounded "
	SELECT t.reserve('absurd', t.ann()), t.start('absurd');
	SELECT t.sold('absurd', cost => 9000000000000000000)"
is 'costs beyond belief do not stop the proof' '0' "
	SELECT t.reserve('dear' || i, t.ann()), t.start('dear' || i) FROM generate_series(1, 3) i \\g /dev/null
	SELECT t.sold('dear' || i, cost => 1000000000000000) FROM generate_series(1, 3) i \\g /dev/null
	SELECT count(*) FROM numlease.ledger_verify()"
is 'too early: scheduled, or refused for doors that ask so' 'cancel_too_early ok|CANCELLING 0' "
	SELECT t.make('early', 'RESERVED+') \\g /dev/null
	SELECT t.sold('early', cancel_in => interval '2 minutes') \\g /dev/null
	SELECT t.cancel('early', t.ann(), 'refuse');
	SELECT status, state FROM numlease.activation_cancel_request(ARRAY[t.id('early')], ARRAY[t.ann()], 'schedule', 'user');
	SELECT count(*) FROM numlease.outbox_claim('{cancel}', 'test', 100, 60000) WHERE key = t.id('early')"
is 'another user''s number is not found' 'not_found not_found not_found' "
	SELECT t.cancel('early', t.bob());
	SELECT status FROM numlease.activation_finish(ARRAY[t.id('early')], ARRAY[t.bob()], 'user');
	SELECT status FROM numlease.activation_abandon(ARRAY[t.id('early')], ARRAY[t.bob()])"
is 'a deadline waits for the provider, then releases with a receivable' 'CANCELLING EXPIRED receivable' "
	SELECT t.make('slow', 'ACTIVE') \\g /dev/null
	SELECT t.overdue('slow') \\g /dev/null
	SELECT state FROM numlease.activation_expire(100) WHERE id = t.id('slow');
	SELECT t.overdue('slow') \\g /dev/null
	SELECT state FROM numlease.activation_expire(100) WHERE id = t.id('slow');
	SELECT cost_state FROM numlease.attempts WHERE id = t.try('slow')" 
is 'a notice goes to each endpoint, once per change and SMS' 'number.active|1 number.completed|1 number.sms|1' "
	INSERT INTO numlease.endpoints VALUES (gen_random_uuid(), t.bob(), 'https://x.example', '\\x00') \\g /dev/null
	SELECT t.make('told', 'COMPLETED', t.bob()) \\g /dev/null
	SELECT t.sms('told') \\g /dev/null
	SELECT kind, count(*) FROM numlease.deliveries_claim(100, 60000) GROUP BY 1 ORDER BY 1"
is 'a notice that failed comes again, one that was taken does not' '3 0 2' "
	SELECT numlease.deliveries_settle(array_agg(id), array_agg(token), array_fill(500, ARRAY[3]),
	    array_fill(''::text, ARRAY[3]), '{1,1,1}', ARRAY[0, 60000, 60000]) FROM numlease.deliveries;
	SELECT count(*) FROM numlease.deliveries_claim(100, 60000);
	SELECT count(*) FROM numlease.deliveries WHERE state = 'pending'"
sound 'the ledger is right after all of it'
finish
