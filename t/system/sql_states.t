#!/bin/sh
# Every state x every event: the answer, the state after it, what moved. The
# whole matrix is in docs/states.md, with the table of steps; a change of it is
# a change of what the product promises.
# To write it again: SQL_GOLDEN=write t/system/sql_states.t
. "${srcdir:-.}/t/system/sql.sh"
page=$srcdir/docs/states.md
sql "SELECT numlease.wallet_credit(t.ann(), 'deposit', 1000000000, 'test', '', 'matrix')" >/dev/null
psql -qAtX -v ON_ERROR_STOP=1 -f "$srcdir/t/system/sql_matrix.sql"
now=$(sql 'SELECT rtrim(line) FROM t.matrix()' | "$srcdir/scripts/states-doc")
[ "${SQL_GOLDEN:-}" != write ] || printf '%s\n' "$now" >"$page"
difference=$(printf '%s\n' "$now" | diff "$page" - 2>&1)
report $? 'every step and every cell of the matrix is as promised' "$difference"
sound 'and the ledger is right after all of them'

is 'from every state that runs, time leads on' '' "
	SELECT s FROM unnest(ARRAY['RESERVED', 'ACTIVE', 'CANCELLING']) s
	 WHERE NOT EXISTS (SELECT FROM numlease.states
	    WHERE from_state = s AND event IN ('fail', 'expire', 'cancelled'))"
is 'after a capture no step releases' '' "
	WITH RECURSIVE paid (state, event) AS (
	    SELECT to_state, 'sms' FROM numlease.states WHERE money = 'capture'
	    UNION
	    SELECT s.to_state, s.event FROM paid p
	      JOIN numlease.states s ON s.from_state = p.state
	     WHERE s.event IN ('sms_more', 'resend', 'finish', 'window_end'))
	SELECT p.state || ' ' || s.event FROM paid p
	  JOIN numlease.states s ON s.from_state = p.state AND s.event = p.event
	 WHERE s.money = 'release'"
is 'a state that is over is left by no step' '' "
	SELECT from_state || ' ' || event FROM numlease.states
	 WHERE from_state IN ('COMPLETED', 'CANCELLED', 'EXPIRED', 'FAILED')
	   AND to_state <> from_state"
is 'every way into the end decides the money' '' "
	SELECT from_state || ' ' || event FROM numlease.states
	 WHERE to_state IN ('CANCELLED', 'EXPIRED', 'FAILED')
	   AND from_state <> to_state AND money <> 'release'"
finish
