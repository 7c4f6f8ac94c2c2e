#!/bin/sh
# Prices: one function, its rules, the floor, and what is charged in the end.
. "${srcdir:-.}/t/system/sql.sh"

# The rule of the case is the only one that fits service `case`.
sql "INSERT INTO numlease.services (code, name, category) VALUES ('case', 'Case', 'test')"
priced() { # name, want price/floor, cost, percent_bp, fixed, minimum, round_to, ending
	is "$1" "$2" "
	SELECT status FROM numlease.price_rule_add('case', '', '', 0, $4, $5, $6, $7, $8, 'test', '') \\g /dev/null
	SELECT coalesce((SELECT price || '/' || floor FROM numlease.priced($3, 'case', 'gb', t.provider('alpha'))), 'none')"
}
floor() { sql "SELECT numlease.price_floor_set($1, $2, 'test')" >/dev/null; }
floor 0 0
#       what                                          price/floor       cost    bp   fixed minimum  round ending
priced 'the percentage'                               130000/100000     100000 3000      0       0      1      0
priced 'a part of a micro counts as one'              101/100              100   50      0       0      1      0
priced 'the fixed amount where it is more'            150000/100000     100000 3000  50000       0      1      0
priced 'not where it is less'                         130000/100000     100000 3000  10000       0      1      0
priced 'the minimum where it is more'                 200000/100000     100000 3000      0  200000      1      0
priced 'rounded up to the step'                       140000/100001     100001 3000      0       0  10000      0
priced 'on the step it stays'                         130000/100000     100000 3000      0       0  10000      0
priced 'x.99'                                         990000/100000     100000 3000      0       0 1000000 990000
priced 'x.99 of what is above .99'                    1990000/700000    700000 4200      0       0 1000000 990000
priced 'exactly x.99 stays'                           990000/990000     990000    0      0       0 1000000 990000
priced '.49 and .99: the half that is next'           490000/300000     300000 3000      0       0 500000 490000
priced 'and the other half'                           990000/400000     400000 3000      0       0 500000 490000
priced 'nothing costs nothing, and is sold for something' 1/0                0 3000      0       0      1      0
priced 'nothing, by the minimum'                      20000/0                0 3000      0   20000  10000      0
priced 'nothing, by the step and its ending'          9000/0                 0    0      0       0  10000   9000
priced 'the largest price'                            1000000000000000/1000000000000000 1000000000000000 0 0 0 1 0
priced 'above it is no price, not an error'           none              1000000000000001 0 0 0 1 0
priced 'nor does the largest number overflow'         none              9223372036854775807 1000000 1000000000000000 0 1000000000000000 999999999999999
floor 500 0
priced 'never under the floor in percent'             105000/105000     100000    0      0       0      1      0
priced 'rounding is after the floor'                  110000/105000     100000    0      0       0  10000      0
priced 'a part of a micro of floor counts as one'     2/2                    1    0      0       0      1      0
floor 500 20000
priced 'nor under the floor as an amount'             120000/120000     100000    0      0       0      1      0
priced 'whichever is more'                            1050000/1050000  1000000    0      0       0      1      0
priced 'the mark-up is not added to the floor'        130000/120000     100000 3000      0       0      1      0
floor 1000000 0
priced 'a floor of a hundred times the cost'          10100000/10100000 100000  0      0       0      1      0
floor 0 1000000000
priced 'a floor of a thousand, on nothing'            1000000000/1000000000 0   0      0       0      1      0
floor 500 0
#       exactly: the percentage is of the whole, not of its parts
priced 'the largest percentage'                       10100000/105000   100000 1000000  0       0      1      0
priced 'the largest percentage of a micro'            101/2                  1 1000000  0       0      1      0
priced 'of 9999 micros'                               1009899/10499    9999  999999 0       0      1      0
priced 'a third of a cost between'                    164604/129629     123456 3333      0       0      1      0
priced 'the dearest of the largest percentage'        999999999999909/10396039603960 9900990099009 1000000 0 0 1 0
priced 'a micro of cost more is none'                 none              9900990099010 1000000 0 0 1 0
priced 'the largest minimum'                          1000000000000000/1050000 1000000 0 0 1000000000000000 1 0
priced 'the largest step'                             1000000000000000/1050000 1000000 0 0 0 1000000000000000 0
priced 'the largest fixed amount, to the micro'       1000000000000000/0 0 0 1000000000000000 0 1 0
priced 'and with any cost beside it, none'            none 1 0 1000000000000000 0 1 0
priced 'an ending just under the step'                999999/105000     100000    0      0       0 1000000 999999
priced 'and a micro above it the next'                1999999/1050000  1000000    0      0       0 1000000 999999
is 'what may be paid for a price: the dearest cost that keeps the floor, of any price and floor' '0' "
	CREATE TEMP TABLE wrong (n bigint);
	DO \$\$
	DECLARE
		i integer; p bigint; c bigint; bp bigint; amount bigint;
	BEGIN
		PERFORM setseed(0.7);
		FOR i IN 1..400 LOOP
			bp := (ARRAY[0, 1, 500, 3333, 1000000])[1 + i % 5];
			amount := (ARRAY[0, 1, 20000])[1 + i % 3];
			PERFORM numlease.price_floor_set(bp, amount, 'test');
			p := (10 ^ (random() * 15))::bigint;
			c := numlease.cost_cap(p);
			IF c < 0 OR c > 0 AND c + greatest(div(c::numeric * bp + 9999, 10000), amount) > p
			    OR c + 1 + greatest(div((c + 1)::numeric * bp + 9999, 10000), amount) <= p THEN
				INSERT INTO wrong VALUES (p);
			END IF;
		END LOOP;
	END \$\$;
	SELECT count(*) FROM wrong"
