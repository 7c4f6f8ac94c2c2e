-- A batch of numbers through reserve, claim, attempt, activation and SMS.
CREATE SCHEMA bench;
CREATE FUNCTION bench.life(n integer, users integer DEFAULT 20000) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	ids uuid[] := ARRAY(SELECT gen_random_uuid() FROM generate_series(1, n));
	tries uuid[] := ARRAY(SELECT gen_random_uuid() FROM generate_series(1, n));
	tokens uuid[];
BEGIN
	PERFORM numlease.activation_reserve(ids,
	    ARRAY(SELECT 1001 + floor(random() * users)::bigint FROM generate_series(1, n)),
	    array_fill('telegram'::text, ARRAY[n]), array_fill('gb'::text, ARRAY[n]),
	    array_fill('any'::text, ARRAY[n]), array_fill(200000::bigint, ARRAY[n]),
	    array_fill(0::bigint, ARRAY[n]), array_fill('web'::text, ARRAY[n]),
	    '{}', '{}', '{}', 1000000);
	SELECT array_agg(c.token ORDER BY array_position(ids, c.activation_id)) INTO tokens
	  FROM numlease.lease_claim('bench', n, 60000, ids) c;
	SELECT array_agg(s.token ORDER BY s.ord) INTO tokens
	  FROM numlease.attempt_start(tries, ids, tokens,
	    array_fill(1::bigint, ARRAY[n]), array_fill('telegram'::text, ARRAY[n]),
	    array_fill('england'::text, ARRAY[n]), array_fill('any'::text, ARRAY[n]),
	    array_fill(150000::bigint, ARRAY[n]), 15000, array_fill(60000::bigint, ARRAY[n]),
	    array_fill(7::bigint, ARRAY[n]), array_fill('[]'::text, ARRAY[n])) s;
	PERFORM numlease.activation_activate(tries, tokens,
	    ARRAY(SELECT x::text FROM unnest(tries) x), array_fill('+447700900123'::text, ARRAY[n]),
	    array_fill(100000::bigint, ARRAY[n]), array_fill(0::bigint, ARRAY[n]),
	    array_fill(0::bigint, ARRAY[n]));
	RETURN (SELECT count(*) FROM numlease.messages_store(ids, array_fill('1'::text, ARRAY[n]),
	    array_fill('TG'::text, ARRAY[n]), array_fill('code 1234'::text, ARRAY[n]),
	    array_fill('1234'::text, ARRAY[n]), array_fill(0::bigint, ARRAY[n])));
END
$$;
