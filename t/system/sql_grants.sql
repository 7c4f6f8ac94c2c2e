-- What each role may do: one line for each table, then for each function
-- that somebody may call. r read, a add, w change, d delete, D truncate,
-- x refer to, t trigger; (column,…) where it is only these.
WITH role (no, short, name) AS (
	VALUES (1, 'api', 'numlease_api'), (2, 'admin', 'numlease_admin'),
	    (3, 'worker', 'numlease_worker'), (4, 'ro', 'numlease_ro')
), verb (no, letter, word, has_columns) AS (
	VALUES (1, 'r', 'SELECT', true), (2, 'a', 'INSERT', true),
	    (3, 'w', 'UPDATE', true), (4, 'd', 'DELETE', false),
	    (5, 'D', 'TRUNCATE', false), (6, 'x', 'REFERENCES', true),
	    (7, 't', 'TRIGGER', false)
), may AS (
	SELECT c.oid, c.relname, r.no AS role, r.short, v.no,
	       CASE WHEN has_table_privilege(r.name, c.oid, v.word) THEN v.letter
	       ELSE v.letter || '(' || (
	           SELECT string_agg(a.attname, ',' ORDER BY a.attnum)
	             FROM pg_attribute a
	            WHERE a.attrelid = c.oid AND a.attnum > 0
	              AND NOT a.attisdropped
	              AND has_column_privilege(r.name, c.oid, a.attnum,
	                  CASE WHEN v.has_columns THEN v.word ELSE 'SELECT' END)
	              AND v.has_columns) || ')' END AS text
	  FROM pg_class c CROSS JOIN role r CROSS JOIN verb v
	 WHERE c.relnamespace = 'numlease'::regnamespace
	   AND c.relkind IN ('r', 'p', 'v', 'm')
), cell AS (
	SELECT relname, role, short || '=' || coalesce(string_agg(text, '' ORDER BY no), '-')
	       AS text
	  FROM may GROUP BY relname, role, short
)
SELECT line FROM (
	SELECT 1 AS part, relname::text AS name,
	       relname || ' ' || string_agg(text, ' ' ORDER BY role) AS line
	  FROM cell GROUP BY relname
	UNION ALL
	SELECT 2, p.proname, p.proname || '() ' || string_agg(r.short, ' ' ORDER BY r.no)
	  FROM pg_proc p JOIN role r ON has_function_privilege(r.name, p.oid, 'EXECUTE')
	 WHERE p.pronamespace = 'numlease'::regnamespace
	 GROUP BY p.oid, p.proname
) x ORDER BY part, name COLLATE "C", line;
