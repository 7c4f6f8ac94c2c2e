#!/usr/bin/perl
# Quotes: a price that was promised is kept, once, for its user, until its end.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;
use POSIX ();

my $stack = Stack->new(conf => "worker.poll_interval = 200ms\nquote.ttl = 15s\nquote.loss_cap = 0.02\n");
my $user = $stack->user(credit => '50.00');
my $other = $stack->user(credit => '50.00');

$stack->control($_ => POST => '/control/set', {never_sms => JSON::PP::true}) for qw(north south);
$stack->ctl('provider', 'disable', 'north');

my $keys = 0;
sub quote { return $_[0]->post('/api/quotes', {service => 'telegram', country => 'gb', @_[1 .. $#_]}) }
sub take { # user, body, key
	my ($who, $body, $key) = @_;
	return $who->post('/api/numbers', $body, 'Idempotency-Key: ' . ($key // sprintf 'q-%d-%d', $$, ++$keys));
}
sub code { return $_[0]{json}{code} // $_[0]{status} }
sub row { return $stack->sql("SELECT $_[1] FROM numlease.activations WHERE id = '$_[0]'") }

subtest 'a price is kept' => sub {
	my $rs = quote($user);
	is $rs->{status}, 201, 'quoted' or diag $rs->{body};
	my $q = $rs->{json};
	my ($cheapest) = sort { $a <=> $b } map { $_->{price} }
	    @{$user->get('/api/offers?service=telegram&country=gb')->{json}{data}};
	is $q->{price}, $cheapest, 'the cheapest price';
	is $q->{currency}, 'USD', 'its currency';
	like $q->{expires_at}, qr/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'and its end';
	$stack->ctl(qw(price rule add --percent 900%)); # what is dearer by now
	my $lease = take($user, {quote => $q->{quote}}, 'first');
	is $lease->{status}, 201, 'leased by the quote alone' or diag $lease->{body};
	is $lease->{json}{price}, $q->{price}, 'at its price';
	is take($user, {quote => $q->{quote}}, 'first')->{body}, $lease->{body}, 'the same request again is the same answer';
	is code(take($user, {quote => $q->{quote}})), 'quote_used', 'a quote is used once';
	$stack->ctl(qw(price rule add --percent 30% --fixed 0.01 --minimum 0.02 --round 0.01));
};

subtest 'two at once' => sub {
	my $q = quote($user)->{json}{quote};
	my @pids;
	for my $i (1 .. 4) {
		my $pid = fork // die $!;
		push @pids, $pid and next if $pid;
		POSIX::_exit(take($user, {quote => $q}, "race-$i")->{status} == 201 ? 1 : 0);
	}
	my $won = 0;
	for my $pid (@pids) { waitpid $pid, 0; $won += $? >> 8 }
	is $won, 1, 'one of four gets it';
};

subtest 'whose it is not' => sub {
	my $q = quote($user)->{json};
	is code(take($other, {quote => $q->{quote}})), 'quote_invalid', 'another user';
	is code(take($user, {quote => $q->{quote}, country => 'de'})), 'quote_invalid', 'another country';
	is code(take($user, {quote => $q->{quote}, service => 'whatsapp'})), 'quote_invalid', 'another service';
	is code(take($user, {quote => $q->{quote}, operator => 'vodafone'})), 'quote_invalid', 'another operator';
	is code(take($user, {quote => $q->{quote}, max_price => '0.01'})), 'no_offer_at_price', 'more than the user wants to pay';
	(my $cheaper = $q->{quote}) =~ s/^(.{60})(.)/$1 . ($2 eq 'A' ? 'B' : 'A')/e;
	is code(take($user, {quote => $cheaper})), 'quote_invalid', 'one that was changed';
	is code(take($user, {quote => 'e30.e30'})), 'quote_invalid', 'one that never was';
	is code(take($user, {quote => ''})), 'bad_input', 'none';
	is code(take($user, {country => 'gb'})), 'bad_input', 'neither quote nor service';
	is code(quote($user, service => 'nothing')), 'no_numbers', 'nothing to quote';
	is take($user, {quote => $q->{quote}, service => 'telegram', country => 'gb'})->{status}, 201,
	    'after all of it, it is still good';
};

# The provider asks for this much from now on; its list is not read meanwhile.
sub costs {
	my ($more, $price) = @_;
	my $cost = sprintf '%.4f', $price + $more;

	$stack->control(south => POST => '/control/set', {service => 'telegram', country => 'gb', price => "$cost"});
	return $cost;
}

subtest 'the cost has risen' => sub {
	my $q = quote($user)->{json};
	costs(0.05, $q->{price});
	is code(take($user, {quote => $q->{quote}})), 'no_numbers', 'above the cap nothing is bought';
	$q = quote($user)->{json};
	my $cost = costs(0.015, $q->{price});
	my $lease = take($user, {quote => $q->{quote}});
	is $lease->{status}, 201, 'below it is bought at a loss' or diag $lease->{body};
	my $id = $lease->{json}{id};
	is $lease->{json}{price}, $q->{price}, 'for the price that was quoted';
	cmp_ok row($id, 'cost'), '>', row($id, 'price'), 'though it cost more';
	$stack->sms($id, 'Your code is 4711');
	$user->until_number($id, 'the code', sub { defined $_[0]{code} });
	is $user->get("/api/numbers/$id")->{json}{charged}, $q->{price}, 'which is charged';
	is $stack->sql("SELECT amount FROM numlease.transfers WHERE kind = 'price_loss' AND activation_id = '$id'"),
	    row($id, 'cost - price'), 'and the loss is booked as one';
};

subtest 'its end' => sub {
	costs(-0.2, 0.45);
	my $q = quote($user)->{json};
	my $used = quote($user)->{json};
	my $lease = take($user, {quote => $used->{quote}}, 'in-time');
	is $lease->{status}, 201, 'one that is used in time' or diag $lease->{body};
	$stack->until_true(30, 'the time is over', sub {
		$stack->sql("SELECT now() > '$used->{expires_at}'") eq 't' });
	is code(take($user, {quote => $q->{quote}})), 'quote_expired', 'the other is not kept longer';
	is take($user, {quote => $used->{quote}}, 'in-time')->{body}, $lease->{body}, 'an answer is repeated though';
};

$stack->done;
