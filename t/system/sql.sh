# sql.sh - common part of the tests of sql/, read by each sql_*.t first.
#
# Runs the test beside a private PostgreSQL with everything applied, and
# gives the words in which it is written. SQL_MUTATION is run after the
# migrations: a statement that takes a safeguard away, to see the test fail.
# SQL_TEMPLATE names a database that is ready, on a server that runs already.
#
#	refused NAME WHO SQL	SQL must fail, and WHO (SQLSTATE or the name of
#				the constraint) must be what refused it
#	is NAME WANT SQL	the result of SQL, cells joined by |, rows by blanks
#	sound NAME		the ledger and the invariants have no difference
srcdir=${srcdir:-.}
if [ -z "${SQL_TEST:-}" ] && [ -z "${SQL_TEMPLATE:-}" ]; then
	SQL_TEST=1 exec "$srcdir/scripts/scratch-pg" "$0"
fi
count=0 failed=0
report() { # ok?, name, why
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		printf '%s\n' "$3" | sed 's/^/# /'
		failed=1
	fi
}
sql() { psql -qAtX -v ON_ERROR_STOP=1 -c "$1"; }
is() {
	got=$(printf '%s\n' "$3" | psql -qAtX -v ON_ERROR_STOP=1 2>&1 | tr '\n' ' ')
	got=${got% }
	rc=0; [ "$got" = "$2" ] || rc=1
	report $rc "$1" "want $2
got  $got"
}
refused() {
	got=$(psql -qAtX -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -c "$3" 2>&1) &&
		got="it was not refused: $got"
	rc=0
	printf '%s\n' "$got" | grep -Eq "ERROR:  $2:|CONSTRAINT NAME:  $2\$" || rc=1
	report $rc "$1" "by $2, but: $got"
}
sound() {
	got=$(for f in "$srcdir"/sql/invariants/*.sql; do
		psql -qAtX -v ON_ERROR_STOP=1 -f "$f" 2>&1
	done)
	rc=0; [ -z "$got" ] || rc=1
	report $rc "$1" "$got"
}
finish() { echo "1..$count"; exit $failed; }

if [ -n "${SQL_TEMPLATE:-}" ]; then
	export PGDATABASE="test_$$"
	createdb -T "$SQL_TEMPLATE" "$PGDATABASE" ||
		{ echo "Bail out! no copy of $SQL_TEMPLATE"; exit 1; }
else
	"$srcdir/scripts/migrate-psql" || { echo "Bail out! migrations fail"; exit 1; }
	psql -qAtX -v ON_ERROR_STOP=1 -f "$srcdir/t/system/sql_world.sql" >/dev/null ||
		{ echo "Bail out! the world does not start"; exit 1; }
fi
[ -z "${SQL_MUTATION:-}" ] || sql "$SQL_MUTATION"
