#!/usr/bin/perl
# The main job: a number is leased, its SMS arrives, the hold is captured;
# without SMS nothing is charged.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $stack = Stack->new(conf => "worker.poll_interval = 200ms\nlease.max_active = 100");
my $user = $stack->user(credit => '20.00');

# No SMS comes by itself, so that what is true before one can be looked at
# however slow this machine is.
$stack->control($_ => POST => '/control/set', {never_sms => JSON::PP::true}) for qw(north south);

subtest 'lease, SMS, finish' => sub {
	my $before = $user->wallet;
	my $lease = $user->lease;
	my $n = $lease->{json};

	is $lease->{status}, 201, 'created' or diag $lease->{body};
	like $n->{phone}, qr/^\+44\d{6,12}$/, 'a phone of the country';
	is $n->{state}, 'active', 'active';
	is $n->{charged}, '0.000000', 'nothing charged yet';
	cmp_ok $user->wallet->{held}, '>', 0, 'the price is held';
	$stack->sms($n->{id}, 'Your code is 4711');
	$n = $user->get("/api/numbers/$n->{id}?wait=20")->{json};
	$n = $user->until_number($n->{id}, 'the code', sub { defined $_[0]{code} });
	is $n->{code}, '4711', 'a code';
	is scalar @{$n->{messages}}, 1, 'one message';
	is $n->{charged}, $n->{price}, 'the price is charged';
	is $user->wallet->{held}, '0.000000', 'nothing is held';
	$n = $user->post("/api/numbers/$n->{id}/finish", {})->{json};
	is $n->{state}, 'completed', 'finished';
	$stack->until_true(30, 'the route has delivered', sub {
		$stack->sql('SELECT coalesce(sum(delivered), 0)::int FROM numlease.route_rates') == 1 });
	is $user->post("/api/numbers/$n->{id}/cancel", {})->{json}{code}, 'has_code',
	    'a code that was read is not given back';
	cmp_ok abs($before->{available} - $user->wallet->{available} - $n->{charged}), '<', 1e-9,
	    'the wallet is less by the price';
};

subtest 'cancel before an SMS' => sub {
	# The other provider takes nothing back in the first two minutes.
	$stack->ctl('provider', 'disable', 'south');
	my $before = $user->wallet->{available};
	my $lease = $user->lease;
	my $n = $lease->{json};

	is $lease->{status}, 201, 'a number' or diag $lease->{body};
	$n = $user->post("/api/numbers/$n->{id}/cancel", {})->{json};
	like $n->{state}, qr/^cancell/, 'cancelling or cancelled';
	$n = $user->until_number($n->{id}, 'cancelled', sub { $_[0]{state} eq 'cancelled' });
	is $n->{charged}, '0.000000', 'nothing is charged';
	is $user->wallet->{available}, $before, 'all came back';
	$stack->ctl('provider', 'enable', 'south');
	$stack->ctl('provider', 'disable', 'north');
	$n = $user->lease->{json};
	$n = $user->post("/api/numbers/$n->{id}/cancel", {})->{json};
	is $n->{state}, 'cancelling', 'too early at the other: it is scheduled';
	is $stack->sql("SELECT count(*) FROM numlease.outbox WHERE topic = 'cancel' AND due_at > now() + interval '1 minute'"),
	    1, 'and the provider is not asked before';
	ok $n->{cancel_available_at} gt $n->{created_at}, 'and said when';
	$stack->ctl('provider', 'enable', 'north');
	$stack->control($_ => POST => '/control/clear', {}) for qw(north south);
};