floor 500 0

is 'random costs and rules: never under cost, floor, minimum; on the ending; less than a step above; cheaper is never dearer' '0' "
	CREATE TEMP TABLE bad (n integer);
	DO \$\$
	DECLARE
		i integer;
		c bigint; was bigint; p record; r record;
		step bigint;
	BEGIN
		PERFORM setseed(0.42);
		FOR i IN 1..200 LOOP
			step := (1 + random() * 10 ^ (random() * 6))::bigint;
			PERFORM numlease.price_rule_add('case', '', '', 0, (random() * 20000)::bigint,
			    (random() * 100000)::bigint, (random() * 200000)::bigint, step,
			    floor(random() * step)::bigint, 'test', '');
			SELECT * INTO r FROM numlease.price_rules WHERE service = 'case' AND ended_at IS NULL;
			c := 0; was := 0;
			FOR j IN 1..20 LOOP
				SELECT * INTO p FROM numlease.priced(c, 'case', 'gb', 1);
				IF p.price < c + div(c * 500 + 9999, 10000) OR p.price < r.minimum
				    OR p.price < c + r.fixed OR p.price * 10000 < c * (10000 + r.percent_bp)
				    OR p.price < p.floor OR p.price < was OR (p.price - r.ending) % r.round_to <> 0
				    OR p.price - r.round_to >= greatest(p.floor, r.minimum, c + r.fixed,
				        c + div(c::numeric * r.percent_bp + 9999, 10000), 1)
				    OR p.rule_id <> r.id THEN
					INSERT INTO bad VALUES (i);
				END IF;
				was := p.price;
				c := c + (random() * 10 ^ (random() * 7))::bigint;
			END LOOP;
		END LOOP;
	END \$\$;
	SELECT count(*) FROM bad"

