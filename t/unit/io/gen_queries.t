#!/bin/sh
# gen_queries - what scripts/gen-queries refuses, and what C then refuses.
src=${srcdir:-.}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0
echo 1..13

report() { # 0 or other, name
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
generate() { # file names under $dir/sql must exist
	mkdir -p "$dir/out/io"
	"$src/scripts/gen-queries" "$dir/sql" "$dir/out/io" 2>"$dir/err"
}
refuses() { # name, part of the message; SQL on stdin
	rm -rf "$dir/sql" "$dir/out"; mkdir "$dir/sql"
	cat >"$dir/sql/a.sql"
	if generate; then
		echo "# was taken"; report 1 "$1"
	else
		grep -q "$2" "$dir/err" || sed 's/^/# /' "$dir/err"
		grep -q "$2" "$dir/err"; report $? "$1"
	fi
}
compiles() { # body of a function
	cat >"$dir/probe.c" <<-EOF
	#include "io/db.h"
	enum err probe(struct ctx *c, long n);
	enum err probe(struct ctx *c, long n) { (void)n; $1 }
	EOF
	${CC:-cc} -std=gnu17 -D_GNU_SOURCE -fsyntax-only -I"$dir/out" \
	    -I"$src/src" "$dir/probe.c" 2>"$dir/err"
}

rm -rf "$dir/sql"; generate && grep -q Q__MAX "$dir/out/io/queries.h"
report $? 'no statement at all is fine'

refuses 'a name stands once' 'duplicate name x' <<'EOF'
-- name: x
-- One.
SELECT 1;
-- name: x
-- Two.
SELECT 2;
EOF
refuses 'a statement has a name' 'without a name' <<'EOF'
-- Nothing but a comment.
SELECT 1;
EOF
refuses 'a statement has a sentence' 'no sentence' <<'EOF'
-- name: x
SELECT 1;
EOF
refuses 'a statement ends before the next' 'no end' <<'EOF'
-- name: x
-- One.
SELECT 1
-- name: y
-- Two.
SELECT 2;
EOF
refuses 'the last statement ends' 'not finished' <<'EOF'
-- name: x
-- A semicolon in a string is no end.
SELECT ';'
EOF
refuses 'one statement under one name' 'text after the end' <<'EOF'
-- name: x
-- One.
SELECT 1; SELECT 2;
EOF
refuses 'no parameter is left out' 'does not use .1' <<'EOF'
-- name: x
-- The first is in a string.
SELECT '$1', $2;
EOF
refuses 'a name is a C identifier' 'bad name' <<'EOF'
-- name: x-y
-- One.
SELECT 1;
EOF

rm -rf "$dir/sql" "$dir/out"; mkdir "$dir/sql"
cat >"$dir/sql/a.sql" <<'EOF'
-- name: two
-- Takes two.
UPDATE t SET a = $1 WHERE b = $2::text;
EOF
generate
compiles 'return db_exec(c, two, NULL, P_I64(n), P_TEXT("b"));'
report $? 'the right number of parameters compiles'
! compiles 'return db_exec(c, two, NULL, P_I64(n));'
report $? 'a missing parameter does not'
! compiles 'return db_exec(c, tow, NULL, P_I64(n), P_TEXT("b"));'
report $? 'a wrong name does not'
touch -d '2001-01-01' "$dir/out/io/queries.h"
generate && [ -z "$(find "$dir/out/io/queries.h" -newermt 2002-01-01)" ]
report $? 'what did not change keeps its time'
