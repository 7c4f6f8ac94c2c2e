#!/usr/bin/perl
# Price rules as the operator sets them, by command and by API, and what the
# users see and pay.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $stack = Stack->new(conf => "worker.poll_interval = 200ms\n");
my $user = $stack->user(credit => '50.00');
my $admin = $stack->admin;

$stack->control($_ => POST => '/control/set', {never_sms => JSON::PP::true}) for qw(north south);

# Prices of telegram in gb, the cheapest first.
sub prices {
	my $rs = $user->get('/api/offers?service=telegram&country=gb');

	return sort { $a <=> $b } map { $_->{price} } @{$rs->{json}{data}};
}
sub ctl { return $stack->try_part('ctl', @_) }

subtest 'by command' => sub {
	my ($rc, $out) = ctl('price', 'rule', 'list');
	like $out, qr/^1\tany\tany\tany\tpriority 0\t\+30\.00%\tat least \+0\.01\tminimum 0\.02\trounded up to 0\.01\tending 0\.00\t/m,
	    'the first rule';
	like $out, qr/^floor\tcost \+5\.00%, at least \+0\.00$/m, 'and the floor';
	($rc, $out) = ctl(qw(price rule add --service telegram --country gb --percent 40% --round 0.50 --ending 0.49 --reason sale));
	is $rc, 0, 'a rule is added' or diag $out;
	like $out, qr/^2\ttelegram\tgb\tany\tpriority 0\t\+40\.00%\t.*rounded up to 0\.50\tending 0\.49\tby ctl:\d+\tsale$/m, 'and shown';
	is scalar(grep { !/\.[49]9/ } prices()), 0, 'every price ends as it says';
	($rc, $out) = ctl(qw(price rule explain telegram gb));
	like $out, qr/^(?:north|south)\t\S+\tcost [\d.]+\tfloor [\d.]+\tprice \d+\.[49]9(?:\d*) by rule 2\tstock \d+\tdelivered 0 of 0$/m,
	    'explained';
	unlike $out, qr/by rule 1/, 'by the rule that is most specific';
	for ([qw(rule add --percent)], [qw(rule add --percent x)], [qw(rule end x)], [qw(rule explain telegram)],
		[qw(floor 5%)], [qw(rule add --percent 3 --service nothing)], [qw(rule add --percent 3 --round 1 --ending 1)],
		[qw(rule end 99)]) {
		isnt +(ctl('price', @$_))[0], 0, "refused: price @$_";
	}
	is +(ctl(qw(price rule end 2)))[0], 0, 'ended';
	unlike +(ctl(qw(price rule list)))[1], qr/^2\t/m, 'it is not in force';
	like +(ctl(qw(price rule list --all)))[1], qr/^2\t.*\tended \S+ by ctl:\d+$/m, 'but known';
};

subtest 'the floor' => sub {
	my @before = prices();
	is +(ctl(qw(price floor 400% 0)))[0], 0, 'of five times the cost';
	my @after = prices();
	cmp_ok $after[0], '>', 3 * $before[0], 'raises the prices';
	is +(ctl(qw(price floor 0 2.00)))[0], 0, 'of an amount';
	cmp_ok +(prices())[0], '>', 2, 'too';
	is +(ctl(qw(price floor 5% 0)))[0], 0, 'and back';
	is_deeply [prices()], \@before, 'as before';
};

subtest 'by API' => sub {
	is $user->get('/api/admin/prices')->{status}, 403, 'not for users';
	my $rs = $admin->post('/api/admin/prices', {service => 'telegram', percent => '100.00', round_to => '0.01', reason => 'dear'});
	is $rs->{status}, 201, 'added' or diag $rs->{body};
	my $rule = $rs->{json};
	is $rule->{percent}, '100.000000', 'with its percentage';
	is $rule->{country}, undef, 'for any country';
	like $rule->{created_by}, qr/^user:\d+$/, 'and who did it';
	is_deeply [map { $_->{id} } @{$admin->get('/api/admin/prices')->{json}{data}}], [$rule->{id}, 1], 'most specific first';
	my $number = $user->lease->{json};
	is $stack->sql("SELECT price_rule_id FROM numlease.activations WHERE id = '$number->{id}'"), $rule->{id},
	    'a number keeps the rule that priced it';
	is $stack->sql("SELECT price - 2 * cost BETWEEN 0 AND 9999 FROM numlease.activations WHERE id = '$number->{id}'"), 't',
	    'and has its price';
	my $next = $admin->post('/api/admin/prices', {service => 'telegram', percent => '50'})->{json};
	is_deeply [map { $_->{id} } @{$admin->get('/api/admin/prices')->{json}{data}}], [$next->{id}, 1], 'one takes the place of the other';
	is scalar @{$admin->get('/api/admin/prices?all=true')->{json}{data}}, $next->{id}, 'none is forgotten';
	for ([{percent => '-1'}, 'bad_input'], [{}, 'bad_input'], [{percent => '1.001'}, 'bad_input'],
		[{percent => '1', service => 'nothing'}, 'unknown_service'], [{percent => '1', provider => 'nobody'}, 'not_found'],
		[{percent => '1', round_to => '0.10', ending => '0.10'}, 'bad_input'], [{percent => '1', round_to => '0'}, 'bad_input']) {
		my ($body, $code) = @$_;
		is $admin->post('/api/admin/prices', $body)->{json}{code}, $code, "$code for " . JSON::PP->new->canonical->encode($body);
	}
	is $admin->request(DELETE => "/api/admin/prices/$next->{id}")->{status}, 204, 'ended';
	is $admin->request(DELETE => '/api/admin/prices/99')->{status}, 404, 'one that never was';
	is $user->request(DELETE => '/api/admin/prices/1')->{status}, 403, 'not by users';
};