add() { # service, country, provider, priority, minimum (tells them apart)
	sql "SELECT status FROM numlease.price_rule_add('$1', '$2', '$3', $4, 0, 0, $5, 1, 0, 'test', '')" >/dev/null
}
# From the least specific to the most: each one takes over.
who=telegram,gb
wins() { # name, minimum of the rule that must apply
	is "$1" "$2" "SELECT price FROM numlease.priced(1, 'telegram', 'gb', t.provider('alpha'))"
}
add '' '' '' 0 1000; wins 'the rule for everything' 1000
add '' '' '' 5 1001; wins 'of two alike the higher priority' 1001
add '' '' '' -5 1002; wins 'not the lower' 1001
add '' '' alpha -9 2000; wins 'a provider, whatever its priority' 2000
add '' gb '' -9 3000; wins 'a country before a provider' 3000
add '' gb alpha -9 4000; wins 'a country of a provider' 4000
add telegram '' '' -9 5000; wins 'a service before those' 5000
add telegram '' alpha -9 6000; wins 'a service of a provider' 6000
add telegram gb '' -9 7000; wins 'a service in a country' 7000
add telegram gb alpha -9 8000; wins 'all three' 8000
add whatsapp gb alpha 9 9000; wins 'not the rule of another service' 8000
add telegram gb beta 9 9000; wins 'nor of another provider' 8000
is 'of any rules, of all eight kinds, the one that a search of all of them finds' '600|0' "
	BEGIN;
	DO \$\$ BEGIN
		PERFORM setseed(0.3);
		FOR i IN 1..150 LOOP
			PERFORM numlease.price_rule_add((ARRAY['', 'telegram', 'whatsapp'])[1 + floor(random() * 3)],
			    (ARRAY['', 'gb', 'us'])[1 + floor(random() * 3)], (ARRAY['', 'alpha', 'beta'])[1 + floor(random() * 3)],
			    floor(random() * 5)::bigint - 2, 0, 0, i, 1, 0, 'test', '');
			IF random() < 0.2 THEN
				PERFORM numlease.price_rule_end((SELECT max(id) FROM numlease.price_rules), 'test');
			END IF;
		END LOOP;
	END \$\$;
	SELECT count(*), count(*) FILTER (WHERE r.rule_id IS DISTINCT FROM (SELECT x.id FROM numlease.price_rules x
	         WHERE x.ended_at IS NULL AND (x.service IS NULL OR x.service = s) AND (x.country IS NULL OR x.country = c)
	           AND (x.provider_id IS NULL OR x.provider_id = t.provider(p))
	         ORDER BY 4 * (x.service IS NOT NULL)::integer + 2 * (x.country IS NOT NULL)::integer
	            + (x.provider_id IS NOT NULL)::integer DESC, x.priority DESC LIMIT 1))
	  FROM unnest(ARRAY['telegram', 'whatsapp', 'discord']) s CROSS JOIN unnest(ARRAY['gb', 'us', 'de', 'fr']) c
	 CROSS JOIN unnest(ARRAY['alpha', 'beta']) p CROSS JOIN generate_series(1, 25) again
	  LEFT JOIN LATERAL numlease.price_rule_for(s, c, t.provider(p)) r ON true;
	ROLLBACK"
is 'a rule that ended is none' 'ok ok 7000' "
	SELECT numlease.price_rule_end(id, 'test') FROM numlease.price_rules WHERE minimum = 8000;
	SELECT numlease.price_rule_end(id, 'test') FROM numlease.price_rules WHERE minimum = 8000;
	SELECT price FROM numlease.priced(1, 'telegram', 'gb', t.provider('alpha'))"
is 'a rule that takes the place of another ends it' '1|test 7500' "
	SELECT numlease.price_rule_add('telegram', 'gb', '', -9, 0, 0, 7500, 1, 0, 'test', 'dearer') \\g /dev/null
	SELECT count(*), min(ended_by) FROM numlease.price_rules WHERE minimum = 7000 AND ended_at IS NOT NULL;
	SELECT price FROM numlease.priced(1, 'telegram', 'gb', t.provider('alpha'))"
is 'what is no rule is refused' 'unknown_service unknown_country not_found bad_input bad_input bad_input bad_input bad_input not_found' "
	SELECT status FROM numlease.price_rule_add('nothing', '', '', 0, 0, 0, 0, 1, 0, 'test', '');
	SELECT status FROM numlease.price_rule_add('', 'zz', '', 0, 0, 0, 0, 1, 0, 'test', '');
	SELECT status FROM numlease.price_rule_add('', '', 'gamma', 0, 0, 0, 0, 1, 0, 'test', '');
	SELECT status FROM numlease.price_rule_add('', '', '', 0, -1, 0, 0, 1, 0, 'test', '');
	SELECT status FROM numlease.price_rule_add('', '', '', 0, 0, -1, 0, 1, 0, 'test', '');
	SELECT status FROM numlease.price_rule_add('', '', '', 0, 0, 0, 0, 0, 0, 'test', '');
	SELECT status FROM numlease.price_rule_add('', '', '', 0, 0, 0, 0, 10, 10, 'test', '');
	SELECT status FROM numlease.price_rule_add('', '', '', 0, 0, 0, 0, 1, 0, '', '');
	SELECT numlease.price_rule_end(999999, 'test')"
refused 'a rule does not change' 23001 'UPDATE numlease.price_rules SET minimum = 1 WHERE ended_at IS NULL'
refused 'one that ended stays so' 23001 "UPDATE numlease.price_rules SET ended_at = NULL, ended_by = NULL WHERE ended_at IS NOT NULL"
refused 'nor is one deleted' 23001 'DELETE FROM numlease.price_rules'
refused 'two alike are never in force' price_rule_in_force "
	INSERT INTO numlease.price_rules (service, country, priority, percent_bp) VALUES ('telegram', 'gb', -9, 0)"

