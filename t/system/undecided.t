#!/usr/bin/perl
# Purchases whose answer was lost, at providers that have no list: decided by
# the history, by the balance, or not at all, and then bounded.
use strict;
use warnings;
use File::Copy qw(copy);
use File::Temp ();
use FindBin ();
use lib "$FindBin::Bin/../lib";
use JSON::PP ();
use Stack;
use Test::More;

my $folder = File::Temp::tempdir('numlease-XXXXXX', DIR => '/tmp', CLEANUP => 1);
chmod 0755, $folder;
copy($_, $folder) for glob "$Stack::TOP/providers/*.json";

sub descriptor {
	my ($id, $reconcile, %ops) = @_;
	my %all = (schema => 1, id => $id, extends => 'sms-activate',
	    ops => {list_active => undef, poll_batch => undef, buy => {reconcile => undef}, %ops});

	open my $out, '>', "$folder/$id.json" or die $!;
	print $out JSON::PP->new->encode(\%all);
	close $out or die $!;
	return unless $reconcile;
	my %more = (schema => 1, id => "by-$id", extends => $id, ops => {buy => {reconcile => $reconcile}});
	open $out, '>', "$folder/by-$id.json" or die $!;
	print $out JSON::PP->new->encode(\%more);
	close $out or die $!;
}

descriptor(history => {op => 'history', match => [], before_s => 30, keeps_s => 2_592_000},
	history => {
		request => {method => 'GET', path => '/stubs/handler_api.php',
			query => {action => 'getHistory', offset => '{offset}', limit => '{limit}'}},
		page_size => 100, rules => [{if => {json => '$', type => 'array'}, ok => {}}],
		items => {at => '$[*]', rules => [{if => {json => '$.status', in => ['6']}, state => 'finished'},
			{if => {json => '$.status', in => ['8']}, state => 'canceled'},
			{if => {json => '$.id', exists => JSON::PP::true}, state => 'waiting'}],
			set => {id => {json => '$.id'}, phone => {json => '$.phone'}, created_at => {json => '$.date'},
				cost => {json => '$.cost', null_if => ['0', '0.0', '0.00']}}}});
descriptor(balance => {op => 'balance'});
descriptor('nothing');

# Each is bought from alone.
for my $how (qw(by-history by-balance nothing)) {
	subtest $how => sub {
		my $stack = Stack->new(descriptor => {south => $how}, south => ['--sms-delay-ms', 86_400_000],
			conf => "provider.descriptors = $folder\nworker.settle = 1s\nworker.buy_timeout = 3s\n" .
			    'api.lease_wait = 1s' . "\nprovider.exposure_share = 0%");
		my $user = $stack->user(credit => '20.00');
		my $state = sub { $stack->control(south => GET => '/control/state') };
		my $lost = sub {
			$stack->control(south => POST => '/control/fault', {kind => $_[0]});
			my $answer = $user->lease;
			is $answer->{status}, 202, "$_[0]: not known at first" or diag $answer->{body};
			return $answer->{json}{id};
		};
		my $doubts = sub { $stack->sql("SELECT count(*), coalesce(sum(amount), 0) FROM numlease.doubts WHERE closed_at IS NULL") };

		$stack->ctl('provider', 'disable', 'north');
		is $user->lease->{status}, 201, 'it sells';
		my $price = $state->()->{orders}[-1]{price} * 1e6;
		$price = $stack->sql('SELECT max_cost FROM numlease.attempts') if $how eq 'nothing';

		# Sold, and nobody heard of it.
		my $id = $lost->('timeout_after_sale');
		if ($how eq 'by-history') {
			my $n = $user->until_number($id, 'found', sub { $_[0]{state} eq 'active' }, 30);
			is $state->()->{sold}, 2, 'bought once';
			is $doubts->(), '0|0', 'no doubt';
		} else {
			my $n = $user->until_number($id, 'released', sub { $_[0]{state} eq 'failed' }, 30);
			is $n->{charged}, '0.000000', 'nothing charged';
			is $doubts->(), "1|$price", 'its cost is a doubt';
			my ($attempt) = $stack->ctl('order', 'doubts') =~ /^(\S+)/;
			my $loss = sprintf 'lost %.6f', $price / 1e6;
			like $stack->ctl('order', 'doubt', $attempt, '0', '--reason', 'they keep it'), qr{^$loss$}m, 'an operator closes it';
			is $doubts->(), '0|0', 'no doubt any more';
		}

		# Not sold, and nobody heard of that.
		my $sold = $state->()->{sold};
		$id = $lost->('timeout');
		if ($how eq 'nothing') {
			$user->until_number($id, 'released', sub { $_[0]{state} eq 'failed' }, 30);
			is $doubts->(), "1|$price", 'who can tell: a doubt';
		} else {
			my $more = $user->lease;
			is $more->{status}, 202, 'another one waits for its turn';
			$user->until_number($_, 'bought', sub { $_[0]{state} eq 'active' }, 40)
			    for $id, $more->{json}{id};
			is $state->()->{sold}, $sold + 2, 'absent, and ordered again';
			is $doubts->(), '0|0', 'no doubt';
		}

		if ($how eq 'nothing') {
			$stack->sql("UPDATE numlease.doubts SET amount = 5000000");
			is $user->lease->{status}, 409, 'at its bound nothing more is bought';
			$stack->sql("UPDATE numlease.doubts SET amount = $price");
		}
		is $stack->sql("SELECT count(*) FROM numlease.attempts WHERE unsettled_at IS NOT NULL"), 0,
		    'nothing is stuck';
		is +($stack->try_part('ctl', 'ledger', 'verify'))[1], "0 differences\n", 'the ledger adds up';
		$stack->stop;
	};
}

done_testing;
