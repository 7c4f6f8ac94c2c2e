#!/usr/bin/perl
# The dialect 5sim: every documented answer.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;

my $NEVER = 86_400_000;
my $box = Sandbox->start(dialect => '5sim', 'first-id' => 11, balance => '10',
	'sms-delay-ms' => $NEVER);
$box->fix_price;

sub get  { return $box->get("/v1/$_[0]") }
sub json { return Sandbox::decode(get($_[0])->{content}) }

sub refused {
	my ($path, $status, $body) = @_;
	my $rs = get($path);

	is("$rs->{status} $rs->{content}", "$status $body", "$path: $body");
	is($rs->{headers}{'content-type'}, 'text/plain; charset=utf-8', '  is text');
}

sub buy { return json('user/buy/activation/england/any/telegram') }

# A number that has got its SMS.
sub buy_with_sms {
	$box->set(service => 'telegram', sms_delay_ms => 0);
	my $o = buy();

	$box->set(service => 'telegram', sms_delay_ms => $NEVER);
	return $o;
}

subtest 'the key' => sub {
	for my $headers ({}, {Authorization => 'Bearer wrong'}, {Authorization => $Sandbox::KEY}) {
		my $rs = $box->get('/v1/user/profile', headers => $headers);

		is($rs->{status}, 401, 'a wrong key is 401');
		is($rs->{content}, '', '  with an empty body');
	}
	is($box->get('/v1/guest/prices?country=england&product=telegram',
		headers => {Authorization => 'Bearer wrong'})->{status}, 200,
		'a guest needs none, and a bogus one is ignored');
};

subtest 'unknown routes' => sub {
	for my $path ('nothing', 'user/check/abc', 'user/buy/activation/england/any/__probe__',
		'user/buy/activation/england/any', 'user/profile/x', 'guest/products/england') {
		my $rs = get($path);

		is($rs->{status}, 302, "$path is 302");
		is($rs->{headers}{location}, '/404.html', '  to the page of 404');
	}
	is($box->agent->post($box->url('/v1/user/profile'))->{status}, 302, 'POST too');
};

subtest 'profile' => sub {
	my $p = json('user/profile');

	is($p->{balance}, 10, 'balance');
	is($p->{frozen_balance}, 0, 'frozen');
	is($p->{rating}, 96, 'rating');
	is_deeply($p->{default_country}, {name => 'russia', iso => 'ru', prefix => '+7'}, 'country');
};

subtest 'an order' => sub {
	$box->set(received_ms => $NEVER);
	my $rs = get('user/buy/activation/england/any/telegram');
	my $o = Sandbox::decode($rs->{content});
	my $ns = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

	is($rs->{headers}{'content-type'}, 'application/json', 'is JSON');
	is($o->{id}, 11, 'has the first id');
	like($rs->{content}, qr/"id":11,/, 'an id is a number');
	like($o->{phone}, qr/^\+447\d{9}$/, 'a phone of the country, with +');
	like($rs->{content}, qr/"price":0\.21,/, 'the price is a number');
	is($o->{status}, 'PENDING', 'pending at first');
	is($o->{sms}, undef, 'sms is null while pending');
	like($_, $ns, 'times have nanoseconds') for $o->{created_at}, $o->{expires};
	is_deeply([@$o{qw(operator product country forwarding_number)}],
		['virtual53', 'telegram', 'england', ''], 'names');
	ok(!$o->{forwarding}, 'not forwarded');

	$box->set(received_ms => 0);
	$o = json('user/check/11');
	is($o->{status}, 'RECEIVED', 'RECEIVED comes before any SMS');
	is_deeply($o->{sms}, [], '  with an empty list');

	my $p = json('user/profile');
	is($p->{balance}, 9.79, 'the price has left the balance');
	is($p->{frozen_balance}, 0.21, '  and is frozen');

	$box->control(sms => order => 11, text => 'Telegram code: 09363');
	$o = json('user/check/11');
	is($o->{status}, 'RECEIVED', 'RECEIVED with an SMS');
	is($o->{sms}[0]{code}, '09363', 'a code with its leading zero');
	is($o->{sms}[0]{text}, 'Telegram code: 09363', 'text');
	is($o->{sms}[0]{sender}, 'Telegram', 'sender');
	like($_, $ns, 'times of an SMS') for @{$o->{sms}[0]}{qw(created_at date)};
	$p = json('user/profile');
	is($p->{frozen_balance}, 0, 'an SMS spends what was frozen');
	is($p->{balance}, 9.79, '  and nothing more');

	refused('user/cancel/11', 400, 'order has sms');
	refused('user/ban/11', 400, 'order has sms');
	is(json('user/finish/11')->{status}, 'FINISHED', 'finished');
	refused('user/finish/11', 400, 'order expired');
	refused('user/cancel/11', 400, 'order expired');
	is(json('user/check/11')->{sms}[0]{code}, '09363', 'a finished order keeps its SMS');
};