# What is charged. telegram in gb is sold at 50 % now, at least 0.01.
sql "SELECT numlease.price_rule_add('telegram', 'gb', '', 9, 5000, 10000, 0, 10000, 0, 'test', 'sales')" >/dev/null
is 'the number keeps the rule that priced it' '150000|100000|9|5000' "
	SELECT t.make('kept', 'ACTIVE') \\g /dev/null
	SELECT a.price, a.cost, r.priority, r.percent_bp FROM numlease.activations a
	  JOIN numlease.price_rules r ON r.id = a.price_rule_id WHERE a.id = t.id('kept')"
is 'also when another has taken its place' '5000|t 9000' "
	SELECT numlease.price_rule_add('telegram', 'gb', '', 9, 9000, 0, 0, 1, 0, 'test', '') \\g /dev/null
	SELECT r.percent_bp, r.ended_at IS NOT NULL FROM numlease.activations a
	  JOIN numlease.price_rules r ON r.id = a.price_rule_id WHERE a.id = t.id('kept');
	SELECT t.make('later', 'ACTIVE') \\g /dev/null
	SELECT r.percent_bp FROM numlease.activations a
	  JOIN numlease.price_rules r ON r.id = a.price_rule_id WHERE a.id = t.id('later')"
is 'dearer than what was held: never charged more' '200000|260000 ok 200000|200000' "
	SELECT t.reserve('dear', t.bob()) || t.start('dear') || t.sold('dear', cost => 260000) \\g /dev/null
	SELECT price, cost FROM numlease.activations WHERE id = t.id('dear');
	SELECT t.sms('dear');
	SELECT price, charged FROM numlease.activations WHERE id = t.id('dear')"
is 'and the difference is a loss, of this number' '60000|price_loss|provider_cost|t -200000' "
	SELECT t.amount, d.kind, c.kind, c.provider_id = t.provider('alpha') FROM numlease.transfers t
	  JOIN numlease.accounts d ON d.id = t.debit JOIN numlease.accounts c ON c.id = t.credit
	 WHERE t.activation_id = t.id('dear') AND t.kind = 'price_loss';
	SELECT sum(CASE WHEN c.kind = 'provider_cost' THEN t.amount ELSE -t.amount END)::bigint
	  FROM numlease.transfers t JOIN numlease.accounts c ON c.id = t.credit
	  JOIN numlease.accounts d ON d.id = t.debit
	 WHERE t.activation_id = t.id('dear') AND 'provider_cost' IN (c.kind, d.kind)"
is 'a number that brought no SMS is no loss' '0' "
	SELECT t.reserve('silent', t.bob()) || t.start('silent') || t.sold('silent', cost => 260000)
	    || t.cancel('silent') || t.ended('silent') \\g /dev/null
	SELECT count(*) FROM numlease.transfers WHERE activation_id = t.id('silent') AND kind = 'price_loss'"
is 'nor one that is sold above its cost' '0' "
	SELECT t.sms('kept') \\g /dev/null
	SELECT count(*) FROM numlease.transfers WHERE activation_id = t.id('kept') AND kind = 'price_loss'"
refused 'a loss is booked once' transfer_once "
	INSERT INTO numlease.transfers (kind, debit, credit, amount, idem_key, actor)
	SELECT kind, debit, credit, amount, idem_key, actor FROM numlease.transfers WHERE kind = 'price_loss' LIMIT 1"
