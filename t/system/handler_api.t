#!/usr/bin/perl
# The door of the handler_api protocol: every action, every word.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;
use Time::HiRes qw(time);

my $URL = '/stubs/handler_api.php';
my $stack = Stack->new(conf => "worker.poll_interval = 200ms\nlease.max_active = 100\napi.lease_wait = 4s");
our $user = $stack->user(credit => '20.00');
our $key = compat_key($user);

sub compat_key {
	my ($who) = @_;

	return $who->post('/api/keys', {name => 'old client', kind => 'compat'})->{json}{key};
}

sub text_of {
	my (%pair) = @_;

	return join '&', map {
		my $value = $pair{$_} =~ s/([^A-Za-z0-9_.-])/sprintf '%%%02X', ord $1/ger;
		my $name = s/ /%20/gr;
		"$name=$value";
	} sort keys %pair;
}

# One action by GET: the whole answer.
sub ask {
	my ($action, %pair) = @_;

	return $stack->get("$URL?" . text_of(api_key => $key, action => $action, %pair));
}

# The word it answers, once its form was checked.
sub word {
	my ($action, %pair) = @_;
	my $answer = ask($action, %pair);

	fail "$action: $answer->{status} $answer->{headers}{'content-type'}"
	    if $answer->{status} != 200 || $answer->{headers}{'content-type'} !~ m{^text/plain};
	return $answer->{body};
}

sub data {
	my ($action, %pair) = @_;
	my $answer = ask($action, %pair);

	like $answer->{headers}{'content-type'}, qr{^application/json}, "$action answers JSON"
	    or diag $answer->{body};
	return $answer->{json};
}

# A number of the provider that is left on; its id.
sub lease {
	my (%pair) = @_;
	my $word = word('getNumber', service => 'tg', country => 16, %pair);

	return $1 if $word =~ /^ACCESS_NUMBER:(\d+):44\d+$/;
	fail "a number: $word";
	return 0;
}

sub until_word {
	my ($id, $is) = @_;
	my $word;

	$stack->until_true(20, "$is of $id", sub { ($word = word("getStatus", id => $id)) =~ $is });
	return $word;
}

sub only {
	my ($name) = @_;

	$stack->ctl('provider', $_ eq $name || $name eq 'both' ? 'enable' : 'disable', $_)
	    for qw(north south);
}

subtest 'who may' => sub {
	my $live = $user->post('/api/keys', {name => 'new', kind => 'live'})->{json}{key};

	like $key, qr/^[0-9A-Za-z]{32}$/, 'a key has 32 characters';
	is word('getBalance'), 'ACCESS_BALANCE:20.00', 'the balance with two decimals';
	is word('getBalance', api_key => $_), 'BAD_KEY', "no key: $_"
	    for ('', 'x', 'A' x 32, substr($key, 1), $key . 'a', $live);
	is $stack->get("$URL?action=getBalance")->{body}, 'BAD_KEY', 'none at all';
	is $stack->get("$URL?action=getNumber&service=tg&country=16")->{body}, 'BAD_KEY', 'not for a number either';
	is $stack->get('/api/wallet', "Authorization: Bearer $key")->{status}, 401, 'it opens this door only';
	my $plain = $stack->get("/stubs/handler_api?api_key=$key&action=getBalance");
	is $plain->{body}, 'ACCESS_BALANCE:20.00', 'the address without .php';
};

subtest 'the form of requests' => sub {
	is word('GETBALANCE'), 'ACCESS_BALANCE:20.00', 'an action in any case';
	is word('nosuch'), 'BAD_ACTION', 'an action that is none';
	is word(''), 'BAD_ACTION', 'no action';
	is word('getBalance', ref => 'x', language => 'en'), 'ACCESS_BALANCE:20.00', 'more parameters';
	my $form = $stack->post($URL, text_of(api_key => $key, action => 'getBalance'),
	    'Content-Type: application/x-www-form-urlencoded');
	is $form->{body}, 'ACCESS_BALANCE:20.00', 'by POST';
	my $half = $stack->post("$URL?api_key=$key", text_of('action ' => 'getBalance'),
	    'Content-Type: application/x-www-form-urlencoded');
	is $half->{body}, 'ACCESS_BALANCE:20.00', 'half in the query, half in the body';
	my $bad = $stack->get("$URL?api_key=$key&action=%zz");
	is "$bad->{status} $bad->{body}", '200 BAD_ACTION', 'what cannot be decoded';
	is $bad->{headers}{'cache-control'}, 'no-store', 'nothing is kept';
};

