#!/usr/bin/perl
# The API pool under load: reloads, a renamed log and a stop lose no request.
#	NUMLEASE_LONG=1 gives the long form.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;
use Time::HiRes qw(sleep time);

my $long = $ENV{NUMLEASE_LONG};
my $slow = ($ENV{NUMLEASE_APP} // '') =~ /-(a|t)san$/; # sanitizers cost time
my ($reloads, $least) = $long ? (100, 100_000) : (20, $slow ? 1000 : 10_000);
my @rich = ('--balance', 1_000_000, '--sms-delay-ms', 86_400_000);

my $stack = Stack->new(north => \@rich, south => \@rich,
    nginx => 'RATE_READ=100000r/s RATE_LEASE=100000r/s',
    conf => join "\n", 'api.threads = 4', 'database.pool_size = 4', 'api.drain_timeout = 15s',
	'lease.max_active = 100000', 'rate.lease_per_minute = 1000000', 'log.sink = @DIR@/log/all.log');
my $log = "$stack->{dir}/log/all.log";
my $user = $stack->user(credit => '100000.00');
my $cert = "$stack->{dir}/etc/tls.crt";

# Lines of the log that are about an event, also of a log that was renamed.
sub count {
	my ($event) = @_;
	my $n = 0;

	for my $file (glob "$log*") {
		open my $in, '<', $file or next;
		while (<$in>) { $n++ if /"event":"\Q$event\E"/ }
	}
	return $n;
}

# Requests that nginx has answered.
sub answered {
	open my $in, '<', "$stack->{dir}/log/nginx-access.log" or return 0;
	my $n = 0;

	while (sysread $in, my $piece, 1 << 20) { $n += $piece =~ tr/\n// }
	return $n;
}

# The processes of all generations: children of the master.
sub processes { return split ' ', qx(pgrep -P @{[$stack->pid('api')]}) }

# A wrk that asks what the Lua text says, until it is interrupted; its
# connections stay open.
sub load {
	my ($name, $conns, $lua) = @_;
	my $script = "$stack->{dir}/$name.lua";

	open my $to, '>', $script or die "$script: $!";
	print $to "local token = 'Bearer $user->{token}'\n$lua", <<'LUA';
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() seen = {} end
function response(status)
	seen[status] = (seen[status] or 0) + 1
	line = ''
	for s, n in pairs(seen) do line = line .. ' status ' .. s .. '=' .. n end
end
function done()
	for _, thread in ipairs(threads) do print((thread:get('line') or '')) end
end
LUA
	close $to or die $!;
	my $pid = open my $out, '-|', "exec wrk -t1 -c$conns -d600s --timeout 20s " .
	    "-s $script https://localhost:$stack->{port}/ 2>&1" or die "wrk: $!";
	return {pid => $pid, out => $out};
}

# End it: {status => how many, errors => of the sockets}
sub outcome {
	my ($load) = @_;
	my $out = $load->{out};
	my %of = (errors => 0);

	kill 'INT', $load->{pid};
	my $text = do { local $/; <$out> };
	close $out;
	note $text;
	$of{$1} += $2 while $text =~ /status (\d+)=(\d+)/g;
	$of{errors} += $1 + $2 + $3 + $4
	    if $text =~ /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/;
	return \%of;
}

subtest 'reload under load' => sub {
	my $before = count('serving');
	# Purchases at one of the two are slow: leases are parked across reloads.
	$stack->control($_ => POST => '/control/set', {stock => 1_000_000}) for qw(north south);
	$stack->control(north => POST => '/control/fault',
	    {op => 'buy', kind => 'latency', delay_ms => 300, count => -1});
	my $reads = load(reads => 16, <<'LUA');
local paths = {'/api/health', '/api/wallet', '/api/offers?service=telegram&country=gb',
	'/api/numbers?limit=2', '/api/auth/me', '/api/services'}
local n = 0
function request()
	n = n + 1
	return wrk.format('GET', paths[n % #paths + 1], {Authorization = token})
end
LUA
	my $leases = load(leases => 8, <<'LUA');
local n = 0
function request()
	n = n + 1
	return wrk.format('POST', '/api/numbers', {Authorization = token,
		['Content-Type'] = 'application/json', ['Idempotency-Key'] = 'load-' .. n},
		'{"service":"telegram","country":"gb"}')
end
LUA
	for my $n (1 .. $reloads) {
		kill 'HUP', $stack->pid('api');
		$stack->until_true(40, "generation $n serves", sub { count('serving') >= $before + $n });
		my $now = answered(); # some of them by this one
		$stack->until_true(40, "generation $n answers", sub { answered() > $now + $least / 50 });
	}
	$stack->until_true($long ? 300 : 90, "$least answers", sub { answered() > $least });
	my ($read, $leased) = (outcome($reads), outcome($leases));
	my $sum = 0;
	for my $o ($read, $leased) {
		$sum += $o->{$_} for grep { /^2/ } keys %$o;
		is join(' ', grep { !/^(2|errors)/ } keys %$o), '', 'only answers of 2xx';
		is $o->{errors}, 0, 'no connection failed';
	}
	is count('serving') - $before, $reloads, "$reloads generations followed";
	cmp_ok $sum, '>=', $least, "$sum requests";
	cmp_ok $leased->{201} // 0, '>=', $slow ? 10 : 50, ($leased->{201} // 0) . ' leases among them';
	is count('process.died'), 0, 'no process had to be killed';
	is count('panic'), 0, 'none broke a law';
	$stack->until_true(40, 'the old generations leave', sub { processes() == 4 });
	$stack->control($_ => POST => '/control/clear', {}) for qw(north south);
	$stack->until_true(20, 'every reservation is settled', sub { $stack->sql(
		"SELECT count(*) FROM numlease.activations WHERE state = 'RESERVED'") == 0 });
};

subtest 'USR1 opens the log again' => sub {
	rename $log, "$log.1" or die $!;
	kill 'USR1', $stack->pid($_) for qw(api worker);
	$stack->until_true(10, 'a new file', sub { -e $log });
	$stack->until_true(10, 'the processes write to it', sub {
		$user->get('/api/wallet');
		open my $in, '<', $log or return 0;
		return scalar grep { /"event":"request"/ } <$in>;
	});
	my $was = -s "$log.1";
	is $user->get('/api/wallet')->{status}, 200, 'another request' for 1 .. 20;
	is -s "$log.1", $was, 'nothing goes to the old one';
};

subtest 'TERM answers a lease that is parked' => sub {
	$stack->control($_ => POST => '/control/fault',
	    {op => 'buy', kind => 'latency', delay_ms => 4000, count => 1}) for qw(north south);
	open my $out, '-|', 'curl', '-sS', '--cacert', $cert, '-w', "\n%{http_code}",
	    '-H', "Authorization: Bearer $user->{token}", '-H', 'Idempotency-Key: parked',
	    '-H', 'Content-Type: application/json', '--data', '{"service":"telegram","country":"gb"}',
	    "https://localhost:$stack->{port}/api/numbers" or die "curl: $!";
	my $open = "SELECT count(*) FROM numlease.activations WHERE state = 'RESERVED'";
	$stack->until_true(10, 'it is reserved', sub { $stack->sql($open) == 1 });
	my $from = time;
	$stack->end(api => 'TERM');
	cmp_ok time - $from, '<', 3, 'the stop does not wait for the provider';
	my @answer = <$out>;
	is $answer[-1], 202, 'the client is told that it is under way' or diag @answer;
	my ($id) = "@answer" =~ /"id":"([0-9a-f-]{36})"/;
	is count('process.died'), 0, 'all ended by themselves';
	$stack->part('start_api');
	my $n = $user->until_number($id, 'the number', sub { $_[0]{state} ne 'reserved' });
	is $n->{state}, 'active', 'and finds its number after the restart';
	my $again = $user->lease(key => 'parked');
	is $again->{json}{id}, $id, 'also by its key';
};

$stack->done;