subtest 'an Idempotency-Key makes one lease' => sub {
	my $first = $user->lease(key => 'the-same');
	my $again = $user->lease(key => 'the-same');

	is $again->{status}, $first->{status}, 'same status';
	is $again->{body}, $first->{body}, 'byte for byte';
	my $other = $user->lease(key => 'the-same', country => 'de');
	is $other->{status}, 422, 'another body is refused';
	is $other->{json}{code}, 'idempotency_key_reused', 'and told why';
	my $none = $user->post('/api/numbers', {service => 'telegram', country => 'gb'});
	is $none->{json}{code}, 'idempotency_key_missing', 'a key is required';
	is $stack->sql("SELECT count(*) FROM numlease.idempotency_keys WHERE key = 'the-same'"), 1,
	    'one row';
	$stack->ctl('provider', 'disable', $_) for qw(north south);
	is $user->lease(key => 'the-same')->{body}, $first->{body}, 'also when nothing is sold any more';
	is $user->lease(key => 'the-same', country => 'de')->{json}{code}, 'idempotency_key_reused',
	    'as is the refusal';
	is $user->lease->{json}{code}, 'no_numbers', 'a new one is told so';
	$stack->ctl('provider', 'enable', $_) for qw(north south);
};

subtest 'failover when a provider has none' => sub {
	$stack->control(north => POST => '/control/fault', {op => 'buy', kind => 'no_numbers', count => 9});
	for (1 .. 4) {
		my $n = $user->lease;
		is $n->{status}, 201, "number $_ comes from the other" or diag $n->{body};
	}
	$stack->control(south => POST => '/control/fault', {op => 'buy', kind => 'no_numbers', count => 9});
	my $other = $stack->user(credit => '5.00');
	my $none = $other->lease;
	is $none->{status}, 409, 'none at all';
	is $none->{json}{code}, 'no_numbers', 'and told why';
	is $other->wallet->{available}, '5.000000', 'the hold came back';
	$stack->control($_ => POST => '/control/clear', {}) for qw(north south);
};

subtest 'a bad number is reported' => sub {
	$stack->control(south => POST => '/control/fault', {op => 'buy', kind => 'no_numbers', count => 9});
	my $other = $stack->user(credit => '5.00');
	my $id = $other->lease(country => 'mm')->{json}{id};
	is $other->post("/api/numbers/$id/report", {reason => 'ugly'})->{status}, 422, 'for a known reason';
	is $other->post("/api/numbers/$id/report", {reason => 'used'})->{json}{state}, 'cancelling', 'it goes back';
	$other->until_number($id, 'given back', sub { $_[0]{state} eq 'cancelled' });
	is $other->wallet->{available}, '5.000000', 'the hold came back';
	my $upstream = $stack->sql("SELECT upstream_id FROM numlease.activations WHERE id = '$id'");
	my ($order) = grep { $_->{id} eq $upstream } @{$stack->control(north => GET => '/control/state')->{orders}};
	is lc $order->{state}, 'banned', 'and the provider knows why' or diag explain $order;
	$stack->control(south => POST => '/control/clear', {});
};

subtest 'what is refused' => sub {
	my $poor = $stack->user;
	my %wrong = (
		unknown_service => {service => 'nosuch'},
		unknown_country => {country => 'zz'},
		no_offer_at_price => {max_price => '0.000001'},
		bad_input => {service => 7},
	);

	is $poor->lease->{json}{code}, 'no_funds', 'an empty wallet';
	is $user->lease(%{$wrong{$_}})->{json}{code}, $_, $_ for sort keys %wrong;
	is $user->post('/api/numbers', '{"service":', 'Idempotency-Key: a')->{status}, 400, 'half a body';
	my $mine = $user->lease->{json}{id};
	is $poor->get("/api/numbers/$mine")->{status}, 404, "another's number does not exist";
	is $poor->post("/api/numbers/$mine/cancel", {})->{status}, 404, 'nor can it be cancelled';
};

subtest 'lists' => sub {
	my $page = $user->get('/api/numbers?limit=2')->{json};

	is scalar @{$page->{data}}, 2, 'a page';
	ok $page->{next_cursor}, 'and a way on';
	my $next = $user->get("/api/numbers?limit=2&cursor=$page->{next_cursor}")->{json};
	isnt $next->{data}[0]{id}, $page->{data}[1]{id}, 'the next page goes on';
	is $user->get('/api/numbers?state=nosuch')->{status}, 422, 'a state that is none';
};

