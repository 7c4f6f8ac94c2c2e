#!/usr/bin/perl
# What a request costs the database: how many statements, and that the
# reservation, the one that holds money, is a single one on its own.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $leases = 5;
my $stack = Stack->new(conf => "worker.poll_interval = 5m\nlease.max_active = 100",
    south => ['--sms-delay-ms', 600_000], north => ['--sms-delay-ms', 600_000],
    postgres => '-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track=all');
my $user = $stack->user(credit => '20.00');

$stack->sql('CREATE EXTENSION pg_stat_statements');

# Statements that match, since the last reset. Those inside our functions are
# counted too, but name their tables without the schema.
sub calls {
	my ($pattern) = @_;

	return $stack->sql('SELECT coalesce(sum(calls), 0) FROM pg_stat_statements '
	    . "WHERE query ~ '$pattern' AND query !~ 'pg_stat_statements'");
}

# Connections are made and statements prepared before it counts.
$user->lease for 1 .. 8;
$stack->sql('SELECT pg_stat_statements_reset()');
my @ids = map { my $n = $user->lease; is $n->{status}, 201, 'a number' or diag $n->{body};
	$n->{json}{id} } 1 .. $leases;

subtest 'the reservation is one round trip' => sub {
	is calls('numlease\.activation_reserve\('), $leases, 'one call each';
	is calls('^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)'), 0, 'no transaction of several statements';
};

subtest 'a lease request makes few statements' => sub {
	my %of = (
		candidates => calls('unnest\(.*text\[\], .*text\[\]\) q \(service, country\)'),
		reserve => calls('numlease\.activation_reserve\('),
		'number read' => calls('FROM numlease\.numbers\s+WHERE id = '),
		messages => calls('FROM numlease\.messages m\s+WHERE m\.activation_id = ANY'),
		'key read' => calls('FROM numlease\.idempotency_keys'),
		'key answered' => calls('numlease\.idempotency_finish\('),
		service => calls('FROM numlease\.services\s+WHERE code'),
		country => calls('FROM numlease\.countries\s+WHERE code'),
	);
	# The worker reads the candidates once more, when it ranks them.
	$of{candidates} -= $leases;
	my $sum = 0;
	for my $what (sort keys %of) {
		note sprintf '%-14s %.1f a lease', $what, $of{$what} / $leases;
		$sum += $of{$what};
	}
	diag sprintf 'statements of the API for one lease: %.1f', $sum / $leases;
	cmp_ok $sum, '<=', $leases * 4, 'no more than four';
};

subtest 'nothing is compiled: JIT costs more than these statements take' => sub {
	is $stack->sql('SELECT coalesce(sum(jit_functions), 0) FROM pg_stat_statements'), 0,
	    'no statement was';
};

subtest 'a number that waits is read by one statement' => sub {
	$stack->sql('SELECT pg_stat_statements_reset()');
	is $user->get("/api/numbers/$ids[0]")->{json}{id}, $ids[0], 'read';
	is calls('FROM numlease\.numbers\s+WHERE id = '), 1, 'the number';
	is calls('FROM numlease\.messages m\s+WHERE m\.activation_id = ANY'), 0, 'and no messages';
};

$stack->done;
