#!/usr/bin/perl
# The dialect handler_api in the manner of sms-activate: every answer is
# HTTP 200, a refusal is a bare token.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use POSIX ();
use Sandbox;
use Test::More;

my $NEVER = 86_400_000;
my $box = Sandbox->start(dialect => 'handler_api', 'first-id' => 100, balance => '10',
	'sms-delay-ms' => $NEVER);
$box->fix_price;
my $time = qr/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
my $next = 100; # the id of the next sale

sub text { return $box->text(@_) }
sub json { return $box->json(@_) }
sub buy  { text('getNumber', service => 'tg', country => 16, @_); return $next++ }

sub moscow {
	my ($s) = @_;

	return POSIX::strftime('%Y-%m-%d %H:%M:%S', gmtime(int($s) + 3 * 3600));
}

sub token {
	my ($want, @call) = @_;
	my $rs = $box->api(@call);

	is("$rs->{status} $rs->{content}", "200 $want", "@call: $want");
	is($rs->{headers}{'content-type'}, 'text/plain; charset=utf-8', '  is text');
}

subtest 'the key and the address' => sub {
	is($box->agent->get($box->url('/stubs/handler_api.php?action=getBalance'))->{content},
		'NO_KEY', 'no key');
	is($box->agent->get($box->url('/stubs/handler_api.php?action=getBalance&api_key=x'))->{content},
		'BAD_KEY', 'wrong key');
	is($box->agent->get($box->url('/other'))->{status}, 404, 'another address');
	token('BAD_ACTION', 'getNothing');
	token('BAD_ACTION', 'cancelActivation', id => 1);
};

subtest 'GET and POST' => sub {
	my $form = $box->agent->post_form($box->url('/stubs/handler_api.php'),
		{api_key => $Sandbox::KEY, action => 'getBalance'});
	my $query = $box->agent->post($box->url(
		"/stubs/handler_api.php?api_key=$Sandbox::KEY&action=getBalance"));

	is($form->{content}, 'ACCESS_BALANCE:10.00', 'a form');
	is($query->{content}, 'ACCESS_BALANCE:10.00', 'a POST with a query and no body');
	token('ACCESS_BALANCE:10.00', 'getBalance');
	token('ACCESS_BALANCE:10.00', 'getBalanceAndCashBack');
};

subtest 'getNumber' => sub {
	my $answer = text('getNumber', service => 'tg', country => 16);

	like($answer, qr/^ACCESS_NUMBER:100:447\d{9}$/, 'id and digits');
	$next++;
	token('ACCESS_BALANCE:9.79', 'getBalance');
	like(text('getNumber', service => 'tg'), qr/^ACCESS_NUMBER:101:7912\d{7}$/,
		'without a country it is Russia');
	like(text('getNumber', service => 'tg', country => 0), qr/^ACCESS_NUMBER:102:7912\d{7}$/,
		'as with 0');
	$next = 103;
	token('BAD_SERVICE', 'getNumber', country => 16);
	token('BAD_SERVICE', 'getNumber', country => 16, service => 'zzz');
	token('BAD_COUNTRY', 'getNumber', country => 9999, service => 'tg');
	token('WRONG_OPERATOR', 'getNumber', country => 16, service => 'tg', operator => 'bell');
	token('BAD_MAX_PRICE', 'getNumber', country => 16, service => 'tg', maxPrice => 'x');
	token('WRONG_MAX_PRICE:0.21', 'getNumber', country => 16, service => 'tg', maxPrice => '0.20');
	like(text('getNumber', country => 16, service => 'tg', maxPrice => '0.21'),
		qr/^ACCESS_NUMBER:103:/, 'a cap that is met');
	$next = 104;
	$box->set(service => 'tg', country => 16, stock => 0);
	token('NO_NUMBERS', 'getNumber', country => 16, service => 'tg');
	$box->set(service => 'tg', country => 16, stock => 1000);
	$box->set(max_active => 1);
	token('CHANNELS_LIMIT', 'getNumber', country => 16, service => 'tg');
	$box->set(max_active => 0);
	my $left = $box->state->{balance};
	$box->set(balance => '0.20');
	token('NO_BALANCE', 'getNumber', country => 16, service => 'tg');
	$box->set(balance => $left);
};

