#!/usr/bin/perl
# The worker proves the ledger; a difference stops money until it is gone.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $stack = Stack->new(conf => "ledger.verify_interval = 1s\n");
my $user = $stack->user(credit => '10.00');
my $admin = $stack->admin;
my $row = $stack->sql("SELECT id FROM numlease.users WHERE email = '$user->{email}'");

sub state { return $admin->get('/api/admin/ledger')->{json} }
sub proofs { return $stack->sql('SELECT count(*) FROM numlease.proofs') }
sub until_stopped { $stack->until_true(20, $_[0], sub { state()->{stopped} }) }
# As nobody can who is not a superuser of the database.
sub falsify {
	my ($by) = @_;

	$stack->sql('SET session_replication_role = replica; ' .
	    "UPDATE numlease.wallets SET available = available + $by WHERE user_id = $row");
}

subtest 'proved again and again' => sub {
	$stack->until_true(20, 'two proofs', sub { proofs() >= 2 });
	my $state = state();
	is_deeply [@$state{qw(stopped differences faults)}],
	    [JSON::PP::false, 0, []], 'and nothing is found';
	is $user->get('/api/admin/ledger')->{status}, 403, 'not for users';
};

my $number = $user->lease->{json};

subtest 'a difference stops money' => sub {
	falsify(1);
	until_stopped('the proof stops money');
	my $state = state();
	is $state->{differences}, 1, 'one difference';
	is $state->{faults}[0]{invariant}, 'I2 available equals transfers', 'named';
	is $state->{faults}[0]{subject}, $row, 'and whose it is';
	like $state->{reason}, qr/^proof \d+: 1 differences$/, 'the switch says why';
	ok scalar $stack->log_lines('worker', qr/"event":"money\.stopped"/), 'and the log';
	my $refused = $user->lease;
	is $refused->{status}, 503, 'no new lease';
	is $refused->{json}{code}, 'maintenance', 'for maintenance';
	my ($rc, $out) = $stack->try_part('ctl', 'wallet', 'credit', $user->{email}, '1.00',
	    '--reason', 'test');
	isnt $rc, 0, 'nothing comes in';
	like $out, qr/maintenance/, 'and says so';
	$user->until_number($number->{id}, 'the SMS still comes', sub { $_[0]{code} });
	is $user->post("/api/numbers/$number->{id}/finish", {})->{status}, 200, 'what runs is finished';
	($rc, $out) = $stack->try_part(qw(ctl ledger verify));
	is $rc, 1, 'ledger verify fails';
	like $out, qr/^I2 available equals transfers\t$row\texpected \d+\tfound \d+\n1 differences$/m,
	    'and shows the row';
};

subtest 'it is not healed, and moves again when an operator says so' => sub {
	my ($rc, $out) = $stack->try_part(qw(ctl ledger resume --reason hope));
	isnt $rc, 0, 'not while there is a difference';
	like $out, qr/the ledger has differences/, 'which it says';
	falsify(-1);
	my $n = proofs();
	$stack->until_true(20, 'a clean proof', sub { proofs() > $n + 1 });
	ok state()->{stopped}, 'a clean proof does not start money';
	like $stack->ctl(qw(ledger resume --reason found)), qr/^money moves$/m, 'the operator does';
	like $stack->ctl(qw(ledger status)), qr/^money     moves\nsince     \S+ by ctl:\d+: found$/m, 'status';
	is $user->lease->{status}, 201, 'leases again';
};

subtest 'by hand' => sub {
	like $stack->ctl(qw(ledger stop --reason), 'by hand'), qr/^money is stopped$/m, 'stopped';
	is $user->lease->{status}, 503, 'no lease';
	like $stack->ctl(qw(ledger resume --reason checked)), qr/^money moves$/m, 'resumed';
	isnt +($stack->try_part(qw(ctl ledger stop)))[0], 0, 'not without a reason';
};

$stack->done;
