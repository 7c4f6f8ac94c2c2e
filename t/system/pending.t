#!/usr/bin/perl
# Numbers that are bought first and named later: the provider's answer to the
# order has no phone. It comes, or the number goes back and nothing is charged.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use JSON::PP ();
use POSIX ();
use Stack;
use Test::More;
use Time::HiRes qw(time);

use constant NEVER => 80_000_000;

my $stack = Stack->new(conf => join "\n", 'worker.phone_wait = 4s', 'api.lease_wait = 30s',
    'worker.poll_interval = 300ms');
my $user = $stack->user(credit => '20.00');

# Only the one that names its phones later sells.
$stack->ctl('provider', 'disable', 'south');

sub phone_after {
	my ($ms) = @_;
	$stack->control(north => POST => '/control/set', {phone_ms => $ms, sms_delay_ms => $ms + 1500});
}

# Ask for a number in the background; the handle brings what was answered.
sub start_lease {
	pipe my $from, my $to or die "pipe: $!";
	my $pid = fork // die "fork: $!";

	if ($pid == 0) {
		my $answer = $user->lease(key => 'pending-' . ++$user->{leases});
		print $to JSON::PP::encode_json({%$answer{qw(status json)}, at => time});
		close $to;
		POSIX::_exit(0);
	}
	$user->{leases}++;
	return $from;
}

sub answer_of {
	my ($from) = @_;

	return JSON::PP::decode_json(do { local $/; <$from> } || '{}');
}

# The newest attempt, once it has come so far.
sub until_attempt {
	my ($state) = @_;
	my @row;

	$stack->until_true(20, "an attempt is $state", sub {
		@row = split /\|/, $stack->sql('SELECT id, state, upstream_id, cause, activation_id ' .
		    'FROM numlease.attempts ORDER BY started_at DESC LIMIT 1'), -1;
		($row[1] // '') eq $state;
	});
	my %attempt;
	@attempt{qw(id state order cause activation)} = @row;
	return \%attempt;
}

# What the provider says of an order.
sub order {
	my ($id) = @_;

	my ($o) = grep { $_->{id} == $id } @{$stack->control(north => GET => '/control/state')->{orders}};
	return $o;
}

sub wallet_is {
	my ($before, $what) = @_;

	is_deeply $user->wallet, $before, $what;
}

subtest 'the phone comes' => sub {
	phone_after(3000);
	my $lease = start_lease();
	my $attempt = until_attempt('NUMBER_PENDING');

	like $attempt->{order}, qr/^\d+$/, 'the order is known before its phone';
	is $stack->sql('SELECT state FROM numlease.activations'), 'RESERVED', 'the lease is reserved';
	is $user->wallet->{available} + $user->wallet->{held}, 20, 'nothing is charged';
	my $at = time;
	my $answer = answer_of($lease);
	is $answer->{status}, 201, 'the request waited for it';
	cmp_ok $answer->{at} - $at, '<', 8, 'and was woken when it came';
	is $answer->{json}{phone}, order($attempt->{order})->{phone}, 'the phone of that order';
	my $n = $user->until_number($answer->{json}{id}, 'its SMS', sub { defined $_[0]{code} });
	is $n->{charged}, $n->{price}, 'is charged';
	is $stack->sql('SELECT count(*) FROM numlease.attempts'), 1, 'one purchase was made';
	$user->post("/api/numbers/$n->{id}/finish", {});
};

subtest 'it never comes' => sub {
	phone_after(NEVER);
	my $before = $user->wallet;
	my $lease = start_lease();
	my $attempt = until_attempt('NUMBER_PENDING');

	cmp_ok $user->wallet->{held}, '>', 0, 'the price is held';
	my $at = time;
	my $answer = answer_of($lease);
	is $answer->{status}, 409, 'there is none';
	is $answer->{json}{code}, 'no_numbers', 'says the answer';
	cmp_ok $answer->{at} - $at, '<', 15, 'soon after the time for it is over';
	is order($attempt->{order})->{state}, 'CANCELED', 'the number went back';
	$attempt = until_attempt('ABSENT');
	is $attempt->{cause}, 'no phone', 'the attempt says why';
	is $stack->sql("SELECT state FROM numlease.activations WHERE id = '$attempt->{activation}'"),
	    'FAILED', 'the lease has failed';
	wallet_is($before, 'all came back');
};

subtest 'another provider has one' => sub {
	my $lease = start_lease();
	my $attempt = until_attempt('NUMBER_PENDING');

	$stack->ctl('provider', 'enable', 'south');
	my $answer = answer_of($lease);
	is $answer->{status}, 201, 'a number';
	is order($attempt->{order})->{state}, 'CANCELED', 'the first went back';
	is $stack->sql('SELECT p.name FROM numlease.activations a JOIN numlease.providers p ' .
	    "ON p.id = a.provider_id WHERE a.id = '$answer->{json}{id}'"), 'south', 'it is of the other';
	$stack->ctl('provider', 'disable', 'south');
	my $n = $user->until_number($answer->{json}{id}, 'its SMS', sub { defined $_[0]{code} });
	$user->post("/api/numbers/$n->{id}/finish", {});
};

subtest 'the user does not wait for it' => sub {
	my $before = $user->wallet;
	my $lease = start_lease();
	my $attempt = until_attempt('NUMBER_PENDING');

	is $user->post("/api/numbers/$attempt->{activation}/cancel", {})->{json}{state}, 'cancelling',
	    'cancelling';
	my $n = $user->until_number($attempt->{activation}, 'cancelled', sub { $_[0]{state} eq 'cancelled' });
	is order($attempt->{order})->{state}, 'CANCELED', 'upstream too';
	is $n->{phone}, undef, 'without ever having had a phone';
	wallet_is($before, 'all came back');
	answer_of($lease);
};

is $stack->control(north => GET => '/control/state')->{open}, 0, 'no number is left at the provider';
is $stack->sql('SELECT count(*) FROM numlease.orphans'), 0, 'none belonged to nobody';
$stack->done;
