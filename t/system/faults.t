#!/usr/bin/perl
# What goes wrong between us and the outside, and what must never follow:
# bought twice, charged twice, charged for nothing, held for ever.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $stack = Stack->new(conf => join "\n", 'worker.poll_interval = 200ms', 'worker.buy_timeout = 1s',
    'worker.settle = 1s', 'api.lease_wait = 3s', 'database.timeout = 2s', 'lease.max_active = 100');
my $user = $stack->user(credit => '50.00');

sub sold { return $stack->control(north => GET => '/control/state')->{sold} }

sub fault {
	my ($kind, %more) = @_;
	$stack->control(north => POST => '/control/fault', {op => 'buy', kind => $kind, %more});
}

sub lease_later { return $user->lease_later(@_) }

# One number came of it, one was sold, the code arrives, charged once.
sub is_one_number {
	my ($id, $before, $what) = @_;

	subtest $what => sub {
		my $n = $user->until_number($id, 'the code', sub { defined $_[0]{code} }, 60);
		is sold() - $before, 1, 'sold once';
		is $n->{charged}, $n->{price}, 'charged';
		is $stack->sql("SELECT count(*) FROM numlease.transfers WHERE activation_id = '$id' AND kind = 'capture'"),
		    1, 'once';
	};
}

$stack->ctl('provider', 'disable', 'south');

# A number of the same account that somebody else bought, of the same country
# but for something else, runs all the time: none of ours may become that.
my $alien = $stack->get("http://127.0.0.1:$stack->{box}{north}/v1/user/buy/activation/england/any/whatsapp",
    "Authorization: Bearer $Stack::KEY");
ok $alien->{json}{phone}, 'a number of somebody else' or diag $alien->{body};

for my $kind (qw(timeout_after_sale reset_after_sale close_after_sale http_500_after_sale
    garbage_after_sale html_after_sale empty_after_sale truncated_json)) {
	my $before = sold();

	fault($kind);
	my $lease = $user->lease;
	is $lease->{status}, 202, "$kind: open" or diag $lease->{body};
	is_one_number($lease->{json}{id}, $before, "$kind: reconcile finds it");
}

for my $kind (qw(reset_before http_500 garbage)) {
	my $before = sold();

	fault($kind);
	my $lease = $user->lease;
	is $lease->{status}, 202, "$kind: open" or diag $lease->{body};
	is_one_number($lease->{json}{id}, $before, "$kind: absent, so it is ordered again");
}

subtest 'the number is of another country' => sub {
	$stack->control(north => POST => '/control/set', {never_sms => 1});
	fault('wrong_country');
	my $lease = $user->lease;
	is $lease->{status}, 409, 'nobody else sells' or diag $lease->{body};
	is $stack->sql("SELECT a.state || r.released - r.amount FROM numlease.activations a "
	    . 'JOIN numlease.hold_resolutions r ON r.activation_id = a.id ORDER BY a.id DESC LIMIT 1'),
	    'FAILED0', 'all is released';
	$stack->until_true(30, 'the wrong one goes back', sub {
		$stack->sql("SELECT count(*) FROM numlease.orphans WHERE state = 'cancelled'") == 1 });
	pass 'it went back';
	$stack->control(north => POST => '/control/clear', {});
};

subtest 'the provider is down' => sub {
	$stack->ctl('provider', 'enable', 'south');
	my $pid = $stack->pid('north');
	kill 'STOP', $pid;
	my $ok = grep { $user->lease->{status} =~ /^20[12]$/ } 1 .. 3;
	is $ok, 3, 'leases are answered';
	kill 'CONT', $pid;
	$stack->ctl('provider', 'disable', 'south');
	$stack->until_true(60, 'all are decided', sub {
		$stack->sql("SELECT count(*) FROM numlease.activations WHERE state = 'RESERVED'") == 0 });
	pass 'and all are decided when it is back';
};

subtest 'kill -9 of the worker between the sale and its commit' => sub {
	my $before = sold();

	fault('timeout_after_sale');
	my $answer = lease_later();
	$stack->until_true(20, 'it is sold', sub { sold() > $before });
	$stack->end(worker => 'KILL');
	$stack->part(start_worker => 'worker');
	my $lease = $answer->();
	is $lease->{status}, 202, 'open' or diag $lease->{body};
	is_one_number($lease->{json}{id}, $before, 'another worker finds it');
};

