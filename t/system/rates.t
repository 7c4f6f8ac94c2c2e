#!/usr/bin/perl
# A provider whose currency is not the wallets' own: nothing is bought without
# a rate or by an old one, and a purchase keeps the rate it was made by.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $stack = Stack->new;
my $user = $stack->user(credit => '20.00');

subtest 'nothing is bought in a currency without a rate' => sub {
	my $admin = $stack->admin;
	my $refusals = "SELECT DISTINCT c ->> 'refused' FROM numlease.decisions d, " .
	    "jsonb_array_elements(d.candidates -> 'candidates') c WHERE c ->> 'provider' = 'south' " .
	    "AND d.activation_id = '%s'";

	$stack->sql("UPDATE numlease.providers SET currency = 'EUR', fx_at = NULL WHERE name = 'south'");
	my $lease = $user->lease;
	is $lease->{status}, 201, 'the other one sells' or diag $lease->{body};
	is $stack->sql(sprintf $refusals, $lease->{json}{id}), 'no_exchange_rate', 'and why is written down';
	$stack->ctl('fx', 'set', 'EUR', '1.10');
	$stack->sql("UPDATE numlease.providers SET fx_at = now() - interval '31 days' WHERE name = 'south'");
	is $stack->sql(sprintf $refusals, $user->lease->{json}{id}), 'exchange_rate_too_old', 'nor by an old one';
	$stack->ctl('fx', 'set', 'EUR', '1.10');
	$stack->ctl('provider', 'disable', 'north');
	$lease = $user->lease;
	is $lease->{status}, 201, 'one that was looked at is good' or diag $lease->{body};
	$stack->ctl('provider', 'enable', 'north');
	my ($sold) = grep { $_->{what} eq 'linked' }
	    @{$admin->get("/api/admin/numbers/$lease->{json}{id}/timeline")->{json}{data}};
	is "$sold->{currency} $sold->{fx_rate}", 'EUR 1.100000', 'and stands with the purchase';
};

$stack->done;
