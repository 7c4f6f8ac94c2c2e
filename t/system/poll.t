#!/usr/bin/perl
# Polling: two workers share 200 numbers through Redis; each is asked about
# as often as the interval says and not more often, whatever Redis loses.
use strict;
use warnings;
use File::Temp ();
use FindBin ();
use JSON::PP ();
use lib "$FindBin::Bin/../lib";
use POSIX ();
use Stack;
use Test::More;
use Time::HiRes qw(time);

use constant {NUMBERS => 200, INTERVAL => 1, BUYERS => 4};

# Descriptors without a list of all numbers: each number has its own call,
# and the simulated providers count these.
my $singly = File::Temp::tempdir(CLEANUP => 1);
chmod 0755, $singly;
for my $file (glob "$Stack::TOP/providers/*.json") {
	open my $in, '<', $file or die "$file: $!";
	my $d = JSON::PP::decode_json(do { local $/; <$in> });
	delete $d->{ops}{poll_batch} if $d->{ops};
	my ($name) = $file =~ m{([^/]+)$};
	open my $out, '>', "$singly/$name" or die "$name: $!";
	print $out JSON::PP::encode_json($d);
	close $out or die $!;
}

my $stack = Stack->new(conf => "worker.poll_interval = @{[INTERVAL]}s\n" .
    "lease.max_active = @{[NUMBERS]}\nrate.lease_per_minute = 100000\nprovider.descriptors = $singly");
$stack->control($_ => POST => '/control/set', {never_sms => JSON::PP::true}) for qw(north south);
$stack->part(start_worker => 'worker2');
my @users = map { $stack->user(credit => '500.00') } 1 .. 2;

sub redis { my (@words) = @_; return $stack->part('as_user', 'redis-cli', '-s', "$stack->{dir}/run/redis.sock", @words) }

sub lease_many {
	my ($user, $n) = @_;

	for (1 .. $n) {
		my $answer = $user->lease;
		die $answer->{body} if $answer->{status} !~ /^20[12]$/;
	}
}

sub lease_all {
	my @buyers;

	for my $i (1 .. BUYERS) {
		my $pid = fork // die "fork: $!";
		if ($pid == 0) {
			my $ok = eval { lease_many($users[$i % 2], NUMBERS / BUYERS); 1 };
			print STDERR $@ if !$ok;
			POSIX::_exit($ok ? 0 : 1);
		}
		push @buyers, $pid;
	}
	my $failed = 0;
	for (@buyers) { waitpid $_, 0; $failed++ if $? }
	return $failed;
}

# What the providers saw of each number that is open.
sub orders {
	my %seen;

	for my $name (qw(north south)) {
		my $state = $stack->control($name => GET => '/control/state');
		$seen{"$name/$_->{id}"} = $_ for grep { $_->{state} =~ /^(WAITING|GOT|RETRY)$/ } @{$state->{orders}};
	}
	return \%seen;
}

# Wait until each number was asked about `times` times more.
sub until_asked {
	my ($times, $seconds, $what) = @_;
	my $before = orders();
	my $behind;

	my $ok = eval {
		$stack->until_true($seconds, $what, sub {
			my $now = orders();
			$behind = grep { ($now->{$_}{asked} // 0) < $before->{$_}{asked} + $times } keys %$before;
			$behind == 0;
		});
		1;
	};
	said($what);
	ok $ok, $what or diag "$behind numbers were not asked about";
}

# How many numbers wait in Redis.
sub queued {
	my $places = 0;

	$places += redis('ZCARD', "numlease:poll:$_")
	    for split /\n/, $stack->sql('SELECT id FROM numlease.providers');
	return $places;
}

sub said { diag sprintf("%5.1f s: %s", time - $^T, $_[0]) if $ENV{NUMLEASE_KEEP} }

sub least_gap {
	my ($least) = sort { $a <=> $b } grep { $_ > 0 } map { $_->{asked_gap_ms} } values %{orders()};
	return $least;
}

said("ready");
is lease_all(), 0, 'all buyers got their numbers';
$stack->until_true(30, 'all are active', sub {
	$stack->sql("SELECT count(*) FROM numlease.activations WHERE state = 'ACTIVE'") == NUMBERS;
});
is scalar keys %{orders()}, NUMBERS, 'so many numbers are open';

until_asked(1, 20, 'each number is asked about');
my ($from, $at) = (orders(), time);
until_asked(3, 30, 'and again and again');
my ($to, $took) = (orders(), time - $at);
my $allowed = $took / INTERVAL * 1.2 + 1;
is scalar(grep { $to->{$_}{asked} - $from->{$_}{asked} > $allowed } keys %$from), 0,
    'none more often than the interval allows';
is $stack->sql('SELECT count(*) FROM numlease.polls WHERE holder IS NOT NULL'), 0,
    'nothing of it is written to PostgreSQL';

# Again and again just when all were queued anew: had they become due at
# once, some would be asked about too soon after the last time.
for (1 .. 6) {
	redis('FLUSHALL');
	$stack->until_true(20, 'all are queued again', sub { queued() == NUMBERS });
}
until_asked(2, 30, 'FLUSHALL loses nothing');

$stack->end(redis => 'KILL');
until_asked(2, 40, 'polling goes on without Redis');
$stack->part('start_redis');
until_asked(2, 40, 'and with it again');
$stack->until_true(20, 'the times stand in Redis again', sub {
	$stack->sql('SELECT count(*) FROM numlease.polls WHERE holder IS NOT NULL') == 0;
});
cmp_ok least_gap(), '>=', INTERVAL * 1000 * 0.8, 'no number was asked about twice in an interval';

subtest 'an SMS arrives within the interval' => sub {
	my $id = $users[0]->get('/api/numbers?state=active&limit=1')->{json}{data}[0]{id};

	$stack->sms($id, 'Code 4711');
	my $sent = time;
	$users[0]->until_number($id, 'the code', sub { defined $_[0]{code} });
	cmp_ok time - $sent, '<', INTERVAL + 2, 'soon enough';
	is $users[0]->post("/api/numbers/$id/finish", {})->{json}{state}, 'completed', 'finished';
	$stack->until_true(INTERVAL + 10, 'it leaves the queue', sub {
		queued() == NUMBERS - 1;
	});
	pass 'and leaves the queue';
};

$stack->done;