subtest 'cancel, ban and their money' => sub {
	$box->set(rating => '90');
	my $o = buy();

	is(json("user/cancel/$o->{id}")->{status}, 'CANCELED', 'cancelled');
	is(json('user/profile')->{balance}, 9.79, 'refunded');
	refused("user/cancel/$o->{id}", 400, 'order expired');
	$o = buy();
	refused("user/finish/$o->{id}", 400, 'order no sms');
	is(json("user/ban/$o->{id}")->{status}, 'BANNED', 'banned');
	is(json('user/profile')->{balance}, 9.79, 'refunded');
	is(json('user/profile')->{rating}, 89.8, 'each costs 0.1 of rating');

	$box->set(early_cancel_s => 60);
	$o = buy();
	refused("user/cancel/$o->{id}", 400, 'you need to wait time');
	$box->set(early_cancel_s => 0);
	is(json("user/cancel/$o->{id}")->{status}, 'CANCELED', 'later it works');

	refused("user/$_/999999", 400, 'order not found') for qw(finish cancel ban);
	refused('user/check/999999', 404, 'order not found');
};

subtest 'rating' => sub {
	$box->set(rating => '50');
	my $o = buy_with_sms();

	json("user/finish/$o->{id}");
	is(json('user/profile')->{rating}, 50.5, 'a finished order gives 0.5');
	$box->set(lifetime_s => 1);
	my $empty = buy();
	my $full = buy_with_sms();

	$box->set(lifetime_s => 900);
	ok(Sandbox::wait_for(sub { json("user/check/$full->{id}")->{status} eq 'FINISHED' }),
		'an order with an SMS finishes by itself');
	ok(Sandbox::wait_for(sub { json("user/check/$empty->{id}")->{status} eq 'TIMEOUT' }),
		'one without times out');
	is(json('user/profile')->{rating}, 50.75, '+0.4 and -0.15');
	$box->set(top_up => '1');
	is(json('user/profile')->{rating}, 58.75, 'paying in gives 8');
	$box->set(rating => '0.1');
	$o = buy();
	json("user/cancel/$o->{id}");
	is(json('user/profile')->{rating}, 0, 'at 0');
	refused('user/buy/activation/england/any/telegram', 400, 'not enough rating');
	$box->set(rating => '96');
};

subtest 'refusals of a purchase' => sub {
	my $path = 'user/buy/activation';

	refused("$path/any/any/telegram", 400, 'select country');
	refused("$path/atlantis/any/telegram", 400, 'bad country');
	refused("$path/england/bell/telegram", 400, 'bad operator');
	refused("$path/england/any/nothing", 400, 'bad product');
	refused('user/buy/hosting/england/any/3days', 400, 'no product');
	refused('user/reuse/telegram/447400000000', 400, 'reuse not possible');

	$box->set(service => 'telegram', country => 'england', stock => 0);
	refused("$path/england/any/telegram", 200, 'no free phones');
	$box->set(no_phones_http => 400);
	refused("$path/england/any/telegram", 400, 'no free phones');
	$box->set(no_phones_http => 200);
	$box->set(service => 'telegram', country => 'england', operator => 'vodafone', stock => 1);
	is(json("$path/england/any/telegram")->{operator}, 'vodafone', 'any is the one with stock');
	refused("$path/england/vodafone/telegram", 200, 'no free phones');
	$box->set(service => 'telegram', country => 'england', stock => 1000);

	my $left = $box->state->{balance};
	$box->set(balance => '0.20');
	refused("$path/england/any/telegram", 400, 'not enough user balance');
	$box->set(balance => '0.21');
	is(json("$path/england/any/telegram")->{price}, 0.21, 'to the last cent');
	is(json('user/profile')->{balance}, 0, 'is 0');
	$box->set(balance => $left);
};

subtest 'maxPrice' => sub {
	my $path = 'user/buy/activation/england';

	refused("$path/any/telegram?maxPrice=0.2", 200, 'no free phones');
	is(json("$path/any/telegram?maxPrice=0.21")->{price}, 0.21, 'up to it');
	is(json("$path/vodafone/telegram?maxPrice=0.01")->{operator}, 'vodafone',
		'ignored with a pinned operator');
};

