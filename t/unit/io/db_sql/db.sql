-- Statements of db_test and gen_queries: every quote that could hide a $1.

-- name: t_setup
-- A table to write to. 'It''s $9' in a comment counts for nothing.
CREATE TABLE item (
	id   bigint PRIMARY KEY, -- $7
	name text UNIQUE,
	n    int NOT NULL DEFAULT 0 /* $8; */
);

-- name: t_quotes
-- Dollars and semicolons inside quotes are text.
-- read
SELECT /* $4 ; ' */ 'a;$5' || $1::text AS "a$6;",
       $q$line one; $2

  "two" \ it's$q$ AS b,
       $$x$$ || $2 AS c;

-- name: t_types
-- One of each.
-- read
SELECT $1::text AS text, $2::bigint AS num, $3::boolean AS yes,
       $4::timestamptz AS at, $5::uuid AS ref, $6::bigint AS money,
       $7::text AS word, $8::bytea AS bytes,
       jsonb_build_object('id', 5, 'name', 'five') AS one,
       (SELECT jsonb_agg(jsonb_build_object('id', g, 'name', NULL))
          FROM generate_series(1, 2) AS g) AS items;

-- name: t_arrays
-- What arrays hold, in order.
-- read
SELECT coalesce(n, 0) AS id, s AS name
  FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS u (n, s, i)
 ORDER BY i;

-- name: t_add
-- A new item; a second of the same id is refused.
INSERT INTO public.item (id, name) VALUES ($1, $2);

-- name: t_list
-- All items.
-- read
SELECT id, name FROM public.item ORDER BY id;

-- name: t_get
-- One item.
-- read
SELECT id, name FROM public.item WHERE id = $1;

-- name: t_bump
-- Count an item up.
UPDATE public.item SET n = n + 1 WHERE id = $1;

-- name: t_raise
-- Refuse as our functions do.
SELECT public.refuse($1, $2) AS id;

-- name: t_sleep_read
-- Take a while and change nothing.
-- read
SELECT 1 AS id FROM pg_sleep($1::float8 / 1000);

-- name: t_sleep_write
-- Take a while as a write.
SELECT 1 AS id FROM pg_sleep($1::float8 / 1000);

-- name: t_missing
-- A table that is not there.
SELECT id FROM public.nowhere;

-- name: t_settings
-- What the session runs with.
-- read
SELECT current_setting('search_path') AS search_path,
       current_setting('statement_timeout') AS statement_timeout,
       current_setting('lock_timeout') AS lock_timeout,
       current_setting('TimeZone') AS zone,
       current_setting('application_name') AS application,
       pg_backend_pid() AS pid;

-- name: t_kill
-- End another session.
SELECT pg_terminate_backend($1::int) AS yes;

-- name: t_widen
-- Change what t_list gives.
ALTER TABLE public.item ALTER COLUMN id TYPE numeric;

-- name: t_bumps
-- How often items were counted up.
-- read
SELECT coalesce(sum(n), 0)::bigint AS id FROM public.item;

-- name: t_texts
-- A word where a number is wanted.
-- read
SELECT 'many' AS id;
