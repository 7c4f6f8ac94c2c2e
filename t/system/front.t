#!/usr/bin/perl
# The pools: kept connections, parked requests, reload, stop, crashes.
#	NUMLEASE_LONG=1 gives the long forms.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Front;
use Test::More;
use Time::HiRes qw(sleep time);

my $long = $ENV{NUMLEASE_LONG};
my $slow = ($ENV{NUMLEASE_APP} // '') =~ /-(a|t)san$/; # sanitizers cost time

plan skip_all => 'nginx is missing' unless defined Front::nginx();

subtest 'kept connections' => sub {
	my $front = Front->new(nginx => 0, conf => "api.processes = 1\napi.threads = 4\n");
	my $seconds = $long ? 30 : 5;
	my $r = $front->load('/api/health', 64, $seconds);

	note "64 connections, 4 threads, $seconds s: " . join ' ', map { "$_=$r->{$_}" } sort keys %$r;
	is $r->{failed}, 0, 'none failed';
	my ($least, $most) = $slow ? (20, 1_000_000) : (100, 100_000);
	cmp_ok $r->{least}, '>=', $least, "each connection was served at least $least times";
	cmp_ok $r->{p99_us}, '<=', $most, "99 % within $most us";
};

subtest 'parked requests' => sub {
	my $front = Front->new(nginx => 0, conf => "api.processes = 1\napi.threads = 4\n");
	my $from = time;
	my $r = $front->load('/api/wait/1000', 500, 0);
	my $took = time - $from;

	note "500 parked: " . join ' ', map { "$_=$r->{$_}" } sort keys %$r;
	is $r->{requests}, 500, 'all 500 are answered';
	is $r->{failed}, 0, 'none failed';
	cmp_ok $took, '<', $slow ? 20 : 5, 'together, not one after the other';
};

subtest 'reload under load' => sub {
	my $front = Front->new(conf => "api.processes = 2\napi.threads = 4\n");
	my $lease = "$front->{dir}/post.lua";
	my $seconds = $long ? 60 : 14;
	my %sum;

	$front->write_file('post.lua', 'wrk.method = "POST"' . "\n");
	my @children;
	for (['/api/health', 16, ''], ['/api/numbers', 16, "-s $lease"]) {
		my ($path, $conns, $script) = @$_;
		open my $out, '-|', "wrk -t1 -c$conns -d${seconds}s --timeout 20s $script " .
		    "https://localhost:$front->{https}$path 2>&1" or die;
		push @children, $out;
	}
	for my $n (1 .. 20) {
		$front->signal('HUP');
		$front->wait_for(20, sub { $front->log_count('serving') == $n + 1 }) or last;
		sleep $seconds * 0.8 / 20;
	}
	for my $out (@children) {
		my $text = do { local $/; <$out> };
		close $out;
		note $text;
		$sum{requests} += $1 if $text =~ /(\d+) requests in/;
		$sum{failed} += $1 if $text =~ /Non-2xx or 3xx responses: (\d+)/;
		$sum{failed} += $1 + $2 + $3 + $4
		    if $text =~ /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/;
	}
	is $front->log_count('serving'), 21, '20 generations have followed the first';
	cmp_ok $sum{requests}, '>=', $slow ? 1000 : 10_000, "$sum{requests} requests, leases among them";
	is $sum{failed} // 0, 0, 'none failed';
	is $front->log_count('process.died'), 0, 'no process had to be killed';
	ok $front->wait_for(30, sub { $front->processes == 4 }), 'the old generations have left';
};

subtest 'refused settings' => sub {
	my $front = Front->new(conf => "api.processes = 1\n");
	my $before = $front->get('/api/pid')->{body};

	$front->set_conf("api.threads = many\n");
	$front->signal('HUP');
	ok $front->wait_for(5, sub { $front->log_count('settings.refused') == 1 }), 'they are refused';
	is $front->get('/api/pid')->{body}, $before, 'the old process goes on';
	$front->set_conf("api.processes = 1\n");
	$front->signal('HUP');
	ok $front->wait_for(10, sub { $front->log_count('serving') == 2 }), 'good ones are taken';
	ok $front->wait_for(10, sub { $front->get('/api/pid')->{body} ne $before }),
	    'by a new process, once the kept connection to the old one is used up';
};

subtest 'a killed process is replaced' => sub {
	my $front = Front->new(conf => "api.processes = 1\n");
	my $before = $front->get('/api/pid')->{body};

	kill 'KILL', $before;
	ok $front->wait_for(5, sub { $front->log_count('process.died') == 1 }), 'its death is logged';
	ok $front->wait_for(5, sub { $front->get('/api/health')->{status} == 200 }), 'another serves';
	isnt $front->get('/api/pid')->{body}, $before, 'with another pid';
};

subtest 'a process that keeps dying is replaced ever more slowly' => sub {
	my $front = Front->new(conf => "api.processes = 1\n");
	my $end = time + 3;

	while (time < $end) {
		my $pid = $front->get('/api/pid')->{body};
		kill 'KILL', $pid if $pid =~ /^\d+$/;
		sleep 0.02;
	}
	my $n = $front->log_count('process.died');
	cmp_ok $n, '>=', 3, "it died $n times";
	cmp_ok $n, '<=', 7, 'not in a tight loop';
};

subtest 'stop' => sub {
	for (['TERM', 'hurry', 3], ['QUIT', 'waited', 15]) {
		my ($signal, $answer, $within) = @$_;
		my $front = Front->new(conf => "api.processes = 1\n");
		my $url = "https://localhost:$front->{https}/api/wait/1500";

		$front->get('/api/health'); # leaves a kept connection behind
		open my $out, '-|', 'curl', '-sk', $url or die;
		ok $front->wait_for(5, sub { $front->log_count('request.parks') == 1 }), "$signal: one waits";
		$front->signal($signal);
		my $body = do { local $/; <$out> } // '';
		is $body, $answer, "$signal: what was parked is answered";
		ok $front->ended($within), "$signal: ended within $within s";
		is $front->{status}, 0, "$signal: exit 0";
		ok !-e "$front->{dir}/run/api.sock", "$signal: its sockets are gone";
		ok !-e "$front->{dir}/run/server.pid", "$signal: its pid file is gone";
	}
};

subtest 'USR1 opens the log again' => sub {
	my $front = Front->new(conf => "api.processes = 1\n");
	my $log = "$front->{dir}/log/server.log";

	rename $log, "$log.1";
	$front->signal('USR1');
	ok $front->wait_for(5, sub { -e $log }), 'the master has a new file';
	ok $front->wait_for(5, sub { $front->get('/api/health'); $front->log_count('request') > 0 }),
	    'the processes write to it';
};

subtest 'death of the master' => sub {
	my $front = Front->new(conf => "api.processes = 2\n");
	my @processes = $front->processes;

	$front->signal('KILL');
	ok $front->wait_for(10, sub { !grep { kill 0, $_ } @processes }), 'its processes leave';
	$front->ended(5);
	ok -e "$front->{dir}/run/api.sock", 'the socket is left behind';
	unlink "$front->{dir}/log/server.log";
	$front->start;
	is $front->get('/api/health')->{status}, 200, 'and replaced by the next start';
};

subtest 'two masters' => sub {
	my $front = Front->new(conf => "api.processes = 1\n", nginx => 0);
	my $out = qx($front->{dir}/bin/front_server -c $front->{dir}/etc/numlease.conf 2>&1);

	is $? >> 8, 69, 'the second one ends';
	like $front->read_file('log/server.log'), qr/served by another program/, 'and says why';
	ok -S "$front->{dir}/run/api.sock", 'the socket of the first is still there';
};

done_testing;