subtest 'the catalogue' => sub {
	$stack->until_true(60, 'both providers have offers', sub {
		$stack->sql('SELECT count(DISTINCT provider_id) FROM numlease.offers ' .
		    q(WHERE service = 'telegram' AND country = 'gb')) == 2;
	});
	my $countries = data('getCountries');
	is $countries->{16}{eng}, 'United Kingdom', 'a country by its id';
	is $countries->{16}{id}, 16, 'which stands inside, too';
	my $services = data('getServicesList');
	is $services->{status}, 'success', 'services';
	is +(grep { $_->{code} eq 'tg' } @{$services->{services}})[0]{name}, 'Telegram', 'with their names';
	my $all = data('getPrices');
	cmp_ok scalar keys %$all, '>', 3, 'prices of all countries';
	my $one = data('getPrices', service => 'tg', country => 16);
	is_deeply [keys %$one, keys %{$one->{16}}], [16, 'tg'], 'of one';
	cmp_ok $one->{16}{tg}{cost}, '>', 0, 'a cost';
	unlike ask('getPrices', service => 'tg', country => 16)->{body}, qr/"cost":"/, 'which is a number';
	my ($offer) = sort { $a->{price} <=> $b->{price} }
	    @{$stack->get('/api/offers?service=telegram&country=gb')->{json}{data}};
	cmp_ok $one->{16}{tg}{cost}, '==', $offer->{price}, 'the one that the page shows';
	is_deeply data('getPrices', service => 'nosuch'), {}, 'nothing is an empty object';
	is word('getPrices', country => 'gb'), 'BAD_COUNTRY', 'a country that is no number';
	my $stock = data('getNumbersStatus', country => 16);
	is $stock->{tg}, $stock->{tg_0}, 'stock, in both forms';
	cmp_ok $stock->{tg}, '>', 0, 'of Telegram';
	is ref data('getNumbersStatus'), 'HASH', 'stock without a country';
};

subtest 'a number, its code, the end' => sub {
	only('south'); # it sends further SMS
	my $before = $user->wallet->{available};
	is word('getActiveActivations'), 'NO_ACTIVATIONS', 'none yet';
	my $word = word('getNumber', service => 'tg', 'country ' => 16, operator => 'any,x');
	my ($id, $phone) = $word =~ /^ACCESS_NUMBER:(\d+):(44\d+)$/ or fail "a number: $word";
	cmp_ok $id, '<', 2**31, 'a small id';
	is word('setStatus', id => $id, status => 1), 'ACCESS_READY', 'it was used';
	my $active = data('getActiveActivations');
	is_deeply $active->{data}, $active->{activeActivations}, 'two names of one list';
	my ($mine) = grep { $_->{activationId} eq $id } @{$active->{data}};
	is $mine->{phoneNumber}, $phone, 'the phone';
	is $mine->{serviceCode}, 'tg', 'the service';
	is $mine->{countryCode}, '16', 'the country';
	like $mine->{activationTime}, qr/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'the time';
	my ($code) = until_word($id, qr/^STATUS_OK/) =~ /^STATUS_OK:(\S+)$/ or fail 'a code';
	is word('getStatus', activationId => $id), "STATUS_OK:$code", 'by the other name of the id';
	my $v2 = data('getStatusV2', id => $id);
	is $v2->{sms}{code}, $code, 'in the second form';
	like $v2->{sms}{text}, qr/\d/, 'with the text';
	is word('setStatus', id => $id, status => 8), 'BAD_STATUS', 'too late to cancel';
	is word('setStatus', id => $id, status => 3), 'ACCESS_RETRY_GET', 'a further SMS';
	like word('getStatus', id => $id), qr/^STATUS_(WAIT_RETRY:\Q$code\E|OK:\S+)$/, 'is waited for';
	until_word($id, qr/^STATUS_OK/);
	is word('setStatus', id => $id, status => 6), 'ACCESS_ACTIVATION', 'done';
	is word('setStatus', id => $id, status => 6), 'ACCESS_ACTIVATION', 'twice';
	like word('getStatus', id => $id), qr/^STATUS_OK:/, 'the code stays';
	is word('setStatus', id => $id, status => 3), 'BAD_STATUS', 'no more after the end';
	is word('setStatus', id => $id, status => 8), 'BAD_STATUS', 'nor a cancel';
	cmp_ok $user->wallet->{available}, '<', $before, 'it was paid for';
	only('both');
};

