#!/usr/bin/perl
# Redis and PostgreSQL go and come back under the running pool: requests fail
# clearly or succeed, and nothing of ours has to be restarted.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $stack = Stack->new;
my $user = $stack->user(credit => '100.00');

sub ready {
	return $stack->get('/api/ready');
}

subtest 'Redis goes and comes back' => sub {
	is ready()->{json}{status}, 'ok', 'ready before';
	$stack->end(redis => 'KILL');
	my $answer = ready();
	is $answer->{status}, 200, 'still ready without';
	is $answer->{json}{redis}, 'down', 'and it says so';
	$answer = $user->get('/api/wallet');
	is $answer->{status}, 200, 'reads go on';
	$answer = $user->lease;
	like $answer->{status}, qr/^20[12]$/, 'so do leases' or diag $answer->{body};
	$stack->part('start_redis');
	$stack->until_true(10, 'Redis is back', sub { ready()->{json}{redis} eq 'ok' });
	is $user->lease->{status}, 201, 'and all is as before';
};

subtest 'PostgreSQL goes and comes back' => sub {
	$stack->end(postgres => 'QUIT');
	my $answer = $user->get('/api/wallet');
	is $answer->{status}, 503, 'without it there is a clear answer';
	is $answer->{json}{code}, 'unavailable', 'a problem';
	like $answer->{headers}{'retry-after'} // '', qr/^\d+$/, 'with when to try again';
	is ready()->{status}, 503, 'not ready';
	is $stack->get('/api/health')->{status}, 200, 'the process is there';
	$stack->part('start_postgres');
	$stack->until_true(15, 'it is found again', sub { $user->get('/api/wallet')->{status} == 200 });
	is ready()->{json}{status}, 'ok', 'ready';
	$answer = $user->lease;
	like $answer->{status}, qr/^20[12]$/, 'leases go on' or diag $answer->{body};
	is scalar $stack->log_lines(api => '"event":"process.died"'), 0, 'no process died of it';
};

$stack->done;
