#!/bin/sh
# Bonus money, vouchers, rates, and what cannot be committed.
. "${srcdir:-.}/t/system/sql.sh"

credit() { # kind, amount, reason, key
	echo "SELECT status FROM numlease.wallet_credit(t.ann(), '$1', $2, 'test', '$3', '$4')"
}
parts="SELECT available || '/' || bonus || '/' || held FROM numlease.wallets WHERE user_id = t.ann()"

# Ann has 10.00 of money.
is 'bonus stands beside the money' 'ok 10000000/300000/0' "$(credit bonus 300000 welcome b1); $parts"
is 'the same key gives nothing more' 'replay 10000000/300000/0' "$(credit bonus 300000 welcome b1); $parts"
is 'a key is of one deed' idempotency_key_reused "$(credit deposit 300000 '' b1)"
is 'a correction has a reason' bad_input "$(credit adjust 5 '' c1)"
is 'what is taken has a reason' bad_input "$(credit bonus -5 '' c2)"
is 'bonus is not taken from the money' no_funds "$(credit bonus -300001 abuse c3)"
is 'bonus is spent first' 'ok 9900000/0/400000' "SELECT t.reserve('a', t.ann(), 400000); $parts"
is 'and comes back as bonus' 'ok 10000000/300000/0' "SELECT t.cancel('a'); $parts"
is 'two at once share it' '9900000/0/400000' "
	SELECT count(*) FROM numlease.activation_reserve(ARRAY[t.id('b'), t.id('c')], ARRAY[t.ann(), t.ann()],
	    '{telegram,telegram}', '{gb,gb}', '{any,any}', '{200000,200000}', '{0,0}', '{web,web}', '{\"\",\"\"}', '{\"\",\"\"}', '{}', 10) \\g /dev/null
	$parts"
is 'the charge takes bonus first, the rest goes back as it was' 'ok ok ok 10000000/170000/0' "
	SELECT t.cancel('b'), t.cancel('c'), t.reserve('g', t.ann()) \\g /dev/null
	SELECT t.start('g'); SELECT t.sold('g', cost => 100000); SELECT t.sms('g'); $parts"
is 'bonus is spent last when that is set' 'ok 9900000/170000/100000' "
	INSERT INTO numlease.settings (key, value) VALUES ('bonus.spend', 'last') ON CONFLICT (key) DO UPDATE SET value = 'last';
	SELECT t.reserve('d', t.ann(), 100000); $parts"
is 'and all of both can be spent' 'ok 0/0/10170000' "SELECT t.reserve('e', t.ann(), 10070000); $parts"
is 'but no more' no_funds "SELECT t.reserve('f', t.ann(), 1)"
is 'each part comes back as what it was' '10000000/170000/0' "SELECT t.cancel('d'), t.cancel('e') \\g /dev/null
	$parts"
sound 'the ledger agrees'

# At commit.
sql "SELECT t.make('open', 'ACTIVE')" >/dev/null
refused 'nothing is charged without an SMS' charge_has_sms "
	UPDATE numlease.activations SET event = 'sms', seq = seq + 1, charged = price, first_sms_at = now() WHERE id = t.id('open')"
refused 'nothing is bought without the books' cost_is_booked "
	UPDATE numlease.attempts SET cost = cost + 1 WHERE activation_id = t.id('open')"

# Vouchers.
hash() { printf '%s' "$1" | sha256sum | cut -c1-64; }
redeem() { echo "SELECT status FROM numlease.voucher_redeem(t.ann(), '$(hash "$1")', '${2:-}')"; }
is 'vouchers are made' 'ok ok' "
	SELECT numlease.voucher_make(ARRAY['$(hash A)', '$(hash B)', '$(hash C)'], '{A,B,C}', 'deposit', 5000000, NULL, 'may', 'test', 'sale');
	SELECT numlease.voucher_make(ARRAY['$(hash D)', '$(hash E)'], '{D,E}', 'bonus', 70000, now() + interval '1 hour', '', 'test', 'gift')"
before=$(sql "$parts")
for i in $(seq 64); do
	sql "$(redeem A)" >"$PGHOST/redeem.$i" 2>&1 &
	[ $((i % 16)) != 0 ] || wait
done
wait
is 'of 64 one redeems it' '1 ok,63 voucher_used' "SELECT '$(cat "$PGHOST"/redeem.* | sort | uniq -c | awk '{print $1 " " $2}' | paste -sd,)'"
is 'and it is worth its amount once' 5000000 "SELECT available - ${before%%/*} FROM numlease.wallets WHERE user_id = t.ann()"
is 'one that nobody made' unknown_voucher "$(redeem X)"
is 'one that was revoked' 'ok voucher_revoked' "SELECT numlease.voucher_revoke(id, 'test') FROM numlease.vouchers WHERE hint = 'B'; $(redeem B)"
is 'one that is over' voucher_expired "UPDATE numlease.vouchers SET expires_at = now() - interval '1 second' WHERE hint = 'C'; $(redeem C)"
is 'one that was used is not revoked' voucher_used "SELECT numlease.voucher_revoke(id, 'test') FROM numlease.vouchers WHERE hint = 'A'"
is 'one of bonus gives bonus' ok "$(redeem D key)"
is 'the same request gets the same answer' replay "$(redeem D key)"
is 'another request does not' voucher_used "$(redeem D other)"
is 'a key redeems one' idempotency_key_reused "$(redeem E key)"
is 'which is still worth its amount' ok "$(redeem E)"
refused 'a redemption stays' 23001 'DELETE FROM numlease.voucher_redemptions'
refused 'a voucher stays' 23001 'DELETE FROM numlease.vouchers'

# Rates.
is 'a rate is put, and providers follow' 'ok 1080000,1080000' "
	SELECT numlease.fx_put('USD', 1080000, 'test', 'monthly');
	SELECT string_agg(fx_rate::text, ',') FROM numlease.providers"
is 'a new provider gets the rate of its currency' 1080000 "
	SELECT numlease.provider_put('gamma', '5sim', '{}', NULL, 'USD', 0, 100, true) \\g /dev/null
	SELECT fx_rate FROM numlease.providers WHERE name = 'gamma'"
is 'the history has each rate once' '1000000 1080000' "SELECT rate FROM numlease.fx_rates WHERE currency = 'USD' ORDER BY id"
is 'one that was looked at is written again' 'ok 1000000 1080000 1080000' "
	SELECT numlease.fx_set('USD', 1080000, 'test', 'still');
	SELECT rate FROM numlease.fx_rates WHERE currency = 'USD' ORDER BY id"
is 'a currency that nobody knows has no rate' '1000000|f' "
	SELECT numlease.provider_put('delta', '5sim', '{}', NULL, 'EUR', 0, 100, true) \\g /dev/null
	SELECT fx_rate, fx_at IS NOT NULL FROM numlease.providers WHERE name = 'delta'"
is 'an attempt keeps the rate it began with' '1080000 1090000' "
	SELECT t.reserve('rate', t.ann()), t.start('rate') \\g /dev/null
	SELECT numlease.fx_set('USD', 1090000, 'test', 'now') \\g /dev/null
	SELECT fx_rate FROM numlease.attempts WHERE activation_id = t.id('rate');
	SELECT fx_rate FROM numlease.providers WHERE name = 'alpha'"
is 'a rate has a reason' bad_input "SELECT numlease.fx_put('USD', 1, 'test', '')"
refused 'a rate that was is not changed' 23001 'UPDATE numlease.fx_rates SET rate = 1'
sound 'the ledger agrees after all'
finish
