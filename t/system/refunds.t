#!/usr/bin/perl
# Two providers that end numbers without a word about their money, and give
# it back at once, late, in part, twice or never: what we say that they owe is
# what they kept, to the micro, by age, once their statements are booked.
#	REFUNDS_ORDERS	how many numbers (default 200)
#	REFUNDS_SEED	to draw the same again
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Burst;
use JSON::PP qw(decode_json);
use List::Util qw(min sum0);
use MIME::Base64 qw(decode_base64);
use Stack;
use Test::More;

my $orders = $ENV{REFUNDS_ORDERS} // 200;
my $seed = $ENV{REFUNDS_SEED} // int(time);
my @boxes = qw(north south);
# Ages in days, and the column of the report that they belong to.
my @ages = ([0, 'day'], [3, 'week'], [20, 'month'], [60, 'older']);
my $paid_in = 1000 * 1_000_000;

srand $seed;
diag "REFUNDS_ORDERS=$orders REFUNDS_SEED=$seed";

sub script {
	return join ',', map { ('once', 'never', 'late:' . (1 + int rand 1500), 'part:' . (1 + int rand 99),
	    'twice', 'twice:' . (1 + int rand 700))[rand 6] } 1 .. 60;
}
my %script = map { $_ => script() } @boxes;
my $stack = Stack->new(north_dialect => 'handler_api',
    conf => "worker.poll_interval = 200ms\nlease.max_active = 1000\nrate.lease_per_minute = 100000",
    map { ($_ => ['--sms-delay-ms', 86_400_000, '--refunds', $script{$_}]) } @boxes);
my ($user, $admin) = ($stack->user(credit => '1000.00'), $stack->admin);

sub micros { my ($whole, $part) = split /\./, $_[0]; return $whole * 1_000_000 + $part }
sub money { return sprintf '%d.%06d', int($_[0] / 1_000_000), $_[0] % 1_000_000 }
sub statement { return $stack->control($_[0] => GET => '/control/state?orders=100000') }

# Numbers of one provider: the other is switched off meanwhile.
sub buy {
	my ($from, $n) = @_;

	$stack->ctl('provider', $_ eq $from ? 'enable' : 'disable', $_) for @boxes;
	my @got = Burst::begin($stack, map { {user => $user, key => "$from-$_",
	    body => {service => 'telegram', country => 'gb'}} } 1 .. $n)->();
	$stack->until_true(60, "$n numbers of $from", sub {
		statement($from)->{sold} == $n && $stack->sql('SELECT count(*) FROM numlease.activations a '
		    . "JOIN numlease.providers p ON p.id = a.provider_id WHERE p.name = '$from' "
		    . "AND a.state = 'ACTIVE'") == $n });
}
for my $box (@boxes) { buy($box, $orders / 2) }
$stack->ctl('provider', 'enable', $_) for @boxes;

# The providers end them all, and one by one we see it.
for my $box (@boxes) {
	$stack->control($box => POST => '/control/order', {id => $_->{id}, status => 'CANCELED'})
	    for @{statement($box)->{orders}};
}
$stack->until_true(60, 'all are seen to be over', sub {
	$stack->sql("SELECT count(*) FROM numlease.attempts WHERE cost_state = 'receivable'") == $orders });
is $user->wallet->{held}, '0.000000', 'nothing is held any more';
is $stack->sql('SELECT sum(charged) FROM numlease.activations'), 0, 'and nobody was charged';

