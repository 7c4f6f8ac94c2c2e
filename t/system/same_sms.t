#!/usr/bin/perl
# Where a provider tells of an SMS in two ways, by its code and by its text,
# it is one SMS: stored once, told once, with its text as soon as that is known.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

use constant OTHERS => 6; # so many that a list is asked for

my $stack = Stack->new(conf => "worker.poll_interval = 200ms\nlease.max_active = 100",
    south => ['--sms-delay-ms', 86_400_000]);
my $user = $stack->user(credit => '50.00');

$stack->ctl('provider', 'disable', 'north');
is $user->post('/api/webhooks', {url => 'http://127.0.0.1:1/hook'})->{status}, 201, 'somebody is told';

my $id = $user->lease->{json}{id};
$stack->sms($id, 'Your code is 4711');
my $n = $user->until_number($id, 'its code', sub { defined $_[0]{code} }, 30);
is $n->{messages}[0]{text}, '4711', 'alone, the number is asked for its code';

$user->lease for 1 .. OTHERS;
$stack->until_true(60, 'the list tells the text', sub {
	$n = $user->get("/api/numbers/$id")->{json};
	grep { $_->{text} ne '4711' } @{$n->{messages}};
});
is scalar @{$n->{messages}}, 1, 'one SMS';
is $n->{messages}[0]{text}, 'Your code is 4711', 'with its text';
is $n->{code}, '4711', 'and its code';
is $stack->sql("SELECT count(*) FROM numlease.deliveries WHERE kind = 'number.sms'"), 1, 'told once';
$stack->done;
