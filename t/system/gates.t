#!/usr/bin/perl
# Many at once with one key, many at once for one number, while the processes
# that answer them are killed: one effect, one answer.
#
# NUMLEASE_SEED repeats a run, NUMLEASE_KEYS is how many keys there are (40).
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Burst;
use Stack;
use Test::More;
use Time::HiRes qw(sleep);

my $seed = $ENV{NUMLEASE_SEED} || 1 + int rand 1_000_000;
srand $seed;
note "NUMLEASE_SEED=$seed";
my $stack = Stack->new(conf => join "\n", 'worker.poll_interval = 200ms', 'worker.buy_timeout = 2s',
    'worker.settle = 1s', 'lease.max_active = 100000', 'rate.lease_per_minute = 1000000');
my $user = $stack->user(credit => '1000');
my $other = $stack->user(credit => '1000');

subtest 'each purchase sent one to ten times with one key, under kills' => sub {
	my @keys = map { "dup-$_" } 1 .. $ENV{NUMLEASE_KEYS} || 40;
	my @services = qw(telegram whatsapp google);
	my %body = map { $_ => {service => $services[rand @services], country => 'gb'} } @keys;
	my (%texts, %status);

	$stack->part(start_worker => 'worker2');
	my @open = map { my $key = $_; map { {key => $key, body => $body{$key}, user => $user} } 0 .. int rand 10 } @keys;
	my $sent = @open;
	for (my $round = 0; @open && $round < 20; $round++) {
		my $wait = Burst::begin($stack, @open);
		if ($round < 2) {
			sleep 0.3 * rand;
			my @children = split ' ', qx(pgrep -P @{[$stack->pid('api')]});
			kill 'KILL', $children[rand @children];
			$stack->end(worker => 'KILL');
			$stack->part(start_worker => 'worker');
		}
		my @answered = grep { $_->{status} == 201 || $_->{status} == 409 } $wait->();
		push @{$texts{$_->{key}}}, $_->{text} for @answered;
		$status{$_->{key}}{$_->{status}} = 1 for @answered;
		@open = grep { $_->{status} != 201 && $_->{status} != 409 } @open;
		sleep 0.2 if @open;
	}
	is scalar @open, 0, "all $sent were answered at last";
	is scalar(grep { keys %{$status{$_}} > 1 } @keys), 0, 'no key was both given and refused';
	my @twofold = grep { my %all = map { $_ => 1 } @{$texts{$_}}; $status{$_}{201} && keys %all > 1 } @keys;
	is scalar @twofold, 0, 'the answers of a key are the same, byte for byte'
	    or diag join "\n", @{$texts{$twofold[0]}};
	is $stack->sql("SELECT count(*) FROM numlease.activations"), scalar @keys, 'one number for each key';
	my $sold = 0;
	$stack->until_true(60, 'all is decided', sub {
		$stack->sql("SELECT count(*) FROM numlease.attempts WHERE unsettled_at IS NOT NULL") == 0 });
	$sold += $stack->control($_ => GET => '/control/state?orders=0')->{sold} for qw(north south);
	is $stack->sql("SELECT count(*) FROM numlease.attempts WHERE state = 'LINKED'"), $sold,
	    'and what was sold is linked, once';
	$stack->part(stop_one => 'worker2', 'TERM');
};

