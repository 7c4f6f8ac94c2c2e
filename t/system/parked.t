#!/usr/bin/perl
# Parked leases: four threads hold 500 purchases, all of which wait for their
# providers at once, and go on serving others meanwhile.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use IO::Socket::SSL ();
use JSON::PP ();
use Stack;
use Test::More;
use Time::HiRes qw(time);

use constant {LEASES => 500, THREADS => 4};

my $slow = ($ENV{NUMLEASE_APP} // '') =~ /-(a|t)san$/; # sanitizers cost time

my @rich = ('--balance', 1_000_000, '--sms-delay-ms', 86_400_000);
my $stack = Stack->new(north => \@rich, south => \@rich,
    conf => join "\n", 'api.processes = 1', "api.threads = @{[THREADS]}", 'api.lease_wait = 50s',
	'worker.buy_timeout = 50s', 'lease.max_active = ' . LEASES, 'rate.lease_per_minute = 100000');
my $user = $stack->user(credit => '5000.00');
$stack->control($_ => POST => '/control/set', {stock => 1_000_000}) for qw(north south);
$stack->control($_ => POST => '/control/fault',
    {op => 'buy', kind => 'hold', count => -1}) for qw(north south);

# One for all: to read the certificate takes longer than to use it.
my $tls = IO::Socket::SSL::SSL_Context->new(SSL_ca_file => "$stack->{dir}/etc/tls.crt",
    SSL_verify_mode => IO::Socket::SSL::SSL_VERIFY_PEER()) or die $IO::Socket::SSL::SSL_ERROR;

# A connection of its own, with the request on its way.
sub ask {
	my ($method, $path, $body, @headers) = @_;
	my $s = IO::Socket::SSL->new(PeerHost => 'localhost', PeerPort => $stack->{port},
	    SSL_reuse_ctx => $tls) or die "connect: $! $IO::Socket::SSL::SSL_ERROR";

	print $s join("\r\n", "$method $path HTTP/1.1", 'Host: localhost', 'Connection: close',
	    'Content-Type: application/json', 'Content-Length: ' . length $body,
	    $user->headers(@headers), '', $body);
	return $s;
}

# {status, json} of what comes on it.
sub answer {
	my ($s) = @_;
	my $text = do { local $/; <$s> } // '';
	close $s; # nginx waits for it
	my ($head, $body) = split /\r\n\r\n/, $text, 2;
	my ($status) = ($head // '') =~ m{\AHTTP/\S+ (\d+)};

	$body =~ s/\A[0-9a-f]+\r\n(.*)\r\n0\r\n\r\n\z/$1/s if ($head // '') =~ /^Transfer-Encoding: chunked/mi;
	return {status => $status // 0, json => scalar eval { JSON::PP::decode_json($body) }};
}

# Connections that bring nothing yet, not even their end.
sub silent {
	my $n = 0;

	for my $s (@_) {
		$s->blocking(0);
		$n++ if !defined $s->sysread(my $byte, 1) &&
		    $IO::Socket::SSL::SSL_ERROR == IO::Socket::SSL::SSL_WANT_READ();
		$s->blocking(1);
	}
	return $n;
}

# The process that has so many files open: {files, threads}. Only root may look.
sub busiest {
	my @all = map { my $p = $_; +{files => scalar(() = glob "/proc/$p/fd/*"),
	    threads => scalar(() = glob "/proc/$p/task/*")} } split ' ', qx(pgrep -P @{[$stack->pid('api')]});

	return (sort { $b->{files} <=> $a->{files} } @all)[0];
}

sub reserved { return $stack->sql("SELECT count(*) FROM numlease.activations WHERE state = 'RESERVED'") }

sub buying {
	my $n = 0;

	$n += $stack->control($_ => GET => '/control/state?orders=0')->{sold} for qw(north south);
	return $n;
}

my $from = time;
my @asked = map { ask(POST => '/api/numbers', '{"service":"telegram","country":"gb"}', "Idempotency-Key: p-$_") }
    1 .. LEASES;
$stack->until_true(30, 'all wait for a provider', sub { buying() == LEASES });
note sprintf 'all wait for a provider %.1f s after the first came', time - $from;
is reserved(), LEASES, 'all are reserved';
if ($> == 0) {
	my $process = busiest();
	cmp_ok $process->{files}, '>', LEASES, 'one process holds all of them';
	cmp_ok $process->{threads}, '<=', THREADS + 4, "with $process->{threads} threads in all";
}

my ($worst, $failed) = (0, 0);
for my $path (('/api/health', '/api/wallet', '/api/numbers?limit=2') x 10) {
	my $at = time;
	my $answer = answer(ask(GET => $path, ''));
	my $needed = time - $at;

	$failed++ if $answer->{status} != 200;
	$worst = $needed if $needed > $worst;
}
is $failed, 0, 'others are served meanwhile';
cmp_ok $worst, '<', $slow ? 3 : 0.5, sprintf 'each within %.0f ms', $worst * 1000;
is reserved(), LEASES, 'all were still reserved then';
is silent(@asked), LEASES, 'and none was answered';

$stack->control($_ => POST => '/control/clear', {}) for qw(north south);
my (%status, %phone, %id);
for my $s (@asked) {
	my $answer = answer($s);
	my $n = $answer->{json};

	$status{$answer->{status}}++;
	$phone{$n->{phone} // ''}++;
	$id{$n->{id} // ''}++ if ($n->{state} // '') eq 'active';
}
note sprintf '%.1f s from the first request to the last answer', time - $from;
is_deeply \%status, {201 => LEASES}, 'each is answered 201' or diag explain \%status;
is scalar keys %phone, LEASES, 'with a phone of its own';
is scalar keys %id, LEASES, 'and active';
is buying(), LEASES, 'so many were bought, and no more';
is $stack->sql('SELECT count(*) FROM numlease.attempts'), LEASES, 'by one attempt each';
$stack->done;
