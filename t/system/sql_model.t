#!/bin/sh
# Random steps through the product and through a model written from the
# description: equal after every step, the ledger proved after every step.
# SQL_SEED repeats a run, SQL_STEPS lengthens it.
. "${srcdir:-.}/t/system/sql.sh"
seed=${SQL_SEED:-0.$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
steps=${SQL_STEPS:-250}
echo "# SQL_SEED=$seed SQL_STEPS=$steps"
psql -qAtX -v ON_ERROR_STOP=1 -f "$srcdir/t/system/sql_model.sql"
is 'the product does what the model does' same "SELECT t.model_run($seed, t.ann(), $steps)"
is 'and for another user, beside the first one' same "SELECT t.model_run($seed / 2, t.bob(), $steps)"
sound 'the invariants hold'
finish