subtest 'the second form of buying' => sub {
	my $answer = data('getNumberV2', service => 'tg', country => 16, operator => 'any', orderId => 'mine-1');
	like $answer->{activationId}, qr/^\d+$/, 'an id';
	like $answer->{phoneNumber}, qr/^44\d+$/, 'a phone of digits';
	cmp_ok $answer->{activationCost}, '>', 0, 'a cost';
	is $answer->{currency}, 840, 'in dollars';
	is $answer->{countryCode}, '16', 'a country';
	is word('getNumberV2', service => 'tg', country => 16, orderId => 'mine-1'),
	    'ORDER_ALREADY_EXISTS', 'an order is made once';
	is word('getNumberV2', service => 'tg', country => 43, orderId => 'mine-1'),
	    'ORDER_ALREADY_EXISTS', 'also with other wishes';
	is word('getNumberV2', service => 'tg', country => 16, orderId => 'x' x 65), 'BAD_DATA', 'too long an order';
	my $other = $stack->user(credit => '5.00');
	my $theirs = data('getNumberV2', api_key => compat_key($other), service => 'tg', country => 16,
	    orderId => 'mine-1');
	isnt $theirs->{activationId}, $answer->{activationId}, "another's order is another";
	is word('getStatus', id => $theirs->{activationId}), 'NO_ACTIVATION', 'and not mine to see';
	is word('setStatus', id => $theirs->{activationId}, status => 8), 'NO_ACTIVATION', 'or to end';
};

subtest 'cancel' => sub {
	only('south');
	my $id = lease();
	is word('setStatus', id => $id, status => 8), 'EARLY_CANCEL_DENIED', 'not in the first minutes';
	is word('setStatus', id => $id, status => 6), 'EARLY_CANCEL_DENIED', 'nor by a finish without SMS';
	like word('getStatus', id => $id), qr/^STATUS_(WAIT_CODE|OK)/, 'it goes on';
	only('north');
	$stack->control(north => POST => '/control/set', {never_sms => JSON::PP::true});
	local $user = $stack->user(credit => '5.00');
	local $key = compat_key($user);
	my $before = $user->wallet->{available};
	for my $status (8, -1, 6) {
		$id = lease();
		is word('getStatus', id => $id), 'STATUS_WAIT_CODE', 'a number without SMS';
		is data('getStatusV2', id => $id)->{sms}, undef, 'in both forms';
		is word('setStatus', id => $id, status => 3), 'BAD_STATUS', 'a further SMS needs a first';
		is word('setStatus', id => $id, status => $status),
		    $status == 6 ? 'ACCESS_ACTIVATION' : 'ACCESS_CANCEL', "ended by $status";
		is word('getStatus', id => $id), 'STATUS_CANCEL', 'is cancelled';
		is word('getStatusV2', id => $id), 'STATUS_CANCEL', 'in both forms';
		is word('setStatus', id => $id, status => 8), 'ACCESS_CANCEL', 'twice';
	}
	$stack->until_true(20, 'all came back', sub { $user->wallet->{available} eq $before });
	$stack->control(north => POST => '/control/clear', {});
	only('both');
};

