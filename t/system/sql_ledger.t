#!/bin/sh
# Operations that must be impossible for whoever has a connection, the owner
# of the tables included: each is refused, and by the safeguard meant for it.
. "${srcdir:-.}/t/system/sql.sh"

sql "SELECT t.make('open', 'ACTIVE'), t.make('done', 'COMPLETED'), t.make('other', 'ACTIVE', t.bob())" >/dev/null
post() { # kind, debit, credit, amount, user
	echo "INSERT INTO numlease.transfers (kind, debit, credit, amount, user_id, idem_key, actor)
		SELECT '$1', $2, $3, $4, $5, 'probe', 'test'
		  FROM numlease.wallets a, numlease.wallets b
		 WHERE a.user_id = t.ann() AND b.user_id = t.bob()"
}
inside() { printf 'SELECT t.inside($q$%s$q$)' "$1"; }
resolve() { # activation, amount, captured, released
	inside "INSERT INTO numlease.hold_resolutions (activation_id, user_id, amount, captured, released, actor, reason)
		VALUES (t.id('$1'), t.ann(), $2, $3, $4, 'test', 'test')"
}
step() { # activation, assignments
	echo "UPDATE numlease.activations SET $2 WHERE id = t.id('$1')"
}

refused 'a transfer cannot be changed' 23001 'UPDATE numlease.transfers SET amount = amount + 1'
refused 'a transfer cannot be deleted' 23001 'DELETE FROM numlease.transfers'
refused 'transfers cannot be truncated' 23001 'TRUNCATE numlease.transfers CASCADE'
refused 'a transfer moves more than nothing' transfer_amount_positive "$(post deposit 2 a.available_account 0 t.ann\(\))"
refused 'a transfer does not move backwards' transfer_amount_positive "$(post deposit 2 a.available_account -5 t.ann\(\))"
refused 'a transfer is between two accounts' transfer_between_two "$(post deposit a.available_account a.available_account 5 t.ann\(\))"
refused 'both accounts exist' 23001 "$(post deposit 987654321 a.available_account 5 t.ann\(\))"
refused 'revenue pays no deposit' 23001 "$(post deposit 1 a.available_account 5 t.ann\(\))"
refused 'a kind that nobody listed is none' 23001 "$(post gift 2 a.available_account 5 t.ann\(\))"
refused 'a transfer names its user' 23001 "$(post deposit 2 a.available_account 5 t.bob\(\))"
refused 'a key is used once' transfer_once "$(post deposit 2 a.available_account 5 t.ann\(\)); $(post deposit 2 a.available_account 5 t.ann\(\))"
refused 'nobody is overdrawn' wallet_available_not_negative "$(post adjust a.available_account 3 99000000 t.ann\(\))"
refused 'an amount that no sum can hold is refused' transfer_amount_bounded "$(post deposit 2 a.available_account 9223372036854775807 t.ann\(\))"
refused 'money does not pass between users' 23001 "$(inside "$(post hold a.available_account b.held_account 5 t.ann\(\))")"
refused 'a hold is not posted by hand' 23001 "$(post hold a.available_account a.held_account 5 t.ann\(\))"
refused 'a capture is not posted by hand' 23001 "$(post capture a.held_account 1 5 t.ann\(\))"
refused 'a release is not posted by hand' 23001 "$(post release a.held_account a.available_account 5 t.ann\(\))"
refused 'what is held cannot be negative' wallet_held_not_negative "$(inside "$(post release a.held_account a.available_account 900000 t.ann\(\))")"
refused 'a balance is not set by hand' 23001 'UPDATE numlease.wallets SET available = available + 1'
refused 'a wallet does not go' 23001 'DELETE FROM numlease.wallets'
refused 'a wallet begins empty' 23001 'INSERT INTO numlease.wallets (user_id, available, available_account, held_account) VALUES (1, 5, 1, 2)'
refused 'an account does not go' 23001 'DELETE FROM numlease.accounts WHERE id = 4'
refused 'a hold is not made by hand' 23001 "INSERT INTO numlease.holds VALUES (gen_random_uuid(), t.ann(), 5)"
refused 'an activation has one hold, ever' holds_pkey "$(inside "INSERT INTO numlease.holds VALUES (t.id('open'), t.ann(), 5)")"
refused 'a hold is of something' hold_amount_positive "$(inside 'INSERT INTO numlease.holds VALUES (gen_random_uuid(), t.ann(), 0)')"
refused 'a hold is not above the balance' wallet_available_not_negative "$(inside 'INSERT INTO numlease.holds VALUES (gen_random_uuid(), t.ann(), 99000000)')"
refused 'a hold has a wallet' 23503 "$(inside 'INSERT INTO numlease.holds VALUES (gen_random_uuid(), 5, 5)')"
refused 'a hold does not end by hand' 23001 "INSERT INTO numlease.hold_resolutions VALUES (t.id('open'), t.ann(), 200000, 0, 200000, 'test', 'test')"
refused 'a hold ends once' hold_resolved_once "$(resolve done 200000 0 200000)"
refused 'no capture above the hold' resolution_released_not_negative "$(resolve open 200000 200001 -1)"
refused 'no negative capture' resolution_captured_not_negative "$(resolve open 200000 -1 200001)"
refused 'captured and released are the hold' resolution_is_whole "$(resolve open 200000 100000 99999)"
refused 'an end is of the amount that was held' resolution_of_hold "$(resolve open 300000 300000 0)"
refused 'an end needs a hold' resolution_of_hold "$(resolve nothing 5 5 0)"
refused 'an end cannot be changed' 23001 'UPDATE numlease.hold_resolutions SET captured = 0'
refused 'an end cannot be deleted' 23001 'DELETE FROM numlease.hold_resolutions'
refused 'a state does not change without an event' activation_state_table "$(step open "state = 'CANCELLING'")"
refused 'an event that the table does not know is none' activation_state_table "$(step open "state = 'CANCELLED', event = 'cancelled', seq = seq + 1, closed_at = now(), due_at = NULL")"
refused 'an event is not skipped' activation_state_table "$(step open "state = 'CANCELLING', event = 'cancel', seq = seq + 2")"
refused 'nothing is charged without the SMS event' activation_state_table "$(step open "charged = price")"
refused 'what is charged is the price' activation_charge_is_price "$(step open "charged = price - 1, event = 'sms', seq = seq + 1, first_sms_at = now()")"
refused 'a price is not raised' activation_state_table "$(step open "price = price + 1")"
refused 'no completion without an SMS' activation_completed_has_sms "$(step open "state = 'COMPLETED', event = 'finish', seq = seq + 1, closed_at = now(), due_at = NULL")"
refused 'no release after the capture' activation_free_when_released "SELECT t.make('paid', 'ACTIVE+'); $(step paid "state = 'EXPIRED', event = 'ended', seq = seq + 1, closed_at = now(), due_at = NULL")"
refused 'an activation does not go' 23001 "DELETE FROM numlease.activations WHERE id = t.id('done')"
refused 'an activation does not change its user' activation_state_table "$(step open 'user_id = t.bob()')"
refused 'the timeline cannot be changed' 23001 "UPDATE numlease.activation_events SET cause = 'nothing'"
refused 'a second purchase does not begin while one is open' attempt_one_open "INSERT INTO numlease.attempts SELECT gen_random_uuid(), activation_id, no + 1, provider_id, 'STARTED', token, lease_until, settle_at, give_up_at, '', '', '', 0, NULL, NULL, 0, 'none', '', now(), NULL, now() FROM numlease.attempts WHERE activation_id = t.id('open')"
refused 'a number of a provider is sold once' attempt_upstream_once "UPDATE numlease.attempts SET upstream_id = 'other' WHERE activation_id = t.id('open')"
is 'nothing of all that left a trace' "9800000/200000/1" 'SELECT t.wallet(t.bob())'
sound 'the ledger is right after all of it'
finish
