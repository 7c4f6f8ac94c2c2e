#!/usr/bin/perl
# A provider's list has more than one page: numbers of nobody are found on all
# of them, and a list that is too long to be read says nothing of a purchase.
use strict;
use warnings;
use File::Temp ();
use FindBin ();
use JSON::PP ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

use constant {SOME => 20, TOO_MANY => 55};

# One number on a page.
my $small = File::Temp::tempdir(CLEANUP => 1);
chmod 0755, $small;
for my $file (glob "$Stack::TOP/providers/*.json") {
	open my $in, '<', $file or die "$file: $!";
	my $d = JSON::PP::decode_json(do { local $/; <$in> });
	$d->{ops}{list_active}{page_size} = 1 if $d->{ops}{list_active};
	delete $d->{ops}{poll_batch} if $d->{ops};
	my ($name) = $file =~ m{([^/]+)$};
	open my $out, '>', "$small/$name" or die "$name: $!";
	print $out JSON::PP::encode_json($d);
	close $out or die $!;
}

my $stack = Stack->new(conf => join "\n", "provider.descriptors = $small", 'worker.buy_timeout = 1s',
    'worker.settle = 1s', 'api.lease_wait = 2s');
my $user = $stack->user(credit => '20.00');
my $aliens = 0;

$stack->ctl('provider', 'disable', 'south');
$stack->control(north => POST => '/control/set', {never_sms => JSON::PP::true});

sub aliens {
	my ($n) = @_;

	for (; $aliens < $n; $aliens++) {
		my $bought = $stack->get("http://127.0.0.1:$stack->{box}{north}" .
		    '/v1/user/buy/activation/england/any/whatsapp', "Authorization: Bearer $Stack::KEY");
		die $bought->{body} if !$bought->{json}{phone};
	}
}

subtest 'numbers of nobody are found on all pages' => sub {
	aliens(SOME);
	$stack->part(stop_one => 'worker', 'TERM');
	$stack->part(start_worker => 'worker'); # it looks when it starts
	my $found;
	eval { $stack->until_true(60, 'all are found', sub {
		$found = $stack->sql("SELECT count(*) FROM numlease.orphans WHERE reason = 'listed'");
		$found == SOME }) };
	is $found, SOME, 'all of them';
};

subtest 'what may stand on a page that is not read is not bought again' => sub {
	aliens(TOO_MANY);
	my $sold = $stack->control(north => GET => '/control/state')->{sold};
	my $put_off;

	$stack->control(north => POST => '/control/fault', {op => 'buy', kind => 'reset_before'});
	my $lease = $user->lease;
	is $lease->{status}, 202, 'open' or diag $lease->{body};
	$stack->until_true(90, 'the list was read', sub {
		$put_off = $stack->sql('SELECT count(*) FROM numlease.attempts WHERE unsettled_at > settle_at '
		    . "AND unsettled_at < now() + interval '30 s'") == 1;
		$put_off || $stack->sql('SELECT count(*) FROM numlease.attempts') > 1;
	});
	ok $put_off, 'it stays undecided';
	is $stack->control(north => GET => '/control/state')->{sold}, $sold, 'nothing is bought';
	is $stack->sql('SELECT state FROM numlease.attempts'), 'UNKNOWN', 'one attempt, of which nothing is known';
};

$stack->done;
