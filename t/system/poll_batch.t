#!/usr/bin/perl
# Polling by lists: 200 numbers of one provider are asked about by some lists
# of all numbers, not one by one, with Redis and without; every SMS arrives
# within the interval.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use HTTP::Tiny ();
use JSON::PP ();
use POSIX ();
use Stack;
use Test::More;
use Time::HiRes qw(time);

use constant {NUMBERS => 200, INTERVAL => 1, BUYERS => 4, SLACK => 2};

my $slow = ($ENV{NUMLEASE_APP} // '') =~ /-(a|t)san$/; # sanitizers cost time
my $stack = Stack->new(conf => join "\n", "worker.poll_interval = @{[INTERVAL]}s",
    'lease.max_active = ' . NUMBERS, 'rate.lease_per_minute = 100000');
$stack->ctl('provider', 'disable', 'south');
$stack->control(north => POST => '/control/set', {never_sms => JSON::PP::true, stock => 1_000_000,
    balance => '100000'});
my $user = $stack->user(credit => '1000.00');
my $agent = HTTP::Tiny->new(timeout => 20); # keeps its connection

sub lease_all {
	my @buyers;

	for (1 .. BUYERS) {
		my $pid = fork // die "fork: $!";
		if ($pid == 0) {
			my $good = grep { $user->lease->{status} == 201 } 1 .. NUMBERS / BUYERS;
			POSIX::_exit($good == NUMBERS / BUYERS ? 0 : 1);
		}
		push @buyers, $pid;
	}
	my $failed = 0;
	for (@buyers) { waitpid $_, 0; $failed++ if $? }
	return $failed;
}

sub calls { return $stack->control(north => GET => '/control/state?orders=0')->{calls} }

# How many questions were asked in some intervals, by the word for them.
sub asked_during {
	my ($intervals) = @_;
	my ($from, $at) = (calls(), time);

	$stack->until_true(INTERVAL * $intervals + 20, 'the intervals have passed', sub {
		time - $at >= INTERVAL * $intervals });
	my $to = calls();
	return {intervals => (time - $at) / INTERVAL, map { $_ => $to->{$_} - $from->{$_} } qw(list status)};
}

sub few_questions {
	my ($what) = @_;
	my $asked = asked_during(4);
	my $each = NUMBERS * $asked->{intervals};

	note sprintf '%s: %d lists, %d single questions in %.1f intervals', $what,
	    @$asked{qw(list status intervals)};
	cmp_ok $asked->{list}, '>=', 4, "$what: lists are asked for";
	cmp_ok $asked->{status} + $asked->{list}, '<', $each / 5, "$what: instead of $each questions";
}

# An SMS to each of some orders, and how long the slowest took to be stored.
sub slowest {
	my ($what, @orders) = @_;
	my %sent;

	for my $order (@orders) {
		my $answer = $agent->post("http://127.0.0.1:$stack->{box}{north}/control/sms",
		    {headers => {'X-Control' => 'control'},
		    content => JSON::PP::encode_json({order => $order + 0, text => "Code 4711"})});
		$sent{$order} = time;
		die $answer->{content} unless $answer->{success};
	}
	my %stored;
	$stack->until_true(60, "$what: all are stored", sub {
		%stored = map { split /\|/ } split /\n/, $stack->sql('SELECT a.upstream_id, ' .
		    'extract(epoch FROM m.stored_at) FROM numlease.messages m ' .
		    'JOIN numlease.activations a ON a.id = m.activation_id');
		!grep { !defined $stored{$_} } @orders;
	});
	my ($worst) = sort { $b <=> $a } map { $stored{$_} - $sent{$_} } @orders;
	return $worst;
}

is lease_all(), 0, 'all buyers got their numbers';
my @orders = split /\n/, $stack->sql("SELECT upstream_id FROM numlease.activations WHERE state = 'ACTIVE'");
is scalar @orders, NUMBERS, 'so many are active';
few_questions('with Redis');
my $worst = slowest('with Redis', @orders[0 .. NUMBERS / 2 - 1]);
cmp_ok $worst, '<', (INTERVAL + SLACK) * ($slow ? 4 : 1),
    sprintf 'with Redis: every SMS is there within %.1f s', $worst;

$stack->end(redis => 'KILL');
$stack->until_true(20, 'the worker has noticed', sub { $stack->log_lines('worker', qr/"state":"away"/) });
few_questions('without');
# Those that have an SMS are asked about more rarely; these have none.
$worst = slowest('without', @orders[NUMBERS / 2 .. NUMBERS - 1]);
cmp_ok $worst, '<', (INTERVAL + SLACK) * ($slow ? 4 : 1),
    sprintf 'without: every SMS is there within %.1f s', $worst;
is $stack->sql("SELECT count(DISTINCT activation_id) FROM numlease.messages"), NUMBERS, 'none was lost';
$stack->part('start_redis');
$stack->done;
