-- Activations as their users see them.

-- name: activation_reserve
-- Holds the price and orders the lease; one row per element.
SELECT ord, status, id, number, lower(state) AS state, created_at,
    answer_status, answer
FROM numlease.activation_reserve($1::uuid[], $2::bigint[], $3::text[],
    $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12);

-- name: activation_by_id
-- A user's activation; user 0 is the system and sees all.
-- read
SELECT * FROM numlease.numbers
WHERE id = $1 AND (user_id = $2 OR $2 = 0);

-- name: activation_by_number
-- The same by the short number that the compatible doors use.
-- read
SELECT * FROM numlease.numbers
WHERE number = $1 AND (user_id = $2 OR $2 = 0);

-- name: activation_list
-- A user's activations before id $3, newest first; $2 a state in capitals
-- or ''.
-- read
SELECT * FROM numlease.numbers
WHERE user_id = $1 AND id < $3 AND ($2 = '' OR in_state = $2)
ORDER BY id DESC
LIMIT $4;

-- name: activation_list_live
-- The same among those that still run, whatever the length of the history.
-- read
SELECT * FROM numlease.numbers
WHERE user_id = $1 AND id < $3 AND closed_at IS NULL
  AND ($2 = '' OR in_state = $2)
ORDER BY id DESC
LIMIT $4;

-- name: activation_events
-- The timeline of an activation.
-- read
SELECT seq, event, lower(from_state) AS from_state,
    lower(to_state) AS to_state, actor, cause, at
FROM numlease.activation_events
WHERE activation_id = $1
ORDER BY seq;

-- name: activation_cancel_request
-- Cancels for users (0: for the system); $3 schedule or refuse.
SELECT ord, status, id, lower(state) AS state, cancel_after
FROM numlease.activation_cancel_request($1::uuid[], $2::bigint[], $3, $4);

-- name: activation_abandon
-- What a door that cannot wait does at its deadline.
SELECT ord, status, id, lower(state) AS state
FROM numlease.activation_abandon($1::uuid[], $2::bigint[]);

-- name: activation_finish
-- The user is done with these.
SELECT ord, status, id, lower(state) AS state
FROM numlease.activation_finish($1::uuid[], $2::bigint[], $3);

-- name: activation_resend
-- The user wants a further SMS for these.
SELECT ord, status, id, lower(state) AS state
FROM numlease.activation_resend($1::uuid[], $2::bigint[], $3);

-- name: activation_report
-- These users report a bad number; $3 why.
SELECT ord, status, id, lower(state) AS state
FROM numlease.activation_report($1::uuid[], $2::bigint[], $3::text[]);

-- name: activation_end
-- What the provider said about the end of these.
SELECT ord, status, id, user_id, lower(state) AS state
FROM numlease.activation_end($1::uuid[], $2::text[], $3::text[]);

-- name: activation_missing
-- The provider does not know these; the ones that it ended.
SELECT ord, status, id, user_id, lower(state) AS state
FROM numlease.activation_missing($1::uuid[]);

-- name: activation_expire
-- The sweep over those whose time came.
SELECT 'ok' AS status, id, user_id, event, lower(state) AS state
FROM numlease.activation_expire($1::integer);

-- name: state_list
-- The state table.
-- read
SELECT from_state, event, to_state, money, coalesce(notice, '') AS notice,
    meaning
FROM numlease.states
ORDER BY from_state, event;