subtest 'kill -9 of the API while it waits' => sub {
	my $before = sold();

	# No number comes before the API is killed, however slow this machine is.
	kill 'STOP', $stack->pid('worker');
	my $answer = lease_later(key => 'killed');
	$stack->until_true(20, 'it is reserved', sub { $stack->sql(
		"SELECT count(*) FROM numlease.idempotency_keys WHERE key = 'killed'") == 1 });
	my $master = $stack->pid('api');
	kill 'KILL', split ' ', qx(pgrep -P $master);
	isnt $answer->()->{status}, 201, 'the first answer is lost';
	kill 'CONT', $stack->pid('worker');
	$stack->until_true(20, 'the pool is back', sub { $stack->get('/api/ready')->{status} == 200 });
	my $again = $user->lease(key => 'killed');
	is $again->{status}, 201, 'the same key gives the number' or diag $again->{body};
	is_one_number($again->{json}{id}, $before, 'and it is one');
};

subtest 'two workers' => sub {
	my $before = sold();

	$stack->part(start_worker => 'worker2');
	my @answers = map { lease_later(key => "two-$_") } 1 .. 20;
	my @leases = map { $_->() } @answers;
	is scalar(grep { $_->{status} == 201 } @leases), 20, 'twenty numbers'
	    or diag join ' ', map { $_->{status} } @leases;
	is sold() - $before, 20, 'twenty sold';
	my %phones = map { ($_->{json}{phone} // '') => 1 } @leases;
	is scalar keys %phones, 20, 'all different';
	$user->until_number($_->{json}{id}, 'its code', sub { defined $_[0]{code} }) for @leases;
	is $stack->sql('SELECT count(*) FROM (SELECT activation_id FROM numlease.messages '
	    . 'GROUP BY 1 HAVING count(*) > 1) x'), 0, 'no SMS twice';
	$stack->part(stop_one => 'worker2', 'TERM');
};

subtest 'Redis goes and comes' => sub {
	$stack->end(redis => 'KILL');
	my $lease = $user->lease;
	like $lease->{status}, qr/^20[12]$/, 'a lease without Redis' or diag $lease->{body};
	$user->until_number($lease->{json}{id}, 'its code', sub { defined $_[0]{code} }, 30);
	$stack->part('start_redis');
	$stack->until_true(20, 'quick again', sub { $user->lease->{status} == 201 });
	pass 'and with it again';
};

subtest 'PostgreSQL goes and comes' => sub {
	my $pid = $stack->pid('postgres');
	$stack->end(postgres => 'KILL');
	my $answer = $user->lease;
	is $answer->{status}, 503, 'refused clearly' or diag $answer->{body};
	is $answer->{json}{code}, 'unavailable', 'and told why';
	my $master = $stack->pid('api');
	kill 'KILL', split ' ', qx(pgrep -P $master);
	$stack->until_true(20, 'others take the place of killed ones', sub {
		$stack->get('/api/health')->{status} == 200 });
	is $stack->get('/api/ready')->{status}, 503, 'they are not ready';
	for my $answer ($user->lease, $user->get('/api/wallet')) {
		is $answer->{status}, 503, 'refused as clearly by them' or diag $answer->{body};
		is $answer->{json}{code}, 'unavailable', 'and told why';
	}
	my ($rc, $said) = $stack->try_part('as_user', 'env',
	    (map { "NUMLEASE_\U$_\E_SOCKET=$stack->{dir}/run/first-$_.sock" } qw(api auth admin)),
	    "$stack->{app}/sbin/numlease-api", '-c', "$stack->{dir}/etc/numlease.conf");
	is $rc, 70, 'a first start fails' or diag $said;
	like $said, qr/"event":"process\.failed".*"why":"[^"]+/, 'and says why';
	# A new one refuses to start while the pid in the lock file is taken.
	$stack->until_true(40, 'the killed one is reaped', sub { !kill 0, $pid });
	$stack->part('start_postgres');
	$stack->until_true(20, 'the pool is back by itself', sub { $user->lease->{status} == 201 });
	pass 'and taken again without a restart';
	is scalar(my @ended = $stack->log_lines(api => qr/"event":"process\.died".*"signal":0/)), 0,
	    'none of those that took a place ended';
};

$stack->until_true(90, 'nothing is open', sub {
	$stack->sql('SELECT count(*) FROM numlease.activations WHERE state IN '
	    . "('RESERVED', 'CANCELLING')") == 0 });
is $stack->sql('SELECT count(*) FROM numlease.attempts WHERE unsettled_at IS NOT NULL'), 0,
    'nothing is undecided';
is $stack->sql("SELECT count(*) FROM numlease.activations WHERE phone = '$alien->{json}{phone}'"), 0,
    'nobody was given the number of somebody else';
is scalar(my @lost = $stack->log_lines(worker => qr/"event":"order\.requeued"/)), 0,
    'no order had to be found by the sweep';
$stack->done(killed => 1);
