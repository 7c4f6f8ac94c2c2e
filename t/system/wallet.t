#!/usr/bin/perl
# The wallet as users, administrators and the operator see it: what became of
# the money, statements of any length, vouchers, corrections and rates.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use POSIX ();
use Stack;
use Test::More;
use Time::HiRes qw(time);

my $stack = Stack->new(api_only => 1, conf => "api.processes = 1\nrate.redeem_per_hour = 8\n");
my $user = $stack->user(credit => '10.00');
my $admin = $stack->admin;
my $row = $stack->sql("SELECT id FROM numlease.users WHERE email = '$user->{email}'");

sub key { return "Idempotency-Key: $_[0]" }
sub wallet { my $w = $_[0]->get('/api/wallet')->{json}; return "$w->{available} $w->{bonus} $w->{held}" }
sub is_refused {
	my ($rs, $status, $code, $name) = @_;

	is "$rs->{status} " . ($rs->{json}{code} // ''), "$status $code", $name or diag $rs->{body};
}
sub ctl { return $stack->try_part('ctl', @_) }

subtest 'corrections by an administrator' => sub {
	my $at = "/api/admin/users/$user->{id}";
	my $first = $admin->post("$at/credits", {kind => 'bonus', amount => '3.00', reason => 'welcome'}, key('c1'));

	is $first->{status}, 201, 'bonus is given' or diag $first->{body};
	is wallet($user), '13.000000 3.000000 0.000000', 'and shown apart';
	my $again = $admin->post("$at/credits", {kind => 'bonus', amount => '3.00', reason => 'welcome'}, key('c1'));
	is $again->{body}, $first->{body}, 'the same request gets the same bytes';
	is $again->{headers}{'idempotency-replayed'}, 'true', '  from before';
	is wallet($user), '13.000000 3.000000 0.000000', '  and gives nothing more';
	$stack->sql('DELETE FROM numlease.idempotency_keys');
	is $admin->post("$at/credits", {kind => 'bonus', amount => '3.00', reason => 'welcome'}, key('c1'))->{body},
	    $first->{body}, '  also when its answer was never kept';
	is_refused($admin->post("$at/credits", {amount => '3.00', reason => 'welcome'}, key('c1')),
	    422, 'idempotency_key_reused', 'another one with the key');
	is_refused($admin->post("$at/adjustments", {amount => '-1.00', reason => ''}, key('a1')),
	    422, 'bad_input', 'no reason');
	is_refused($admin->post("$at/adjustments", {amount => '0', reason => 'x'}, key('a1')),
	    422, 'bad_input', 'nothing');
	is_refused($admin->post("$at/adjustments", {amount => '-1.00', reason => 'x'}),
	    400, 'idempotency_key_missing', 'no key');
	is_refused($admin->post("$at/adjustments", {amount => '-11.00', reason => 'x'}, key('a2')),
	    402, 'no_funds', 'more than there is');
	$admin->post("$at/credits", {amount => '2.00', reason => 'wire'}, key('c2'));
	is_refused($admin->post("$at/adjustments", {amount => '-11.00', reason => 'x'}, key('a2')),
	    402, 'no_funds', 'a refusal stays one');
	is $admin->post("$at/adjustments", {amount => '-2.00', reason => '=cmd|calc'}, key('a3'))->{status}, 201, 'taken';
	is_deeply $admin->get("$at/wallet")->{json}, $user->get('/api/wallet')->{json}, 'an administrator sees the wallet';
	is_refused($user->get("$at/wallet"), 403, 'forbidden', 'users see no other');
	is_refused($user->post("$at/credits", {amount => '1.00', reason => 'x'}, key('u')), 403, 'forbidden', 'nor give');
	like $stack->sql("SELECT actor FROM numlease.transfers WHERE reason = 'wire'"), qr/^user:\d+$/, 'who did it stands there';
};

subtest 'corrections by the operator' => sub {
	my ($rc, $out) = ctl('wallet', 'adjust', $user->{email}, '-0.50');

	is $rc, 64, 'not without a reason';
	($rc, $out) = ctl('wallet', 'adjust', $user->{email}, '-0.50', '--reason', 'typing error');
	is $out, "available 12.500000 bonus 3.000000 held 0.000000 USD\n", 'taken';
	($rc, $out) = ctl('wallet', 'adjust', $user->{email}, '+0.50', '--reason', 'typed right');
	is $out, "available 13.000000 bonus 3.000000 held 0.000000 USD\n", 'given';
	is $stack->sql("SELECT actor ~ '^ctl:[0-9]+\$' FROM numlease.transfers WHERE reason = 'typing error'"), 't', 'and who did it';
};

subtest 'what became of it' => sub {
	my $all = $user->get('/api/wallet/transactions')->{json};

	is scalar @{$all->{data}}, 6, 'every movement';
	is $all->{next_cursor}, undef, 'all of them';
	is_deeply [map { "$_->{kind} $_->{amount} $_->{balance} " . ($_->{bonus} ? 1 : 0) } @{$all->{data}}],
	    ['adjust 0.500000 13.000000 0', 'adjust -0.500000 12.500000 0', 'adjust -2.000000 13.000000 0',
	    'deposit 2.000000 15.000000 0', 'bonus 3.000000 13.000000 1', 'deposit 10.000000 10.000000 0'],
	    'newest first, each with the balance after it';
	my ($cursor, @paged) = ('');
	do {
		my $page = $user->get("/api/wallet/transactions?limit=4$cursor")->{json};

		push @paged, @{$page->{data}};
		$cursor = defined $page->{next_cursor} ? "&cursor=$page->{next_cursor}" : undef;
	} while (defined $cursor);
	is_deeply \@paged, $all->{data}, 'in pages the same';
	is_deeply $user->get('/api/wallet/transactions?kind=adjust')->{json}{data}, [@{$all->{data}}[0 .. 2]],
	    'of one kind, with the same balances';
	my $from = $all->{data}[3]{created_at};
	is scalar @{$user->get("/api/wallet/transactions?from=$from")->{json}{data}}, 4, 'since a time';
	is scalar @{$user->get("/api/wallet/transactions?to=$from")->{json}{data}}, 2, 'before a time';
	is_refused($user->get('/api/wallet/transactions?kind=theft'), 422, 'bad_input', 'no such kind');
	is_deeply $stack->user->get('/api/wallet/transactions')->{json}{data}, [], 'nobody sees those of others';
};

subtest 'the statement' => sub {
	my $rs = $user->get('/api/wallet/statement');
	my @lines = split /\r\n/, $rs->{body};

	is $rs->{status}, 200, 'is there';
	is $rs->{headers}{'content-type'}, 'text/csv; charset=utf-8; header=present', 'as CSV';
	like $rs->{headers}{'content-disposition'}, qr/^attachment;/, 'to be kept';
	is scalar @lines, 7, 'a line each';
	like $lines[1], qr/^20[^,]+Z,\d+,deposit,10\.000000,0\.000000,10\.000000,,test$/, 'oldest first';
	like $lines[4], qr/,adjust,-2\.000000,0\.000000,13\.000000,,'=cmd\|calc$/, 'no formula, but our own numbers';
	my ($rc, $out) = ctl('wallet', 'statement', $user->{email});
	is $out, $rs->{body}, 'numleasectl prints the same';
	my ($middle) = split /,/, $lines[4];
	is $user->get("/api/wallet/statement?to=$middle")->{body} .
	    ($user->get("/api/wallet/statement?from=$middle")->{body} =~ s/.*?\r\n//r), $rs->{body},
	    'two statements meet without a gap';
	is_refused($stack->get('/api/wallet/statement'), 401, 'unauthenticated', 'not for strangers');
};

# The most memory that the processes of the pools ever had, in KiB.
sub resident {
	my ($master) = $stack->pid('api');
	my $sum = 0;

	for my $pid (split ' ', qx(pgrep -P $master)) {
		open my $in, '<', "/proc/$pid/status" or next;
		my ($kib) = join('', <$in>) =~ /^VmHWM:\s+(\d+)/m;
		$sum += $kib;
	}
	return $sum;
}

subtest 'a statement of 60000 rows' => sub {
	my $rich = $stack->user;
	my $id = $stack->sql("SELECT id FROM numlease.users WHERE email = '$rich->{email}'");
	my $before = resident();
	my $rows = 60_000;

	$stack->sql('INSERT INTO numlease.transfers (kind, debit, credit, amount, user_id, idem_key, actor, reason) ' .
	    "SELECT 'deposit', 2, w.available_account, i, w.user_id, 'many:' || i, 'test', repeat('very, long ', 12) " .
	    "FROM numlease.wallets w, generate_series(1, $rows) i WHERE w.user_id = $id");
	my $start = time;
	my $rs = $rich->get('/api/wallet/statement');
	my $took = time - $start;
	my @lines = split /\r\n/, $rs->{body};

	is scalar @lines, $rows + 1, 'is whole';
	like $lines[-1], qr/,0\.060000,0\.000000,1800\.030000,,/, 'and adds up';
	my $grown = resident() - $before;
	cmp_ok length $rs->{body}, '>', 11e6, 'over 11 MB of text';
	cmp_ok $grown, '<', 6 * 1024, 'in less than 6 MiB of memory';
	diag sprintf '%d rows, %.1f MB in %.2f s, %d KiB more memory', $rows, length($rs->{body}) / 1e6, $took, $grown;
	is $stack->sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"), 0, 'no transaction is left open';
	is scalar @{$rich->get('/api/wallet/transactions?limit=200')->{json}{data}}, 200, 'and it is paged';
};

subtest 'vouchers' => sub {
	my ($rc, $out) = ctl(qw(voucher generate --count 3 --amount 5.00 --batch may));
	my @codes = split /\n/, $out;

	is scalar @codes, 3, 'are made by the operator';
	like $codes[0], qr/^(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/, 'in groups';
	my $made = $admin->post('/api/admin/vouchers', {count => 2, amount => '0.70', kind => 'bonus', reason => 'gift',
		expires_at => '2099-01-01T00:00:00Z'}, key('v1'));
	is $made->{status}, 201, 'and by an administrator' or diag $made->{body};
	my @gifts = @{$made->{json}{codes}};
	is scalar @gifts, 2, 'as many';
	is_deeply $admin->post('/api/admin/vouchers', {count => 2, amount => '0.70', kind => 'bonus', reason => 'gift',
		expires_at => '2099-01-01T00:00:00Z'}, key('v1'))->{json}{codes}, [], 'the same request makes none';
	is $stack->sql('SELECT count(*) FROM numlease.vouchers'), 5, 'really';
	is_refused($admin->post('/api/admin/vouchers', {count => 1, amount => '1', reason => 'x',
		expires_at => '2001-01-01T00:00:00Z'}, key('v2')), 422, 'bad_input', 'none that is over');
	my $dump = $stack->part('as_user', 'pg_dump', '-a', '-n', 'numlease');
	is scalar(grep { index($dump, $_) >= 0 || index($dump, $_ =~ tr/-//dr) >= 0 } @codes, @gifts), 0,
	    'no code stands in the database';

	my $holder = $stack->user;
	my $first = $holder->post('/api/wallet/redeem', {code => lc $gifts[0] =~ tr/-/ /r}, key('r1'));
	is $first->{status}, 200, 'is redeemed as people type it' or diag $first->{body};
	is wallet($holder), '0.700000 0.700000 0.000000', 'as bonus';
	is $holder->post('/api/wallet/redeem', {code => lc $gifts[0] =~ tr/-/ /r}, key('r1'))->{body}, $first->{body},
	    'the same request gets the same bytes';
	$stack->sql('DELETE FROM numlease.idempotency_keys');
	is $holder->post('/api/wallet/redeem', {code => lc $gifts[0] =~ tr/-/ /r}, key('r1'))->{body}, $first->{body},
	    'also when its answer was never kept';
	is_refused($holder->post('/api/wallet/redeem', {code => $gifts[1]}, key('r1')), 422, 'idempotency_key_reused', 'the key is used');
	is_refused($holder->post('/api/wallet/redeem', {code => $gifts[0]}, key('r2')), 409, 'voucher_used', 'once');
	my @none = map { $holder->post('/api/wallet/redeem', {code => $_}, key("n$_")) } 'x', $codes[0] =~ s/.$/$& eq '0' ? '1' : '0'/er;
	is_refused($_, 404, 'unknown_voucher', 'none') for @none;
	delete $_->{json}{instance} for @none;
	is_deeply $none[0]{json}, $none[1]{json}, 'malformed and unknown are told the same';
	$holder->post('/api/wallet/redeem', {code => 'x'}, key("t$_")) for 1 .. 3;
	is $holder->post('/api/wallet/redeem', {code => $gifts[1]}, key('t9'))->{status}, 429, 'nobody guesses';

	my $list = $admin->get('/api/admin/vouchers')->{json}{data};
	is_deeply [map { "$_->{state} $_->{kind} $_->{batch}" } @$list],
	    ['open bonus ', 'redeemed bonus ', ('open cash may') x 3], 'are listed' or diag explain $list;
	is $list->[1]{redeemed_by}, $holder->{id}, 'with who redeemed them';
	is $list->[1]{hint}, substr($gifts[0], -5), 'by their last group';
	is $admin->post("/api/admin/vouchers/$list->[0]{id}/revoke", {})->{status}, 204, 'is revoked';
	is_refused($admin->post("/api/admin/vouchers/$list->[1]{id}/revoke", {}), 409, 'voucher_used', 'too late');
	is_refused($user->post('/api/wallet/redeem', {code => $gifts[1]}, key('r3')), 409, 'voucher_revoked', 'worth nothing');
	$stack->sql("UPDATE numlease.vouchers SET expires_at = now() WHERE hint = '" . substr($codes[2], -5) . "'");
	is_refused($user->post('/api/wallet/redeem', {code => $codes[2]}, key('r4')), 409, 'voucher_expired', 'too late');
	like +(ctl(qw(voucher list --state expired)))[1], qr/^\d+\t\.\.\.\w{5}\texpired\tcash\t5\.00\tmay\t/, 'numleasectl lists them';

	my @users = map { $stack->user } 1 .. 50;
	my @children;
	for my $i (0 .. $#users) {
		my $pid = fork // die $!;
		if ($pid == 0) {
			my $status = $users[$i]->post('/api/wallet/redeem', {code => $codes[0]}, key('race'))->{status};
			POSIX::_exit($status == 200 ? 1 : $status == 409 ? 2 : 3);
		}
		push @children, $pid;
	}
	my %ended;
	for my $pid (@children) {
		waitpid $pid, 0;
		$ended{$? >> 8}++;
	}
	is_deeply \%ended, {1 => 1, 2 => 49}, 'of 50 users at once one redeems it';
	is $stack->sql("SELECT count(*), sum(amount) FROM numlease.transfers WHERE kind = 'deposit' AND actor = 'voucher'"),
	    '1|5000000', 'for its amount';
	is +(ctl(qw(voucher revoke --batch may)))[1], "1 revoked\n", 'the rest of a batch is revoked';
};

subtest 'exchange rates' => sub {
	is $admin->request(PUT => '/api/admin/fx/EUR', {rate => '1.08', reason => 'bank'})->{status}, 204, 'is set';
	is_refused($admin->request(PUT => '/api/admin/fx/USD', {rate => '1.08', reason => 'bank'}), 422, 'bad_input',
	    'not of the wallets\' own currency');
	is_refused($admin->request(PUT => '/api/admin/fx/EUR', {rate => '0', reason => 'bank'}), 422, 'bad_input', 'above 0');
	is_refused($user->request(PUT => '/api/admin/fx/EUR', {rate => '9', reason => 'me'}), 403, 'forbidden', 'not by users');
	is +(ctl(qw(fx set EUR 1.09)))[0], 0, 'and by the operator';
	like +(ctl(qw(fx list)))[1], qr/^EUR\t1\.090000\t20\S+\tby ctl:\d+: set by hand$/m, 'the one in force';
	like +(ctl(qw(fx history EUR)))[1], qr/\AEUR\t1\.090000\t.*\nEUR\t1\.080000\t.*by user:\d+: bank\n\z/, 'all there were';
	is_deeply [map { $_->{rate} } @{$admin->get('/api/admin/fx/EUR')->{json}{data}}], ['1.090000', '1.080000'], 'the same as JSON';
	is $admin->get('/api/admin/fx')->{json}{data}[0]{rate}, '1.090000', 'and in force';
};

$stack->done;