# What they kept; it is no secret to the one who scripted it.
my (%order, %manners);
for my $box (@boxes) {
	my $said;
	my @script = split /,/, $script{$box};

	$stack->until_true(20, 'what is late has come', sub {
		$said = statement($box);
		!grep { $_->{refund_waits} } @{$said->{orders}} });
	subtest "the books of $box" => sub {
		my $kept = 0;
		my @bad;
		for my $n (0 .. $#{$said->{orders}}) {
			my $o = $said->{orders}[$n];
			my $how = $script[$n % @script];
			my $price = micros($o->{price});
			my $back = $how eq 'never' ? 0 : $how =~ /^twice/ ? 2 * $price
			    : $how =~ /^part:(\d+)/ ? int($price * $1 / 100) : $price;
			push @bad, "$o->{id}: $how, $o->{refund}, $o->{refunded} of $o->{price}"
			    if $how ne $o->{refund} || $back != micros($o->{refunded});
			$kept += $price - $back;
			$manners{$how =~ s/:.*//r}++;
			$order{$box}{$o->{id}} = {cost => $price, back => $back, how => $how};
		}
		is_deeply \@bad, [], 'are as the script says';
		my $api = "http://127.0.0.1:$stack->{box}{$box}/stubs/handler_api.php?api_key=$Stack::KEY&action=";
		my ($balance) = $stack->get("${api}getBalance")->{body} =~ /^ACCESS_BALANCE:([\d.]+)$/;
		is sprintf('%.0f', $balance * 1_000_000), $paid_in - $kept, 'and so is the balance';
		my $past = $stack->get("${api}getHistory&limit=100")->{json};
		is sum0(map { my $o = $order{$box}{$_->{id}};
			abs(sprintf('%.0f', $_->{cost} * 1_000_000) - $o->{cost} + min($o->{back}, $o->{cost})) } @$past),
		    0, 'and the history';
	};
}
is_deeply [sort keys %manners], [qw(late never once part twice)], 'every manner was met';

# Our operator books their statements: by numleasectl some, all others by the
# function behind it. More than a number cost, or twice, is not taken.
sub part { return $stack->try_part(ctl => order => @_) }
my (%tried, @calls, $example);
for my $box (@boxes) {
	for my $id (sort { $a <=> $b } keys %{$order{$box}}) {
		my $o = $order{$box}{$id};
		my $manner = $o->{how} =~ s/:.*//r;
		my $back = min($o->{back}, $o->{cost});
		my @why = ('--reason', 'statement');

		$o->{open} = $o->{cost} - $back;
		if ($tried{$manner}++ >= 2) {
			push @calls, "SELECT status FROM numlease.receivable_refund('$box', '$id', $back, 'test', "
			    . "'statement', 'one')" if $back > 0;
			next;
		}
		if ($manner eq 'never') {
			like +(part('write-off', $box, $id, @why))[1], qr/^lost \Q@{[money($o->{cost})]}\E$/m, 'a loss';
			$o->{open} = 0;
			$o->{lost} = 1;
			next;
		}
		for (1 .. 2) {
			is +(part('refund', $box, $id, money($back), @why, '--key', 'one'))[1],
			    'open ' . money($o->{open}) . "\n", "$manner, booked" . ($_ == 2 ? ' by the same key again' : '');
		}
		isnt +(part('refund', $box, $id, money($o->{cost}), @why, '--key', 'two'))[0], 0, 'and no more than it cost';
		$example = [$box, $id] if $manner eq 'part';
	}
}
is $stack->sql(join ' UNION ALL ', "SELECT '' AS status WHERE false", @calls) =~ s/^ok$//gmr =~ s/\n//gr, '',
    'all others are booked';

# Some were bought long ago.
for my $box (@boxes) {
	for my $id (keys %{$order{$box}}) {
		my $age = $ages[rand @ages];

		$order{$box}{$id}{column} = $age->[1];
		$order{$box}{$id}{days} = $age->[0];
	}
	for my $age (@ages) {
		my @ids = grep { $order{$box}{$_}{column} eq $age->[1] } keys %{$order{$box}};
		$stack->sql("UPDATE numlease.attempts t SET started_at = started_at - interval '$age->[0] days' "
		    . "FROM numlease.providers p WHERE p.id = t.provider_id AND p.name = '$box' AND t.upstream_id IN ("
		    . join(', ', map { "'$_'" } @ids) . ')') if @ids;
	}
}

sub truth {
	my ($box) = @_;
	my @open = grep { $_->{open} > 0 } values %{$order{$box}};
	my %row = (provider => $box, numbers => scalar @open, is_open => money(sum0 map { $_->{open} } @open));

	for my $column (map { $_->[1] } @ages) {
		$row{$column} = money(sum0 map { $_->{open} } grep { $_->{column} eq $column } @open);
	}
	return \%row;
}
my @truth = map { truth($_) } @boxes;
note "$_->{provider}: $_->{numbers} numbers, $_->{is_open}" for @truth;

subtest 'what they owe is what they kept' => sub {
	is_deeply $admin->get('/api/admin/receivables')->{json}{data}, \@truth, 'for administrators';
	is $stack->ctl(qw(order receivables)), join('', map { "$_->{provider}\t$_->{numbers} numbers\topen "
	    . "$_->{is_open}\tup to 1 day $_->{day}\t7 days $_->{week}\t30 days $_->{month}\tolder $_->{older}\n" }
	    @truth), 'by numleasectl';
	for my $box (@boxes) {
		my %want = map { my $o = $order{$box}{$_}; $o->{open} == 0 ? () : ($_ => [money($o->{cost}),
		    money($o->{cost} - $o->{open}), money($o->{open})]) } keys %{$order{$box}};
		is_deeply {map { $_->{upstream_id} => [@$_{qw(cost refunded is_open)}] }
		    @{$admin->get("/api/admin/receivables/$box?limit=1000")->{json}{data}}}, \%want, "$box, number by number";
	}
	is $stack->sql("SELECT sum(amount) FROM numlease.transfers WHERE kind = 'loss'"),
	    sum0(map { map { $_->{lost} ? $_->{cost} : () } values %{$order{$_}} } @boxes), 'and what was written off';
	is $user->get('/api/admin/receivables')->{status}, 403, 'not for users';
};

subtest 'a refund in parts' => sub {
	my ($box, $id) = @$example;
	my $o = $order{$box}{$id};
	my $number = $stack->sql('SELECT t.activation_id FROM numlease.attempts t JOIN numlease.providers p '
	    . "ON p.id = t.provider_id WHERE p.name = '$box' AND t.upstream_id = '$id'");
	my $line = sub { my ($who, $url) = @_;
		return [map { [@$_{qw(what amount cause)}] } grep { $_->{what} =~ /^(?:cost|owed|loss)/ }
		    @{$who->get("$url/$number/timeline")->{json}{data}}] };
	my @seen = map { [@$_[0, 1]] } @{$line->($admin, '/api/admin/numbers')};
	my @first = (['cost', money($o->{cost})], ['owed', money($o->{cost})], ['owed_paid', money($o->{back})]);

	is_deeply \@seen, \@first, 'is in the timeline of administrators';
	is_deeply $line->($user, '/api/numbers'), [], "and not in the user's";
	my $receipt = $user->get("/api/numbers/$number/receipt")->{json}{payload};
	is +(part('refund', $box, $id, money($o->{open}), '--reason', 'the rest'))[1], "open 0.000000\n", 'the rest comes';
	is_deeply [map { [@$_[0, 1]] } @{$line->($admin, '/api/admin/numbers')}],
	    [@first, ['owed_paid', money($o->{open})]], 'and is there too';
	like $stack->ctl('number', 'timeline', $number), qr/\tmoney\towed_paid\t(?s:.*)\tmoney\towed_paid\t/,
	    'also by numleasectl';
	my ($before, $after) = map { my $r = decode_json(decode_base64($_)); delete $r->{issued_at}; $r }
	    $receipt, $user->get("/api/numbers/$number/receipt")->{json}{payload};
	is_deeply $after, $before, 'the receipt says the same before and after';
	is $after->{charged}, '0.000000', 'nothing charged';
	my %sum;
	$sum{$_->{kind}} += micros($_->{amount}) for @{$after->{transfers}};
	is_deeply \%sum, {hold => $sum{hold}, release => $sum{hold}}, "all given back, and nothing of the provider's";
};

subtest 'their balances beside our books' => sub {
	my $rows;

	$stack->until_true(20, 'both balances are read', sub {
		$rows = $admin->get('/api/admin/drifts')->{json}{data}; @$rows == 2 });
	is_deeply [map { "$_->{provider} $_->{currency}" } @$rows], ['north USD', 'south USD'], 'for administrators';
	is $user->get('/api/admin/drifts')->{status}, 403, 'not for users';
	like $stack->ctl('provider', 'drift'), qr/^north\t\S+\tbalance [\d.]+ USD\tdrift -?[\d.]+\tmoving .*^south\t/ms,
	    'and by numleasectl';
	like $stack->ctl('provider', 'baseline', 'north', '--reason', 'paid in'), qr/^drift was -?[\d.]+$/m, 'a new baseline';
	is $stack->sql('SELECT reason FROM numlease.provider_baselines ORDER BY id DESC LIMIT 1'), 'paid in', 'is kept';
	isnt +($stack->try_part(qw(ctl provider baseline nobody --reason x)))[0], 0, 'of a provider that is there';
};

$stack->done;