# A GET buys here, and nothing between the client and us may repeat it. With
# an orderId of the client's own the next one is told that it was used.
subtest 'the same over handler_api, under kills' => sub {
	my $key = $user->post('/api/keys', {name => 'compat', kind => 'compat'})->{json}{key};
	my $base = "/stubs/handler_api.php?api_key=$key&action=getNumber&service=tg&country=16";
	my $made = sub { $stack->sql("SELECT count(*) FROM numlease.activations WHERE door = 'handler_api'") };
	my @orders = map { "order-$_" } 1 .. ($ENV{NUMLEASE_KEYS} || 40) / 2;
	my @open = map { my $order = $_; map { {path => "$base&orderId=$order", order => $order} } 0 .. int rand 10 } @orders;
	my @keyless = map { {path => $base} } 1 .. 10;
	my (%given, %odd);
	my $count_seen = sub { # what nginx has sent on, as often as it did
		open my $in, '<', "$stack->{dir}/log/nginx-access.log" or die $!;
		return grep { m{/stubs/handler_api} && /"ustatus":"[^"]*,/ } <$in>;
	};

	for my $round (1 .. 3) {
		my @now = $round == 1 ? (@open, @keyless) : @open;
		my $wait = Burst::begin($stack, @now);
		if ($round < 3) {
			sleep 0.3 * rand;
			my @children = split ' ', qx(pgrep -P @{[$stack->pid('api')]});
			kill 'KILL', $children[rand @children] for 1 .. 2;
		}
		for my $answer ($wait->()) {
			my $text = $answer->{text};
			$given{$1}{$answer->{order} // "keyless $answer"} = 1 if $text =~ /^(ACCESS_NUMBER:\d+:\d+)$/;
			$odd{$text} = 1 if $text !~ /^(?:ACCESS_NUMBER:\d+:\d+|ORDER_ALREADY_EXISTS|NO_NUMBERS|ERROR_SQL)$/;
		}
		$stack->until_true(20, 'the pool is back', sub { $stack->get('/api/ready')->{status} == 200 });
	}
	is join(' ', sort keys %odd), '', 'each answer was one of the protocol';
	is scalar(grep { keys %{$given{$_}} > 1 } keys %given), 0, 'no number was given to two';
	my %of;
	for my $number (keys %given) { $of{$_}++ for keys %{$given{$number}} }
	is scalar(grep { $of{$_} > 1 } keys %of), 0, 'no order was given two numbers';
	cmp_ok $made->(), '<=', @orders + @keyless, 'at most one lease for each request that is one';
	is scalar($count_seen->()), 0, 'nginx has sent none of them twice';
	$stack->until_true(60, 'all is decided', sub {
		$stack->sql('SELECT count(*) FROM numlease.attempts WHERE unsettled_at IS NOT NULL') == 0 });
	my $sold = 0;
	$sold += $stack->control($_ => GET => '/control/state?orders=0')->{sold} for qw(north south);
	is $stack->sql("SELECT count(*) FROM numlease.attempts WHERE state = 'LINKED'"), $sold,
	    'and what was sold is linked, once';
};

subtest 'two hundred want the last number' => sub {
	my ($operator) = $stack->sql("SELECT operator FROM numlease.offers o JOIN numlease.providers p "
	    . "ON p.id = o.provider_id WHERE p.name = 'north' AND service = 'telegram' AND country = 'gb' "
	    . "AND stock > 0 AND operator <> 'any' ORDER BY 1 LIMIT 1");
	my %route = (service => 'telegram', country => 'gb');

	$stack->ctl('provider', 'disable', 'south');
	$stack->control(north => POST => '/control/set', {%route, stock => 0});
	$stack->control(north => POST => '/control/set', {%route, operator => $operator, stock => 1});
	my $before = $stack->control(north => GET => '/control/state?orders=0')->{sold};
	my @wish = map { {key => "last-$_", body => {%route, operator => $operator},
		user => $_ % 2 ? $user : $other} } 1 .. 200;
	my @answers = Burst::begin($stack, @wish)->();
	my %of;
	$of{$_->{status}}++ for @answers;
	my @late = grep { $_->{status} == 202 } @answers;
	for my $answer (@late) {
		my $n = $answer->{user}->until_number(JSON::PP::decode_json($answer->{text})->{id},
		    'decided', sub { $_[0]{state} ne 'reserved' }, 60);
		$of{$n->{state} eq 'failed' ? 409 : 201}++;
	}
	delete $of{202};
	is_deeply \%of, {201 => 1, 409 => 199}, 'one has it, the others are told that there is none'
	    or diag explain \%of;
	is $stack->control(north => GET => '/control/state?orders=0')->{sold} - $before, 1, 'one was sold';
	is $stack->sql('SELECT count(*) FROM numlease.activations a JOIN numlease.hold_resolutions r '
	    . "ON r.activation_id = a.id WHERE a.state = 'FAILED' AND r.released <> r.amount"), 0,
	    'and nobody else paid';
};

$stack->done(killed => 1);