subtest 'the most a number may cost' => sub {
	my @prices = sort { $a <=> $b } map { $_->{price} }
	    @{$stack->get('/api/offers?service=telegram&country=gb')->{json}{data}};
	my ($cheapest, $dearest) = @prices[0, -1];

	cmp_ok $cheapest, '<', $dearest, 'there is more than one price';
	$stack->control($_ => POST => '/control/set', {never_sms => JSON::PP::true}) for qw(north south);
	my $n = $user->lease(max_price => $cheapest);
	is $n->{status}, 201, 'the cheapest will do' or diag $n->{body};
	is $n->{json}{price}, $cheapest, 'and costs no more';
	my $poor = $stack->user(credit => $dearest);
	$n = $poor->lease(max_price => $dearest);
	is $n->{status}, 201, 'the dearest may do' or diag $n->{body};
	is $poor->wallet->{available}, '0.000000', 'so that is what is held';
};

for my $kind (qw(rate_limit_429 no_balance)) {
	subtest "failover: $kind" => sub {
		my $failed = "SELECT count(*) FROM numlease.attempts t JOIN numlease.providers p ON p.id = t.provider_id
		    WHERE p.name = 'north' AND t.state = 'FAILED' AND t.cause IN ('no_balance', 'rate_limited')";
		my $before = $stack->sql($failed);
		my $buyer = $stack->user(credit => '20.00');
		$stack->control(north => POST => '/control/fault', {op => 'buy', kind => $kind, count => 99});
		for (1 .. 20) {
			my $n = $buyer->lease;
			is $n->{status}, 201, "number $_ comes from the other" or diag $n->{body};
			last if $stack->sql($failed) > $before;
		}
		cmp_ok $stack->sql($failed), '>', $before, 'after this one had refused';
		$stack->control(north => POST => '/control/clear', {});
		$stack->part(stop_one => 'worker', 'TERM'); # forgets that it is to be left alone
		$stack->part(start_worker => 'worker');
	};
}

subtest 'no more is asked than an account bears' => sub {
	$stack->ctl('provider', 'disable', 'south');
	$stack->part(stop_one => 'worker', 'TERM'); # the next one knows the limits from its start
	$stack->account(north => '5sim', rps => 9, concurrency => 2);
	$stack->control(north => POST => '/control/clear', {});
	$stack->control(north => POST => '/control/fault',
	    {op => 'any', kind => 'latency', count => -1, delay_ms => 50});
	my @answers = map { $user->lease_later(key => "bears-$_") } 1 .. 6;
	$stack->part(start_worker => 'worker');
	my @leases = map { $_->() } @answers;
	is scalar(grep { $_->{status} == 201 } @leases), 6, 'six at once are leased'
	    or diag join ' ', map { "$_->{status} $_->{body}" } @leases;
	$stack->until_true(20, 'price lists have their turn too', sub {
		$stack->control(north => GET => '/control/state')->{calls}{prices} > 5 });
	my $state = $stack->control(north => GET => '/control/state');
	is $state->{most_at_once}, 2, 'two calls at once';
	cmp_ok $state->{most_in_second}, '<=', 9, 'nine in a second';
	$stack->control(north => POST => '/control/clear', {});
	$stack->account(north => '5sim', rps => 0, 'buy-rps' => 0, concurrency => 0);
	$stack->ctl('provider', 'enable', 'south');
};

subtest 'a provider that an administrator switches off sells nothing' => sub {
	my ($admin, $buyer) = ($stack->admin, $stack->user(credit => '5.00'));
	my $switch = sub { return $_[0]->request(PATCH => "/api/admin/providers/$_[1]", {enabled => $_[2]}) };

	is $switch->($buyer, 'north', \0)->{status}, 403, 'not for users';
	is $switch->($admin, $_, \0)->{status}, 200, "$_ is off" for qw(north south);
	$stack->until_true(10, 'nothing is sold', sub { $buyer->lease->{json}{code} eq 'no_numbers' });
	is $switch->($admin, 'south', \1)->{status}, 200, 'one is on again';
	$stack->until_true(10, 'it sells', sub { $buyer->lease->{status} == 201 });
	is $stack->sql("SELECT DISTINCT p.name FROM numlease.activations a JOIN numlease.providers p ON p.id = a.provider_id
	    JOIN numlease.users u ON u.id = a.user_id WHERE u.email = '$buyer->{email}'"), 'south', 'and no other';
};

$stack->done;