subtest 'getNumberV2' => sub {
	my $rs = $box->api('getNumberV2', service => 'tg', country => 16,
		operator => 'vodafone', orderId => 'mine-1');
	my $o = Sandbox::decode($rs->{content});
	my $id = $next++;

	is($rs->{headers}{'content-type'}, 'application/json', 'is JSON');
	like($rs->{content}, qr/"activationId":$id,/, 'the id is a number');
	is_deeply([sort keys %$o], [sort qw(activationId phoneNumber activationCost currency
		countryCode canGetAnotherSms activationTime activationOperator)], 'members');
	is($o->{activationCost}, 0.284, 'cost');
	is($o->{currency}, 840, 'currency');
	is($o->{countryCode}, '16', 'country');
	is($o->{activationOperator}, 'vodafone', 'operator');
	is($o->{canGetAnotherSms}, '1', 'flag');
	is($o->{activationTime}, moscow($box->order($id)->{created_s}), 'time, in Moscow');
	token('ORDER_ALREADY_EXISTS', 'getNumberV2', service => 'tg', country => 16, orderId => 'mine-1');
	is(scalar(grep { ($_->{ref} // '') eq 'mine-1' } @{$box->state->{orders}}), 1, 'sold once');
	$box->set(honour_order_id => 0);
	ok(json('getNumberV2', service => 'tg', country => 16, orderId => 'mine-1')->{activationId},
		'unless the upstream does not honour it');
	$next++;
	$box->set(honour_order_id => 1);
	token('NO_NUMBERS', 'getNumberV2', service => 'tg', country => 16, orderId => 'x',
		operator => 'vodafone') for $box->set(service => 'tg', country => 16, stock => 0);
	$box->set(service => 'tg', country => 16, stock => 1000);
};

subtest 'waiting, a code, another code' => sub {
	my $id = buy();

	token('STATUS_WAIT_CODE', 'getStatus', id => $id);
	token('STATUS_WAIT_CODE', 'getFullSms', id => $id);
	is_deeply(json('getStatusV2', id => $id), {verificationType => 0, sms => undef, call => undef},
		'getStatusV2 while waiting');
	token('ACCESS_READY', 'setStatus', id => $id, status => 1);
	token('STATUS_WAIT_CODE', 'getStatus', id => $id);
	$box->control(sms => order => $id, text => 'Telegram code: 12345');
	token('STATUS_OK:12345', 'getStatus', id => $id);
	token('FULL_SMS:Telegram code: 12345', 'getFullSms', id => $id);
	my $v2 = json('getStatusV2', id => $id);
	is_deeply([@{$v2->{sms}}{qw(code text)}], ['12345', 'Telegram code: 12345'], 'getStatusV2');
	like($v2->{sms}{dateTime}, $time, '  with its time');
	token('BAD_STATUS', 'setStatus', id => $id, status => 8);
	token('ACCESS_RETRY_GET', 'setStatus', id => $id, status => 3);
	token('STATUS_WAIT_RETRY:12345', 'getStatus', id => $id);
	$box->control(sms => order => $id, text => "a:b\nc", code => "a:b\nc");
	token('STATUS_OK:a:b c', 'getStatus', id => $id);
	token('ACCESS_ACTIVATION', 'setStatus', id => $id, status => 6);
	token('STATUS_CANCEL', 'getStatus', id => $id);
	token('BAD_STATUS', 'setStatus', id => $id, status => 3);
	token('BAD_STATUS', 'setStatus', id => $id, status => 1);
	token('BAD_STATUS', 'setStatus', id => $id, status => 8);
	token('ACCESS_ACTIVATION', 'setStatus', id => $id, status => 6);
	$id = buy();
	token('ACCESS_RETRY_GET', 'setStatus', id => $id, status => 3);
	token('STATUS_WAIT_RESEND', 'getStatus', id => $id);
	token('ACCESS_CANCEL', 'setStatus', id => $id, status => -1);
	$box->set(sms_delay_ms => 0);
	$id = buy();
	my ($first) = text('getStatus', id => $id) =~ /^STATUS_OK:(\d{5})$/;
	ok($first, 'a code that comes by itself');
	text('setStatus', id => $id, status => 3);
	my ($second) = text('getStatus', id => $id) =~ /^STATUS_OK:(\d{5})$/;
	ok($second && $second ne $first, '  and another after a retry');
	$box->set(sms_delay_ms => $NEVER);
};

subtest 'cancelling' => sub {
	my $before = $box->state->{balance};
	my $id = buy();

	$box->set(early_cancel_s => 60);
	token('EARLY_CANCEL_DENIED', 'setStatus', id => $id, status => 8);
	$box->set(early_cancel_s => 0);
	token('ACCESS_CANCEL', 'setStatus', id => $id, status => 8);
	token('ACCESS_CANCEL', 'setStatus', id => $id, status => 8);
	token('STATUS_CANCEL', 'getStatus', id => $id);
	is(text('getStatusV2', id => $id), 'STATUS_CANCEL', 'getStatusV2 of a cancelled one');
	is($box->state->{balance}, $before, 'refunded once');
	$id = buy();
	token('ACCESS_ACTIVATION', 'setStatus', id => $id, status => 6);
	is($box->state->{balance}, $before, '6 without a code is a cancel');
	$box->set(lifetime_s => 1);
	$id = buy();
	$box->set(lifetime_s => 1200);
	ok(Sandbox::wait_for(sub { text('getStatus', id => $id) eq 'STATUS_CANCEL' }), 'it expires');
	is($box->state->{balance}, $before, '  and is refunded');
};

subtest 'refusals about an activation' => sub {
	token('NO_ACTIVATION', 'getStatus', id => 999999);
	token('NO_ACTIVATION', 'getStatus', id => 'x');
	token('NO_ACTIVATION', 'setStatus', id => 999999, status => 8);
	token('WRONG_ACTIVATION_ID', 'setStatus', id => 'x', status => 8);
	token('WRONG_ACTIVATION_ID', 'setStatus', status => 8);
	token('BAD_STATUS', 'setStatus', id => 100, status => 5);
	token('BAD_STATUS', 'setStatus', id => 100);
};

subtest 'lists of activations' => sub {
	my $list = json('getActiveActivations');
	my $one = $list->{activeActivations}[-1];

	is($list->{status}, 'success', 'success');
	is($one->{activationId}, '100', 'the oldest is last');
	is_deeply([@$one{qw(serviceCode activationStatus smsCode smsText countryCode countryName
		canGetAnotherSms currency discount repeated)}],
		['tg', '4', undef, undef, '16', 'United Kingdom', '1', 840, '0.00', '0'], 'members');
	$box->control(sms => order => 100, text => 'code 7777');
	$one = json('getActiveActivations')->{activeActivations}[-1];
	is_deeply([@$one{qw(activationStatus smsText)}, @{$one->{smsCode}}], ['2', 'code 7777', '7777'],
		'with an SMS');
	is(scalar @{json('getActiveActivations', start => 1, limit => 1)->{activeActivations}}, 1,
		'start and limit');
	$box->set(list_lag_ms => $NEVER);
	token('NO_ACTIVATIONS', 'getActiveActivations');
	$box->set(list_lag_ms => 0);

	my $history = json('getHistory', limit => 100);
	my ($h) = grep { $_->{id} == 100 } @$history;
	is_deeply([@$h{qw(sms cost status currency)}], ['["code 7777"]', 0, '2', 840],
		'history; an active one costs nothing yet');
	text('setStatus', id => 100, status => 6);
	($h) = grep { $_->{id} == 100 } @{json('getHistory', limit => 100)};
	is_deeply([@$h{qw(cost status)}], [0.21, '6'], '  a finished one does');
	is(scalar @{json('getHistory', limit => 1, offset => 1)}, 1, 'limit and offset');
	token('WRONG_DATE', 'getHistory', start => 20, end => 10);
	token('WRONG_DATE', 'getHistory', start => 1, end => 9_000_000);
};

subtest 'the catalogue' => sub {
	my $stock = $box->set(service => 'tg', country => 16, stock => 7);

	is_deeply(json('getPrices', country => 16, service => 'tg'),
		{16 => {tg => {cost => 0.21, count => 21, physicalCount => 21}}}, 'one price');
	is_deeply(json('getPrices', country => 9999), {}, 'nothing is {}');
	is_deeply([keys %{json('getPrices', service => 'tg')->{16}}], ['tg'], 'by service');
	my $all = json('getPrices');
	ok(keys %$all > 60 && keys %{$all->{16}} > 60, 'all of them');
	my $c = json('getCountries')->{16};
	is_deeply($c, {id => 16, rus => 'United Kingdom', eng => 'United Kingdom',
		chn => 'United Kingdom', visible => 1, retry => 1, rent => 0, multiService => 0}, 'a country');
	my $s = json('getServicesList');
	is($s->{status}, 'success', 'services');
	is_deeply((grep { $_->{code} eq 'tg' } @{$s->{services}})[0], {code => 'tg', name => 'Telegram'},
		'  one of them');
	is_deeply(json('getOperators', country => 16), {status => 'success',
		countryOperators => {16 => [qw(virtual53 virtual34 vodafone)]}}, 'operators');
	ok(keys %{json('getOperators')->{countryOperators}} > 60, '  of all countries');
	token('OPERATORS_NOT_FOUND', 'getOperators', country => 9999);
	is(json('getNumbersStatus', country => 16)->{tg}, '21', 'stock');
	like(text('getNumbersStatus', country => 16), qr/"tg":"21"/, '  as strings');
};

subtest 'refusals by script' => sub {
	$box->fault(kind => 'no_numbers');
	token('NO_NUMBERS', 'getNumber', service => 'tg', country => 16);
	$box->fault(kind => 'no_balance');
	token('NO_BALANCE', 'getNumberV2', service => 'tg', country => 16);
	$box->fault(kind => 'banned');
	like(text('getNumber', service => 'tg', country => 16),
		qr/^BANNED:'\d{4}-\d\d-\d\d \d\d-\d\d-\d\d'$/, 'banned until');
	$box->fault(kind => 'rate_limit_429', retry_after_s => 7, op => 'status');
	my $rs = $box->api('getStatus', id => 100);
	is("$rs->{status} $rs->{content} $rs->{headers}{'retry-after'}", '429 Too Many Requests 7',
		'a rate limit');
};

my $s = $box->state;
cmp_ok(abs($s->{balance} + $s->{frozen} + $s->{spent} + $s->{lost} - 10), '<', 1e-9,
	'no money was lost or made');
done_testing();