# One line of what is explained.
sub explained { # number, what must be said
	my ($id, %want) = @_;
	my ($rc, $out) = ctl('order', 'explain', $id);

	is $rc, 0, 'explained' or diag $out;
	like $out, $want{$_}, $_ for sort keys %want;
	return $out;
}

subtest 'why it was bought there' => sub {
	$stack->ctl('provider', 'disable', 'north');
	my $number = $user->lease->{json};
	my $said = explained($number->{id},
	    'the number' => qr/^$number->{id}\t$number->{number}\ttelegram\tgb\t/m,
	    'its price' => qr/^it cost [\d.]+; rule \d+ \(\+30\.00%, .* made [\d.]+ of it, [\d.]+ at most was held$/m,
	    'who sold it' => qr/try 1\tsouth sold it for [\d.]+$/m,
	    'up to what' => qr/^  price up to [\d.]+, cost up to [\d.]+$/m,
	    'who was asked' => qr/^  south\t.*\n    score -?[\d.]+ = points .*\n    asked: best score/m,
	    'who was left out' => qr/^  north\t.*\n    left out: it was switched off/m);
	$stack->ctl('provider', 'enable', 'north');
	$stack->ctl(qw(price rule add --percent 99%));
	is +(ctl('order', 'explain', $number->{number}))[1], $said, 'by its short number, and the same when all has changed';
	my $rs = $admin->get("/api/admin/numbers/$number->{id}/decision");
	is $rs->{status}, 200, 'by API' or diag $rs->{body};
	my ($chosen) = grep { $_->{chosen} } @{$rs->{json}{tries}[0]{options}};
	is $chosen->{provider}, 'south', 'who was asked';
	is $chosen->{score}, $chosen->{by_points} + $chosen->{by_cost} + $chosen->{by_latency} + $chosen->{by_delivery} +
	    $chosen->{by_stock}, 'the score is the sum of its parts';
	cmp_ok $rs->{json}{tries}[0]{max_cost}, '>=', $chosen->{cost}, 'the provider was told no less than its list says';
	is $user->get("/api/admin/numbers/$number->{id}/decision")->{status}, 403, 'not for users';
	is $admin->get('/api/admin/numbers/99/decision')->{status}, 404, 'a number that never was';
	isnt +(ctl('order', 'explain', 'x'))[0], 0, 'what is no number';
	$stack->ctl(qw(price rule add --percent 30% --fixed 0.01 --minimum 0.02 --round 0.01));
};

subtest 'a provider whose price has slipped' => sub {
	$stack->ctl('provider', 'disable', 'north');
	my $cost = $stack->sql("SELECT min(o.cost) FROM numlease.offers o JOIN numlease.providers p ON p.id = o.provider_id " .
	    "WHERE p.name = 'south' AND service = 'telegram' AND country = 'gb'") / 1e6;
	my $asks = sub { $stack->control(south => POST => '/control/set',
	    {service => 'telegram', country => 'gb', price => sprintf '%.4f', $_[0] * $cost}) };
	my $price = $user->lease->{json}{price};
	my $sold = $stack->control(south => GET => '/control/state')->{sold};
	$asks->(3); # its list is not read meanwhile
	my $rs = $user->lease;
	is $rs->{json}{code}, 'no_numbers', 'is not bought from above what keeps the floor' or diag $rs->{body};
	is $stack->control(south => GET => '/control/state')->{sold}, $sold, 'nor did it sell';
	my $id = $stack->sql('SELECT id FROM numlease.activations ORDER BY id DESC LIMIT 1');
	explained($id, 'the price' => qr/^no number was bought; [\d.]+ is held$/m,
	    'the one that was asked' => qr/try 1\tsouth was asked: FAILED, price/m,
	    'and that nobody was left' => qr/try 2\tnobody was left to ask$/m);
	$asks->(1.02);
	$rs = $user->lease;
	is $rs->{status}, 201, 'a little dearer it is bought' or diag $rs->{body};
	is $stack->sql("SELECT cost > list AND price >= cost * 1.05 AND price <= hold FROM (SELECT a.cost, a.price, h.amount AS hold, " .
	    "@{[sprintf '%d', $cost * 1e6]} AS list FROM numlease.activations a JOIN numlease.holds h ON h.activation_id = a.id " .
	    "WHERE a.id = '$rs->{json}{id}') x"), 't', 'at more than the list said, and at a profit';
};

$stack->done;