subtest 'SMS that come by themselves' => sub {
	$box->set(service => 'telegram', followup_ms => 1);
	my $o = buy_with_sms();
	my $sms;

	ok(Sandbox::wait_for(sub { $sms = json("user/check/$o->{id}")->{sms}; @$sms == 2 }),
		'a code-less SMS follows');
	like($sms->[0]{code}, qr/^\d{5}$/, 'the first has a code');
	my $code = $sms->[0]{code};
	like($sms->[0]{text}, qr/\Q$code\E/, '  which is in its text');
	is($sms->[1]{code}, '', 'the second has none');
	$box->clear;
	$box->set(sms_delay_ms => 0);
	$o = json('user/buy/activation/england/any/whatsapp');
	my $check = json("user/check/$o->{id}");
	my ($digits) = $check->{sms}[0]{code} =~ /^(\d{6})$/;
	my $shown = substr($digits, 0, 3) . '-' . substr($digits, 3);
	like($check->{sms}[0]{text}, qr/\Q$shown\E/, 'WhatsApp writes a dash into it');
	$o = json('user/buy/activation/england/any/steam');
	like(json("user/check/$o->{id}")->{sms}[0]{code}, qr/^[A-Z]{2}\d{3}$/, 'Steam uses letters');
	$o = json('user/buy/activation/afghanistan/any/telegram');
	is_deeply(json("user/check/$o->{id}")->{sms} // [], [], 'some routes never deliver');
};

subtest 'the list of orders' => sub {
	my $all = $box->state->{sold};
	my $list = json("user/orders?category=activation&limit=2&offset=0&order=id&reverse=true");

	is($list->{Total}, $all, 'Total');
	is_deeply([map { $_->{id} } @{$list->{Data}}], [11 + $all - 1, 11 + $all - 2], 'newest first');
	is_deeply($list->{ProductNames}, [], 'ProductNames');
	is_deeply($list->{Statuses}, [], 'Statuses');
	$list = json('user/orders?category=activation&limit=3&offset=1');
	is_deeply([map { $_->{id} } @{$list->{Data}}], [12, 13, 14], 'oldest first from an offset');
	is(scalar @{json('user/orders?category=activation')->{Data}}, 15, '15 without a limit');
	is_deeply(json('user/orders?category=hosting')->{Data}, [], 'no hosting');
	is_deeply(json("user/orders?category=activation&offset=$all")->{Data}, [], 'behind the end');
	$box->set(list_lag_ms => $NEVER);
	is(json('user/orders?category=activation')->{Total}, 0, 'new orders can lag behind');
	$box->set(list_lag_ms => 0);
};

subtest 'the catalogue' => sub {
	my $one = json('guest/prices?country=england&product=telegram');

	is_deeply([keys %$one], ['england'], 'country first');
	is($one->{england}{telegram}{virtual53}{cost}, 0.21, 'then product, then operator');
	ok($one->{england}{telegram}{virtual53}{count} > 0, 'count');
	my $product = json('guest/prices?product=telegram');
	is_deeply([keys %$product], ['telegram'], 'by product alone the nesting is swapped');
	is($product->{telegram}{england}{virtual53}{cost}, 0.21, '  country second');
	my $country = json('guest/prices?country=england');
	ok(keys %{$country->{england}} > 60, 'a country has more than 60 products');
	my $whole = json('guest/prices');
	ok(keys %$whole > 60, 'more than 60 countries');
	my @rates = map { $_->{rate} // () } map { values %$_ } map { values %$_ } values %$whole;
	ok(@rates > 100 && !(grep { $_ < 20 || $_ > 100 } @rates), 'a rate below 20 is left out');
	refused('guest/prices?country=atlantis', 400, 'country is incorrect');
	refused('guest/prices?product=nothing', 400, 'product is incorrect');

	my $any = json('guest/products/any/any');
	my $england = json('guest/products/england/virtual53');
	is_deeply([sort keys %{$england->{telegram}}], [qw(Category Price Qty)], 'a product');
	is($england->{telegram}{Price}, 0.21, 'its price');
	ok($any->{telegram}{Qty} > $england->{telegram}{Qty}, 'any adds up');
	refused('guest/products/atlantis/any', 400, 'country is incorrect');

	my $countries = json('guest/countries');
	is_deeply($countries->{england}{iso}, {gb => 1}, 'iso');
	is_deeply($countries->{england}{prefix}, {'+44' => 1}, 'prefix');
	is($countries->{england}{text_en}, 'United Kingdom', 'name');
	is($countries->{england}{virtual53}{activation}, 1, 'operators beside them');
};

subtest 'refusals by script' => sub {
	$box->fault(kind => 'no_numbers');
	refused('user/buy/activation/england/any/telegram', 200, 'no free phones');
	$box->fault(kind => 'no_balance');
	refused('user/buy/activation/england/any/telegram', 400, 'not enough user balance');
	$box->fault(kind => 'rate_limit_429');
	my $rs = get('user/buy/activation/england/any/telegram');
	is($rs->{status}, 429, 'the limit of the key is 429');
	is($rs->{headers}{'retry-after'}, undef, '  without Retry-After');
	$box->fault(kind => 'banned', op => 'status');
	is(get('user/check/11')->{status}, 503, 'a ban of the address is 503');
};

my $s = $box->state;
# Paid in: 10 at the start, 1 by top_up, and the 0.21 of 'to the last cent',
# after which the balance was put back.
cmp_ok(abs($s->{balance} + $s->{frozen} + $s->{spent} + $s->{lost} - 11.21), '<', 1e-9,
	'no money was lost or made');
is($box->stop, 0, 'SIGTERM ends it with 0');
like($box->log, qr/"event":"sandbox.stopped"/, 'it says so');
done_testing();
