-- Every state x every event: what the answer is, where it leads, what moved.
CREATE FUNCTION t.event(n text, e text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	order_token uuid;
BEGIN
	-- The product claims an order in a transaction of its own; where both
	-- are one, the locks must still be taken in the order of all others.
	IF e IN ('buy', 'none left') THEN
		PERFORM numlease.activations_lock(ARRAY[t.id(n)]);
	END IF;
	RETURN CASE e
	WHEN 'buy' THEN t.start(n, 'beta')
	WHEN 'sold' THEN t.sold(n, n || ' again')
	WHEN 'refused' THEN (SELECT status FROM numlease.attempt_fail(
	    ARRAY[t.try(n)], ARRAY[t.token(n)], '{NO_NUMBERS}'))
	WHEN 'unsure' THEN (SELECT status FROM numlease.attempt_unknown(
	    ARRAY[t.try(n)], ARRAY[t.token(n)], '{timeout}'))
	WHEN 'none left' THEN (SELECT status FROM numlease.activation_fail(
	    ARRAY[t.id(n)], ARRAY[(SELECT token FROM numlease.lease_claim('test', 1,
	        30000, ARRAY[t.id(n)]))], '{no_numbers}'))
	WHEN 'sms' THEN t.sms(n, 'another 5678')
	WHEN 'cancel' THEN t.cancel(n)
	WHEN 'abandon' THEN (SELECT status FROM numlease.activation_abandon(
	    ARRAY[t.id(n)], ARRAY[t.ann()]))
	WHEN 'finish' THEN (SELECT status FROM numlease.activation_finish(
	    ARRAY[t.id(n)], ARRAY[t.ann()], 'user'))
	WHEN 'resend' THEN (SELECT status FROM numlease.activation_resend(
	    ARRAY[t.id(n)], ARRAY[t.ann()], 'user'))
	WHEN 'report' THEN (SELECT status FROM numlease.activation_report(
	    ARRAY[t.id(n)], ARRAY[t.ann()], '{used}'))
	WHEN 'ended' THEN t.ended(n)
	WHEN 'time' THEN 'ran' END;
END
$$;
CREATE FUNCTION t.matrix() RETURNS TABLE (line text) LANGUAGE plpgsql AS $$
DECLARE
	s text;
	e text;
	n text;
	before text;
	answer text;
BEGIN
	FOREACH s IN ARRAY ARRAY['RESERVED', 'RESERVED+', 'ACTIVE', 'ACTIVE+',
	    'COMPLETED', 'CANCELLING', 'CANCELLING+', 'CANCELLED', 'EXPIRED', 'FAILED']
	LOOP
		FOREACH e IN ARRAY ARRAY['buy', 'sold', 'refused', 'unsure', 'none left',
		    'sms', 'cancel', 'abandon', 'finish', 'resend', 'report', 'ended', 'time']
		LOOP
			n := s || ' ' || e;
			PERFORM t.make(n, s);
			before := t.state(n);
			IF e = 'time' THEN
				UPDATE numlease.activations SET due_at = now() - interval '1 s'
				 WHERE id = t.id(n) AND due_at IS NOT NULL;
				PERFORM numlease.activation_expire(1000);
			END IF;
			answer := t.event(n, e);
			line := rpad(s, 12) || rpad(e, 10) || rpad(coalesce(answer, '-'), 14)
			    || rpad(t.state(n), 11) || coalesce((
			        SELECT string_agg(x.kind || ' ' || x.amount, ', ' ORDER BY x.id)
			          FROM numlease.transfers x
			         WHERE x.activation_id = t.id(n)), '');
			RETURN NEXT;
		END LOOP;
	END LOOP;
END
$$;
