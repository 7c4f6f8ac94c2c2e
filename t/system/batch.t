#!/usr/bin/perl
# Leases that are asked for at once share transactions: 64 of them reserve by
# a few calls, each gets its own answer, and a repeated one the first's.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

use constant {LEASES => 64, POOR => 4, THREADS => 2};

my @rich = ('--balance', 1_000_000, '--sms-delay-ms', 86_400_000);
my $stack = Stack->new(north => \@rich, south => \@rich,
    postgres => '-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track=top',
    conf => join "\n", 'api.processes = 1', 'log.level = debug', 'database.timeout = 30s',
	'api.lease_wait = 50s', 'lease.max_active = 1000', 'rate.lease_per_minute = 100000');
my $rich = $stack->user(credit => '1000.00');
my $poor = $stack->user;

$stack->sql('CREATE EXTENSION pg_stat_statements');
$rich->lease for 1 .. 2; # connections are made

# Nobody can reserve while this has the wallets.
sub hold_wallets {
	my $psql = join ' ', map { Stack::quote($_) } "$Stack::TOP/scripts/stack", $stack->{dir},
	    $stack->{app}, 'as_user', 'psql', '-qAtX';

	local $ENV{STACK_CONF} = $stack->{conf};
	open my $in, '|-', "$psql >/dev/null" or die "psql: $!";
	$in->autoflush;
	print $in "BEGIN; LOCK TABLE numlease.wallets IN EXCLUSIVE MODE;\n";
	$stack->until_true(20, 'the wallets are locked', sub {
		$stack->sql("SELECT count(*) FROM pg_locks WHERE granted AND mode = 'ExclusiveLock' "
		    . "AND relation = 'numlease.wallets'::regclass");
	});
	return $in;
}

# Lease in a process of its own; what it prints is the status and the id.
sub lease_aside {
	my ($user, $key) = @_;

	my $pid = open(my $from, '-|') // die "fork: $!";
	if ($pid == 0) {
		my $n = $user->lease(key => $key);
		print "$n->{status} ", $n->{json}{id} // '-', "\n";
		STDOUT->flush;
		require POSIX;
		POSIX::_exit(0);
	}
	return $from;
}

sub calls {
	return $stack->sql('SELECT coalesce(sum(calls), 0) FROM pg_stat_statements '
	    . "WHERE query ~ 'numlease\\.activation_reserve\\('");
}

my $parked = $stack->log_lines(api => 'request\.parks');
my $holder = hold_wallets();
$stack->sql('SELECT pg_stat_statements_reset()');
my @asked = ((map { lease_aside($rich, "batch-$_") } 1 .. LEASES), lease_aside($rich, 'batch-1'),
    map { lease_aside($poor, "poor-$_") } 1 .. POOR);
$stack->until_true(40, 'all have parked', sub {
	my $n = $stack->log_lines(api => 'request\.parks');
	return $n - $parked >= @asked;
});
print $holder "COMMIT;\n";
close $holder;
my @said = map { my $from = $_; chomp(my $line = <$from> // ''); close $from; [split / /, $line] } @asked;

my ($again, @poor) = splice @said, LEASES;
is scalar(grep { $_->[0] == 201 } @said), LEASES, 'each has its number';
is scalar(keys %{{map { $_->[1] => 1 } @said}}), LEASES, 'one of its own';
is $again->[0], 201, 'the repeated one too';
is $again->[1], $said[0][1], 'the number of the first';
is join(' ', map { $_->[0] } @poor), join(' ', (402) x POOR), 'who has no money is told so';
my $calls = calls();
diag sprintf '%d reservations by %d calls', scalar @asked, $calls;
# Two are held up with what came first; what waits behind them is one batch,
# or two when there are more than fit.
cmp_ok $calls, '<=', THREADS + 2, 'they shared transactions';
is $stack->sql("SELECT count(*) FROM numlease.activations a JOIN numlease.users u ON u.id = a.user_id "
    . "WHERE u.email = '$rich->{email}'"), LEASES + 2, 'and nothing was reserved twice';

$stack->done;