# The share of numbers that bring a code, counted when they end.
rate() { echo "SELECT round(ended::numeric, 3), round(delivered::numeric, 3) FROM numlease.route_rates
	WHERE service = 'telegram' AND country = 'gb' AND provider_id = t.provider('alpha')"; }
count() { echo "SELECT * FROM numlease.rates_count($1, $2, $3)"; }
ends() { # name, how it ends, when it was bought
	echo "SELECT t.reserve('$1', t.ann()) || t.start('$1') || t.sold('$1') \\g /dev/null
	UPDATE numlease.activations SET activated_at = now() - interval '$3' WHERE id = t.id('$1');
	SELECT $2 \\g /dev/null"
}
sql "UPDATE numlease.route_rates_state SET until = now(); DELETE FROM numlease.route_rates" >/dev/null
is 'one that is not over is not counted' '0|f' "
	$(ends waits "1" '1 hour')
	 $(count 86400000 120000 0)"
is 'those that end are, each once: a code, a provider that ended it, one that was waited for, one that is bad' '4|f 4.000|1.000 0|f 4.000|1.000' "
	$(ends r1 "t.sms('r1') || (SELECT status FROM numlease.activation_finish(ARRAY[t.id('r1')], '{0}', 'user'))" '1 hour')
	$(ends r2 "t.ended('r2')" '1 minute')
	$(ends r3 "t.cancel('r3') || t.ended('r3')" '3 minutes')
	$(ends r4 "(SELECT status FROM numlease.activation_report(ARRAY[t.id('r4')], '{0}', '{bad}')) || t.ended('r4')" '1 second')
	$(count 86400000 120000 0); $(rate); $(count 86400000 120000 0); $(rate)"
is 'one that its user gave up at once says nothing' '0|f 4.000|1.000' "
	$(ends r5 "t.cancel('r5') || t.ended('r5')" '1 minute')
	$(count 86400000 120000 0); $(rate)"
is 'nor one that found no number' '0|f' "
	SELECT t.make('nobody', 'FAILED') \g /dev/null
	$(count 86400000 120000 0)"
is 'what is so young that another may still be committed before it waits' '0|f 1|f' "
	$(ends r6 "t.ended('r6')" '1 hour')
	$(count 86400000 120000 60000); $(count 86400000 120000 0)"
is 'in the half-life a count becomes half' '1|f t' "
	UPDATE numlease.route_rates SET at = at - interval '1 day', ended = 8, delivered = 4;
	$(ends r7 "t.ended('r7')" '1 hour')
	$(count 86400000 120000 0);
	SELECT abs(ended - 5) < 0.001 AND abs(delivered - 2) < 0.001 FROM numlease.route_rates WHERE country = 'gb'"
is 'and is read so, with nothing written' '4|2' "
	UPDATE numlease.route_rates SET at = now() - interval '1 day', ended = 8, delivered = 4;
	SELECT round(ended * numlease.fade(at, now(), 86400000)), round(delivered * numlease.fade(at, now(), 86400000))
	  FROM numlease.route_rates"
is 'after years nothing overflows' 't' "SELECT numlease.fade('epoch', now(), 60000) BETWEEN 0 AND 0.001"
is 'a long time is counted an hour at a time' '0|t 0|t' "
	UPDATE numlease.route_rates_state SET until = now() - interval '150 minutes';
	$(count 86400000 120000 0); $(count 86400000 120000 0)"
refused 'none delivers more than it has' route_rates_check "
	UPDATE numlease.route_rates SET delivered = ended + 1"
sound 'the ledger is right after all of it'
# Quotes: used by one key, for one activation.
use() { # quote, user, key, activation, seconds until its end
	echo "SELECT status, activation_id = t.id('$4') FROM numlease.quote_use(t.id('$1'), t.$2(), '$3',
		t.id('$4'), 150000, 170000, (extract(epoch FROM now() + interval '$5 seconds') * 1000000)::bigint)"
}
is 'a quote is taken up, by the same key again with the same id' 'ok|t ok|f ok|t' "
	$(use q1 ann k1 q1a 60); $(use q1 ann k1 q1b 60); $(use q1 ann k1 q1a 60)"
is 'not by another key, nor by another user' 'quote_used|f quote_used|f' "
	$(use q1 ann k2 q1c 60); $(use q1 bob k1 q1d 60)"
is 'not after its end' 'quote_expired|' "$(use q2 ann k3 q2a -1)"
is 'unless it was taken up and made its number' 'ok|t quote_expired|t ok ok|t' "
	$(use q3 ann k4 q3a 1);
	SELECT pg_sleep(1.01) \\g /dev/null
	$(use q3 ann k4 q3a -1); SELECT t.reserve('q3a', t.ann()); $(use q3 ann k4 q3a -1)"
refused 'it is written down for good' 23001 'DELETE FROM numlease.quote_uses'
is 'a loss that is not booked is seen' '1' "
	SELECT t.inside('ALTER TABLE numlease.hold_resolutions DISABLE TRIGGER price_losses_post') \\g /dev/null
	SELECT t.reserve('hidden', t.bob()) || t.start('hidden') || t.sold('hidden', cost => 260000)
	    || t.sms('hidden') \\g /dev/null
	SELECT count(*) FROM numlease.ledger_verify() WHERE invariant LIKE 'I13 %'"
finish
