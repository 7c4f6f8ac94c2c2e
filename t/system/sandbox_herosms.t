#!/usr/bin/perl
# The dialect herosms: handler_api whose refusals are HTTP errors with JSON.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;
use Time::HiRes qw(time);

my $NEVER = 86_400_000;
my $box = Sandbox->start(dialect => 'herosms', 'first-id' => 500, balance => '10',
	'sms-delay-ms' => $NEVER);
$box->fix_price;
my $next = 500;

sub text { return $box->text(@_) }
sub json { return $box->json(@_) }
sub buy  { text('getNumber', service => 'tg', country => 16, @_); return $next++ }

sub token {
	my ($want, @call) = @_;
	my $rs = $box->api(@call);

	is("$rs->{status} $rs->{content}", "200 $want", "@call: $want");
}

# A refusal with its HTTP status; its info.
sub refused {
	my ($status, $title, @call) = @_;
	my $rs = $box->api(@call);
	my $json = Sandbox::decode($rs->{content}) // {};

	is("$rs->{status} " . ($json->{title} // ''), "$status $title", "@call: $title");
	is($rs->{headers}{'content-type'}, 'application/json', '  is JSON');
	is_deeply([sort keys %$json], [qw(details info title)], '  with details and info');
	return $json->{info};
}

subtest 'the key and the action' => sub {
	is($box->agent->get($box->url('/stubs/handler_api.php?action=getBalance&api_key=x'))->{status},
		401, 'a wrong key is 401');
	refused(404, 'BAD_ACTION', $_) for qw(getNothing getPricesV2 getPricesV3);
	token('ACCESS_BALANCE:10.00', 'getBalance');
};

subtest 'buying' => sub {
	my $rs = $box->api('getNumberV2', service => 'tg', country => 16, orderId => 'a');
	my $o = Sandbox::decode($rs->{content});

	is_deeply([sort keys %$o], [sort qw(activationId phoneNumber activationCost currency
		countryCode countryPhoneCode canGetAnotherSms activationTime activationEndTime
		activationOperator)], 'members');
	like($rs->{content}, qr/"activationId":"500"/, 'the id is text');
	like($rs->{content}, qr/"canGetAnotherSms":true/, 'the flag is a boolean');
	is($o->{countryPhoneCode}, '44', 'dial code');
	like($o->{activationEndTime}, qr/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'end');
	refused(409, 'ORDER_ALREADY_EXISTS', 'getNumberV2', service => 'tg', country => 16, orderId => 'a');
	like(text('getNumber', service => 'tg', country => 16), qr/^ACCESS_NUMBER:501:447\d{9}$/,
		'the first form');
	$next = 502;
	token('UNPROCESSABLE_ENTITY:service:INVALID', 'getNumber', country => 16);
	token('UNPROCESSABLE_ENTITY:country:INVALID', 'getNumber', service => 'tg', country => 9999);
	is_deeply(refused(422, 'UNPROCESSABLE_ENTITY', 'getNumberV2', country => 16),
		{service => 'INVALID'}, 'the second form says it in JSON');
	is_deeply(refused(400, 'WRONG_MAX_PRICE', 'getNumberV2', service => 'tg', country => 16,
		maxPrice => '0.1'), {min => 0.21}, 'the lowest price');
	$box->set(service => 'tg', stock => 0);
	token('NO_NUMBERS', 'getNumberV2', service => 'tg', country => 16);
	$box->set(service => 'tg', stock => 1000);
	$box->set(max_active => 2);
	is_deeply(refused(403, 'CHANNELS_LIMIT', 'getNumberV2', service => 'tg', country => 16),
		{current_threads => 2, max_allowed => 2}, 'threads');
	$box->set(max_active => 0);
	my $left = $box->state->{balance};
	$box->set(balance => '0');
	refused(402, 'NO_BALANCE', 'getNumberV2', service => 'tg', country => 16);
	$box->set(balance => $left);
};

subtest 'states of an activation' => sub {
	my $id = buy();

	token('STATUS_WAIT_CODE', 'getStatus', id => $id);
	is_deeply(json('getStatusV2', id => $id), {verificationType => 'sms', data => undef}, 'V2 waits');
	refused(400, 'BAD_STATUS', 'setStatus', id => $id, status => 1);
	refused(400, 'BAD_STATUS', 'setStatus', id => $id, status => -1);
	refused(400, 'BAD_STATUS', 'setStatus', id => $id, status => 6);
	refused(404, 'NO_ACTIVATION', 'setStatus', id => 999999, status => 8);
	refused(400, 'WRONG_ACTIVATION_ID', 'setStatus', id => 'x', status => 8);
	$box->control(sms => order => $id, text => 'Telegram code 12345');
	token('STATUS_OK:12345', 'getStatus', id => $id);
	my $v2 = json('getStatusV2', id => $id);
	is_deeply([@{$v2->{data}}{qw(phoneFrom code text service type)}],
		['Telegram', '12345', 'Telegram code 12345', 'tg', 'sms'], 'V2 has it');
	like($v2->{data}{id}, qr/^\d+$/, '  under an id of its own');
	token('ACCESS_RETRY_GET', 'setStatus', id => $id, status => 3);
	token('STATUS_WAIT_RETRY:12345', 'getStatus', id => $id);
	$box->control(sms => order => $id, text => 'no code in here');
	token('STATUS_OK:12345', 'getStatus', id => $id);
	token('ACCESS_ACTIVATION', 'setStatus', id => $id, status => 6);
	token('STATUS_OK:12345', 'getStatus', id => $id);
	refused(409, 'ACTIVATION_NOT_ACTIVE', 'setStatus', id => $id, status => $_) for 3, 6, 8;
};

subtest 'cancelling' => sub {
	my $id = buy();

	$box->set(early_cancel_s => 120);
	is_deeply(refused(409, 'EARLY_CANCEL_DENIED', 'setStatus', id => $id, status => 8),
		{minActivationTime => 120}, 'how long');
	$box->set(early_cancel_s => 0);
	token('ACCESS_CANCEL', 'setStatus', id => $id, status => 8);
	token('STATUS_CANCEL', 'getStatus', id => $id);
	refused(409, 'ACTIVATION_NOT_ACTIVE', 'setStatus', id => $id, status => 8);

	$id = buy();
	$box->control(sms => order => $id, text => 'Telegram code 12345');
	my $info = refused(409, 'NEW_OTP_RECEIVED', 'setStatus', id => $id, status => 8);
	is_deeply([map { $_->{code} } @{$info->{data}}], ['12345'], 'an unread SMS is in the refusal');
	my $before = $box->state->{balance};
	token('ACCESS_CANCEL', 'setStatus', id => $id, status => 8);
	is($box->state->{balance}, $before, 'sent again it ends without a refund');

	$id = buy();
	$box->control(sms => order => $id, text => 'Telegram code 12345');
	text('getStatus', id => $id);
	refused(409, 'OTP_RECEIVED', 'setStatus', id => $id, status => 8);

	$id = buy();
	ok(Sandbox::wait_for(sub { time - $box->order($id)->{created_s} > 1 }), 'a second passes');
	$box->set(free_cancel_s => 1);
	refused(409, 'FREE_CANCELLATION_EXPIRED', 'setStatus', id => $id, status => 8);
	$box->set(free_cancel_s => 0);

	is($box->api('cancelActivation', id => $id)->{status}, 204, 'cancelActivation is 204');
	is($box->api('cancelActivation', id => $id)->{status}, 409, '  once');
	$id = buy();
	refused(400, 'BAD_STATUS', 'finishActivation', id => $id);
	$box->control(sms => order => $id, text => 'Telegram code 12345');
	is($box->api('finishActivation', id => $id)->{status}, 204, 'finishActivation is 204');
};

subtest 'lists' => sub {
	my $list = json('getActiveActivations');

	is_deeply([sort keys %$list], [qw(data status)], 'data instead of activeActivations');
	is($list->{data}[-1]{activationId}, '500', 'its activations');
	$box->set(list_lag_ms => $NEVER);
	is_deeply(json('getActiveActivations'), {status => 'success', data => []}, 'none is an empty list');
	$box->set(list_lag_ms => 0);
	$box->set(service => 'tg', country => 16, stock => 0);
	is_deeply(json('getPrices', country => 16, service => 'tg'),
		{16 => {tg => {cost => 0.21, count => 50000, physicalCount => 0}}},
		'the count lies, the physical count does not');
	$box->set(service => 'tg', country => 16, stock => 1000);
	refused(404, 'OPERATORS_NOT_FOUND', 'getOperators', country => 9999);
	refused(400, 'WRONG_DATE', 'getHistory', start => 20, end => 10);
};

subtest 'refusals by script' => sub {
	$box->fault(kind => 'no_numbers');
	token('NO_NUMBERS', 'getNumberV2', service => 'tg', country => 16);
	$box->fault(kind => 'banned', retry_after_s => 90);
	my $info = refused(403, 'BANNED', 'getNumberV2', service => 'tg', country => 16);
	is_deeply([@$info{qw(scope retry_after_seconds)}], ['global', 90], 'scope and time');
	ok($info->{banned_until}, '  until');
	$box->fault(kind => 'rate_limit_429');
	my $rs = $box->api('getNumberV2', service => 'tg', country => 16);
	is("$rs->{status} $rs->{headers}{'retry-after'}", '429 5', 'a rate limit');
};

my $s = $box->state;
cmp_ok(abs($s->{balance} + $s->{frozen} + $s->{spent} + $s->{lost} - 10), '<', 1e-9,
	'no money was lost or made');
done_testing();
