#!/usr/bin/perl
# The program numlease-sandbox: its options, its start and its end, how much
# it can carry.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use File::Temp ();
use Sandbox;
use Test::More;
use Time::HiRes qw(time);

# Exit code and output of a run that must end by itself.
sub run {
	my @args = @_;
	my $out = qx(timeout 10 ./numlease-sandbox @args 2>&1);

	return ($? >> 8, $out);
}

subtest 'options' => sub {
	my @good = qw(--dialect 5sim --key k);

	for (['--help', 0, qr/^usage: numlease-sandbox/], ['--version', 0, qr/^numlease-sandbox \d/],
		['', 64, qr/--dialect must be/], ['--dialect nothing --key k', 64, qr/--dialect must be/],
		['--dialect 5sim', 64, qr/--key must have/], ['--dialect 5sim --key ""', 64, qr/--key must have/],
		["@good --nothing", 64, qr/usage:/], ["@good extra", 64, qr/usage:/], ["@good --name", 64, qr/usage:/],
		["@good --listen 127.0.0.1", 64, qr/--listen must be/],
		["@good --listen :80", 64, qr/--listen must be/],
		["@good --listen 127.0.0.1:65536", 64, qr/--listen must be/],
		["@good --listen 127.0.0.1:-1", 64, qr/--listen must be/],
		["@good --balance x", 64, qr/--balance must be/],
		["@good --price-scale 0", 64, qr/--price-scale must be/],
		["@good --sms-delay-ms -1", 64, qr/--sms-delay-ms must be/],
		["@good --first-id 0", 64, qr/--first-id must be/],
		["@good --seed x", 64, qr/--seed must be/],
		["@good --countries gb,atlantis", 64, qr/--countries names/],
		["@good --services nothing", 64, qr/--services names/],
		["@good --log /nonexistent/x", 64, qr/--log cannot/],
		["@good --listen 192.0.2.1:1", 69, qr/"event":"sandbox.start_failed".*192\.0\.2\.1/],
		["@good --port-file /nonexistent/x", 73, qr/port file/]) {
		my ($args, $code, $text) = @$_;
		my ($rc, $out) = run($args);

		is($rc, $code, "'$args' is $code");
		like($out, $text, '  and says why');
	}
};

subtest 'start and end' => sub {
	for my $signal (qw(TERM INT)) {
		my $box = Sandbox->start(dialect => '5sim', name => 'alpha');
		my $rs = $box->get('/v1/user/profile');

		is($rs->{status}, 200, 'serves');
		is($box->stop($signal), 0, "$signal ends it with 0");
		my @lines = split /\n/, $box->log;
		ok(!(grep { !defined Sandbox::decode($_) } @lines), 'every line of the log is JSON');
		like($lines[0], qr/"event":"sandbox\.started".*"name":"alpha".*"port":$box->{port}/, 'started');
		like($lines[-1], qr/"event":"sandbox\.stopped"/, 'stopped');
		unlike($box->log, qr/$Sandbox::KEY/, 'the key is not in the log');
	}
	my $box = Sandbox->start(dialect => '5sim');
	my ($rc) = run("--dialect 5sim --key k --listen 127.0.0.1:$box->{port}");
	is($rc, 69, 'a port that is taken');
};

subtest 'what is sold' => sub {
	my $box = Sandbox->start(dialect => 'handler_api', countries => 'gb,france,187', services => 'telegram,wa',
		'price-scale' => 200, balance => '5.5', 'lifetime-s' => 60, 'early-cancel-s' => 60);
	my $other = Sandbox->start(dialect => 'handler_api');

	is_deeply([sort keys %{$box->json('getPrices')}], [16, 187, 78], 'these countries');
	is_deeply([sort keys %{$box->json('getPrices')->{16}}], ['tg', 'wa'], 'these services');
	is($box->json('getPrices')->{16}{tg}{cost}, $other->json('getPrices')->{16}{tg}{cost} * 2,
		'at this price');
	is($box->text('getBalance'), 'ACCESS_BALANCE:5.50', 'for this balance');
	is($box->text('getNumber', service => 'ds', country => 16), 'NO_NUMBERS', 'not another service');
	is($box->text('getNumber', service => 'tg', country => 43), 'NO_NUMBERS', 'nor country');
	my ($id) = $box->text('getNumber', service => 'tg', country => 16) =~ /^ACCESS_NUMBER:(\d+):/;
	is($box->text('setStatus', id => $id, status => 8), 'EARLY_CANCEL_DENIED', 'cancelled so late');
	cmp_ok($id, '<', 2**31, 'an id that clients can read');
	my $t = time;
	Sandbox::wait_for(sub { time - $t > 0.125 }); # ids count sixteenths of a second
	my $again = Sandbox->start(dialect => 'handler_api');
	my ($later) = $again->text('getNumber', service => 'tg', country => 16) =~ /^ACCESS_NUMBER:(\d+):/;
	cmp_ok($later, '>', $id, 'ids do not come back after a restart');
};

subtest 'the same seed' => sub {
	my @run = map {
		my $box = Sandbox->start(dialect => '5sim', seed => $_, 'first-id' => 1, 'sms-delay-ms' => 0);

		$box->get('/v1/user/buy/activation/england/any/telegram') for 1 .. 3;
		join ' ', map { "$_->{phone} $_->{sms}[0]{text}" } @{$box->state->{orders}};
	} 7, 7, 8;

	is($run[0], $run[1], 'gives the same phones and codes');
	isnt($run[0], $run[2], 'another seed gives others');
};

subtest 'ten thousand orders' => sub {
	my $box = Sandbox->start(dialect => '5sim', balance => '1000000', 'sms-delay-ms' => 0);
	my $agent = $box->agent(keep_alive => 1);
	my $t = time;

	$box->get('/v1/user/buy/activation/england/any/telegram', agent => $agent) for 1 .. 10_000;
	my $bought = time - $t;
	is($box->state->{sold}, 10_000, 'are sold');
	$t = time;
	my %seen;
	for my $page (0 .. 99) {
		my $rs = $box->get("/v1/user/orders?category=activation&limit=100&offset=" . $page * 100,
			agent => $agent);
		$seen{$1}++ while $rs->{content} =~ /"id":(\d+),[^}]*"code":"\d{5}"/g;
	}
	my $paged = time - $t;
	is(scalar keys %seen, 10_000, 'are listed, each once');
	my %phones;
	my $whole = $box->get('/v1/user/orders?category=activation&limit=10000', agent => $agent);
	$phones{$1}++ while $whole->{content} =~ /"phone":"(\+447\d{9})"/g;
	is(scalar keys %phones, 10_000, 'have phones of their own');
	$t = time;
	$box->get('/v1/user/profile', agent => $agent) for 1 .. 100;
	my $profile = (time - $t) / 100;
	cmp_ok($profile, '<', 0.02, 'do not slow down the balance');
	diag(sprintf 'bought %.0f/s, 100 pages of 100 in %.2f s, balance %.2f ms',
		10_000 / $bought, $paged, $profile * 1000);
};

done_testing();