subtest 'what is refused' => sub {
	my $poor = compat_key($stack->user);
	my @wrong = (
		[NO_BALANCE => getNumber => api_key => $poor, service => 'tg', country => 16],
		[BAD_SERVICE => getNumber => service => 'nosuch', country => 16],
		[BAD_SERVICE => getNumber => country => 16],
		[BAD_COUNTRY => getNumber => service => 'tg', country => 9999],
		[BAD_COUNTRY => getNumber => service => 'tg', country => 'gb'],
		[BAD_MAX_PRICE => getNumber => service => 'tg', country => 16, maxPrice => 'cheap'],
		[BAD_MAX_PRICE => getNumber => service => 'tg', country => 16, maxPrice => '-1'],
		[NO_NUMBERS => getNumber => service => 'tg', country => 16, operator => 'nosuch'],
		[NO_ACTIVATION => getStatus => id => 1],
		[NO_ACTIVATION => getStatus => id => 'x'],
		[NO_ACTIVATION => getStatus => id => '99999999999'],
		[NO_ACTIVATION => setStatus => id => 1, status => 8],
		[WRONG_ACTIVATION_ID => setStatus => id => 'x', status => 8],
		[WRONG_ACTIVATION_ID => setStatus => status => 8],
	);
	for my $case (@wrong) {
		my ($want, @ask) = @$case;
		is word(@ask), $want, "@ask";
	}
	my $id = lease();
	is word('setStatus', id => $id, status => $_), 'BAD_STATUS', "status '$_'" for ('', 2, 7, 'x');
	my $cost = data('getPrices', service => 'tg', country => 16)->{16}{tg}{cost};
	my $low = word('getNumber', service => 'tg', country => 16, maxPrice => '0.0001');
	like $low, qr/^WRONG_MAX_PRICE:\d+\.\d\d$/, 'a price below all';
	cmp_ok +($low =~ /:(.*)/)[0], '==', $cost, 'is told the cheapest';
	lease(maxPrice => "${cost}000000001");
	like word('getNumber', service => 'tg'), qr/^(ACCESS_NUMBER:\d+:7\d+|NO_NUMBERS)$/, 'no country is one';
	is word('getNumber', service => 'tg', country => 0) =~ /^BAD/, '', 'so is 0';
	$stack->control($_ => POST => '/control/fault', {op => 'buy', kind => 'no_numbers', count => 9})
	    for qw(north south);
	is word('getNumber', service => 'tg', country => 16), 'NO_NUMBERS', 'nobody has one';
	$stack->control($_ => POST => '/control/clear', {}) for qw(north south);
};

subtest 'at the deadline it is given up, and the purchase undone' => sub {
	only('north');
	$stack->control(north => POST => '/control/set', {never_sms => JSON::PP::true});
	local $user = $stack->user(credit => '5.00');
	local $key = compat_key($user);
	my $before = $user->wallet->{available};
	$stack->control(north => POST => '/control/fault',
	    {op => 'buy', kind => 'latency', delay_ms => 7000, count => 1});
	my $from = time;
	is word('getNumber', service => 'tg', country => 16), 'NO_NUMBERS', 'no number in time';
	cmp_ok time - $from, '<', 7, 'told at the deadline';
	my ($id) = split /\|/, $stack->sql('SELECT id FROM numlease.activations ORDER BY id DESC LIMIT 1');
	my $row;
	$stack->until_true(40, 'it is cancelled', sub {
		$row = $stack->sql("SELECT state, upstream_id IS NOT NULL FROM numlease.activations WHERE id = '$id'");
		$row =~ /^CANCELLED/;
	});
	is $row, 'CANCELLED|t', 'the number that came late was linked and cancelled';
	is $user->wallet->{available}, $before, 'the wallet is whole';
	my $upstream = $stack->sql("SELECT upstream_id FROM numlease.activations WHERE id = '$id'");
	my $order = $stack->get("http://127.0.0.1:$stack->{box}{north}/v1/user/check/$upstream",
	    "Authorization: Bearer $Stack::KEY");
	is $order->{json}{status}, 'CANCELED', 'the provider took it back';
	$stack->control(north => POST => '/control/clear', {});
	only('both');
};

subtest 'maintenance ends buying, not what is open' => sub {
	my $id = lease();
	$stack->sql(q(UPDATE numlease.settings SET value = 'on' WHERE key = 'maintenance'));
	is word('getNumber', service => 'tg', country => 16), 'ERROR_SQL', 'no number now';
	like word('getStatus', id => $id), qr/^STATUS_/, 'the open one is served';
	$stack->sql(q(UPDATE numlease.settings SET value = 'off' WHERE key = 'maintenance'));
};

subtest 'how often' => sub {
	my $tight = Stack->new(api_only => 1, conf => 'rate.lease_per_minute = 2');
	my $them = $tight->user;
	my $ask = sub { $tight->get("$URL?" . text_of(api_key => compat_key($them), @_))->{body} };
	my @words = map { $ask->(action => 'getNumber', service => 'tg', country => 16) } 1 .. 3;

	is "@words", 'NO_NUMBERS NO_NUMBERS RATE_LIMIT', 'leases are counted';
	is $ask->(action => 'getBalance'), 'ACCESS_BALANCE:0.00', 'polling is not';
	is $them->lease->{json}{code}, 'rate_limited', 'of all doors together';
	$tight->stop;
};

$stack->done;
