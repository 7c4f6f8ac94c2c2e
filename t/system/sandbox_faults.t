#!/usr/bin/perl
# The script of faults: what the client sees, what really happened, and the
# order in which faults are used.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use IO::Select ();
use IO::Socket::INET ();
use POSIX ();
use Sandbox;
use Test::More;
use Time::HiRes qw(time);

my $NEVER = 86_400_000;
my $box = Sandbox->start(dialect => 'handler_api', 'first-id' => 1, 'sms-delay-ms' => $NEVER);
$box->fix_price;
my @BUY = ('getNumber', service => 'tg', country => 16);

sub agent { return $box->agent(timeout => $_[0]) }

# Run code between two looks at the market: how many were sold.
sub sold {
	my ($code) = @_;
	my $before = $box->state->{sold};

	$code->();
	return $box->state->{sold} - $before;
}

# A raw request: everything that comes until the server closes, and how the
# connection ended.
sub raw_buy {
	my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$box->{port}", Timeout => 5) or die;
	my $text = '';

	local $SIG{ALRM} = sub { die 'the server neither answers nor closes' };
	alarm 10;
	print {$s} "GET /stubs/handler_api.php?api_key=$Sandbox::KEY&action=getNumber"
		. "&service=tg&country=16 HTTP/1.1\r\nHost: x\r\n\r\n";
	while (1) {
		my $n = sysread $s, my $piece, 65536;

		alarm 0 if !$n;
		return ($text, 'reset') if !defined $n;
		return ($text, 'closed') if $n == 0;
		$text .= $piece;
	}
}

subtest 'latency' => sub {
	$box->fault(kind => 'latency', delay_ms => 300);
	my $t = time;
	is(sold(sub { like($box->text(@BUY), qr/^ACCESS_NUMBER/, 'the true answer') }), 1, 'sold');
	cmp_ok(time - $t, '>=', 0.3, '  but late');

	$box->fault(kind => 'latency_before', delay_ms => 600);
	is(sold(sub { is($box->api(@BUY, agent => agent(0.2))->{status}, 599, 'the client gives up') }),
		0, 'nothing is sold at first');
	my $before = $box->state->{sold};
	ok(Sandbox::wait_for(sub { $box->state->{sold} > $before }), 'sold after the client has left');
};

subtest 'hold' => sub {
	$box->fault(kind => 'hold');
	my $before = $box->state->{sold};
	pipe my $out, my $in or die $!;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		syswrite $in, $box->text(@BUY);
		POSIX::_exit(0);
	}
	close $in;
	ok(Sandbox::wait_for(sub { $box->state->{sold} > $before }), 'sold at once');
	is(scalar IO::Select->new($out)->can_read(0.3), undef, '  but not answered');
	$box->clear;
	like(do { local $/; <$out> }, qr/^ACCESS_NUMBER/, '  until the faults are cleared');
	waitpid $pid, 0;
};

subtest 'silence' => sub {
	for (['timeout', 0], ['timeout_after_sale', 1]) {
		my ($kind, $sold) = @$_;

		$box->fault(kind => $kind);
		is(sold(sub { like($box->api(@BUY, agent => agent(0.3))->{content}, qr/[Tt]imed out/, $kind) }),
			$sold, $sold ? 'sold' : 'not sold');
	}
};

subtest 'silence to a POST' => sub {
	$box->fault(kind => 'timeout_after_sale');
	is(sold(sub {
		my $rs = agent(0.3)->post_form($box->url('/stubs/handler_api.php'),
			{api_key => $Sandbox::KEY, action => 'getNumber', service => 'tg', country => 16});
		like($rs->{content}, qr/[Tt]imed out/, 'no answer');
	}), 1, 'sold');
};

subtest 'a connection that ends' => sub {
	for (['reset_before', 'reset', 0], ['reset_after_sale', 'reset', 1],
		['close_before', 'closed', 0], ['close_after_sale', 'closed', 1]) {
		my ($kind, $how, $sold) = @$_;

		$box->fault(kind => $kind);
		is(sold(sub { is_deeply([raw_buy()], ['', $how], $kind) }), $sold, $sold ? 'sold' : 'not sold');
	}
};

subtest 'wrong answers' => sub {
	for (['http_500', 500, qr/^internal error$/], ['garbage', 200, qr/^\xfe\xff\x01/],
		['html', 200, qr/<html>/], ['empty', 200, qr/^$/]) {
		my ($kind, $status, $body) = @$_;

		for my $after ('', '_after_sale') {
			$box->fault(kind => "$kind$after");
			is(sold(sub {
				my $rs = $box->api(@BUY);
				is($rs->{status}, $status, "$kind$after: status");
				like($rs->{content}, $body, '  body');
			}), $after ? 1 : 0, $after ? 'sold' : 'not sold');
		}
	}
	$box->fault(kind => 'answer', status => 418, type => 'text/x', body => "a\nb");
	my $rs = $box->api(@BUY);
	is_deeply([@$rs{qw(status content)}, $rs->{headers}{'content-type'}], [418, "a\nb", 'text/x'],
		'an answer of one\'s own');
	$box->fault(kind => 'answer_after_sale', body => 'NO_NUMBERS');
	is(sold(sub { is($box->text(@BUY), 'NO_NUMBERS', 'a lie about a sale') }), 1, 'sold');
};

subtest 'half an answer' => sub {
	$box->fault(kind => 'truncated_json');
	my $rs;
	is(sold(sub { $rs = $box->api('getNumberV2', service => 'tg', country => 16) }), 1, 'sold');
	is($rs->{status}, 200, 'truncated JSON is 200');
	like($rs->{content}, qr/^\{"activationId":\d+,/, '  begins well');
	is(Sandbox::decode($rs->{content}), undef, '  and is no JSON');

	$box->fault(kind => 'truncated_body');
	my ($text, $how);
	is(sold(sub { ($text, $how) = raw_buy() }), 1, 'sold');
	my ($length) = $text =~ /Content-Length: (\d+)/;
	my ($body) = $text =~ /\r\n\r\n(.*)/s;
	is($how, 'closed', 'closed');
	is(length $body, int($length / 2), 'in the middle of what was announced');
};

subtest 'a slow body' => sub {
	$box->fault(kind => 'slow_body', step => 10, delay_ms => 50);
	my $t = time;
	is(sold(sub { like($box->text(@BUY), qr/^ACCESS_NUMBER:\d+:447\d{9}$/, 'whole in the end') }), 1,
		'sold');
	cmp_ok(time - $t, '>=', 0.1, '  and slow');
};

subtest 'a huge body' => sub {
	$box->fault(kind => 'huge_body', bytes => 20_000_000);
	my $seen = 0;
	my $rs = $box->agent->get($box->url("/stubs/handler_api.php?api_key=$Sandbox::KEY&action=getNumber"),
		{data_callback => sub { $seen += length $_[0] }});
	is($rs->{status}, 200, 'is 200');
	is($seen, 20_000_000, 'all of it');
	$box->fault(kind => 'huge_body', bytes => 1 << 40);
	my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$box->{port}") or die;
	print {$s} "GET /stubs/handler_api.php?api_key=$Sandbox::KEY&action=getNumber&service=tg HTTP/1.1\r\n\r\n";
	sysread $s, my $head, 1000;
	like($head, qr/Content-Length: 1099511627776/, 'a terabyte is announced');
	close $s;
	like($box->text('getBalance'), qr/^ACCESS_BALANCE/, 'leaving early hurts nobody');
};

subtest 'a sale that is wrong' => sub {
	my @v2 = ('getNumberV2', service => 'tg', country => 16);
	my $b = $box->state->{balance};

	$box->fault(kind => 'wrong_price');
	is($box->json(@v2)->{activationCost}, 2.1, 'ten times the price');
	cmp_ok(abs($b - $box->state->{balance} - 2.1), '<', 1e-9, '  is charged');
	$box->fault(kind => 'wrong_price', price => '0.123456');
	is($box->json(@v2)->{activationCost}, 0.123456, 'a given price');
	is($box->text(@BUY, maxPrice => '0.21') =~ /^ACCESS/ ? 1 : 0, 1, 'once');

	$box->fault(kind => 'wrong_country');
	my $o = $box->json(@v2);
	unlike($o->{phoneNumber}, qr/^44/, 'a phone from elsewhere');
	is($o->{countryCode}, '16', '  under the right country');
	$box->fault(kind => 'wrong_country', country => 'fr');
	like($box->json(@v2)->{phoneNumber}, qr/^336/, 'from a given country');

	my $id = $box->json(@v2)->{activationId};
	$box->fault(kind => 'duplicate_id');
	is(sold(sub { is($box->json(@v2)->{activationId}, $id, 'an id is answered again') }), 0,
		'nothing is sold');
	is($box->order($id)->{answers}, 2, 'and counted');
};

subtest 'SMS that are wrong' => sub {
	$box->set(sms_delay_ms => 0);
	$box->fault(kind => 'sms_twice');
	my ($id) = $box->text(@BUY) =~ /^ACCESS_NUMBER:(\d+):/;
	my $sms = $box->order($id)->{sms};
	is(scalar @$sms, 2, 'the same SMS twice');
	is_deeply($sms->[0], $sms->[1], '  to the last bit');
	$box->fault(kind => 'sms_without_code');
	($id) = $box->text(@BUY) =~ /^ACCESS_NUMBER:(\d+):/;
	$sms = $box->order($id)->{sms};
	is_deeply([map { $_->{code} } @$sms], [''], 'one without a code');
	unlike($sms->[0]{text}, qr/\d/, '  really');
	$box->text('setStatus', id => $id, status => 3);
	like($box->order($id)->{sms}[1]{code}, qr/^\d{5}$/, 'the next has one');
	$box->clear;
};

subtest 'order and number of uses' => sub {
	$box->fault(kind => 'answer', body => 'first', count => 2);
	$box->fault(kind => 'answer', body => 'status', op => 'status');
	$box->fault(kind => 'answer', body => 'discord', service => 'ds');
	$box->fault(kind => 'answer', body => 'last');
	is($box->state->{faults_waiting}, 4, 'four wait');
	is($box->text(@BUY), 'first', 'in order');
	is($box->text('getStatus', id => 1), 'status', 'by operation');
	is($box->text('getNumber', service => 'ds', country => 16), 'first', 'twice');
	is($box->text('getNumber', service => 'tg', country => 16), 'last', 'by service: not this one');
	is($box->text('getNumber', service => 'ds', country => 16), 'discord', '  but this');
	like($box->text(@BUY), qr/^ACCESS_NUMBER/, 'none is left');
	is($box->state->{faults_used}, 5, 'five uses');

	$box->fault(kind => 'http_500', op => 'any', count => -1);
	is($box->api($_)->{status}, 500, "$_ fails") for qw(getBalance getPrices getStatus x);
	$box->clear;
	is($box->api('getBalance')->{status}, 200, 'clear ends it');

	my %op = (getBalance => 'balance', getPrices => 'prices', getCountries => 'countries',
		getServicesList => 'services', getOperators => 'operators', getNumbersStatus => 'stock',
		getHistory => 'history', getActiveActivations => 'list', nothing => 'other');
	for my $action (sort keys %op) {
		$box->fault(kind => 'empty', op => $op{$action});
		is($box->text($action), '', "$action is $op{$action}");
	}
	my %status = (1 => 'ready', 3 => 'resend', 6 => 'finish', 8 => 'cancel', -1 => 'cancel');
	for my $status (sort keys %status) {
		$box->fault(kind => 'empty', op => $status{$status});
		is($box->text('setStatus', id => 1, status => $status), '', "status $status is $status{$status}");
	}
	is($box->state->{calls}{cancel}, 2, 'calls are counted');
};

subtest 'a cancel that is done but not told' => sub {
	$box->set(sms_delay_ms => $NEVER);
	my ($id) = $box->text(@BUY) =~ /^ACCESS_NUMBER:(\d+):/;
	$box->fault(kind => 'http_500_after_sale', op => 'cancel');
	is($box->api('setStatus', id => $id, status => 8)->{status}, 500, 'an error');
	is($box->order($id)->{state}, 'CANCELED', '  but cancelled');
};

subtest 'the control' => sub {
	my $url = $box->url('/control/state');

	is($box->agent->get($url)->{status}, 403, 'without X-Control');
	is($box->agent->get($url, {headers => {'X-Control' => $Sandbox::KEY}})->{status}, 403,
		'with the key of the customer');
	is($box->control_raw('nothing', '{}')->{status}, 404, 'an unknown one');
	my @bad = (
		[fault => '{"kind":"nothing"}', undef],
		[fault => '{}', 'kind: is required'],
		[fault => '{"kind":"empty","op":"nothing"}', 'op: unknown'],
		[fault => '{"kind":"empty","x":1}', 'x: is not a known field'],
		[fault => '{"kind":"empty","count":0}', 'count: must not be 0'],
		[fault => '{"kind":"wrong_price","op":"status"}', 'op: this kind is for buy only'],
		[fault => '{"kind":"empty","op":"status","service":"tg"}', 'service: only a buy names one'],
		[fault => '{"kind":"empty","service":"zzz"}', 'service: unknown'],
		[fault => '{', undef],
		[set => '{"nothing":1}', undef],
		[set => '{"stock":-1}', 'stock: out of range'],
		[set => '{"sms_delay_ms":"x"}', 'sms_delay_ms: out of range'],
		[set => '{"country":"atlantis","stock":1}', 'country: unknown'],
		[set => '{"service":"tg","balance":"1"}', 'balance: not by route'],
		[set => '{"country":"gb","lifetime_s":1}', 'lifetime_s: not by route'],
		[set => '[]', 'the body must be a JSON object'],
		[order => '{"id":1,"status":"NOTHING"}', 'status: unknown'],
	);
	for (@bad) {
		my ($what, $body, $why) = @$_;
		my $rs = $box->control_raw($what, $body);

		is($rs->{status}, 400, "$what $body");
		is(Sandbox::decode($rs->{content})->{error}, $why, "  $why") if defined $why;
	}
	is($box->control_raw(order => '{"id":999999,"status":"GOT"}')->{status}, 404, 'no such order');
	is($box->control_raw(sms => '{"order":999999,"text":"x"}')->{status}, 404, 'no such order');
	my $before = $box->state->{balance};
	is($box->control_raw('set', '{"balance":"1","stock":-1}')->{status}, 400, 'all or nothing');
	is($box->state->{balance}, $before, '  nothing');

	my ($id) = $box->text(@BUY) =~ /^ACCESS_NUMBER:(\d+):/;
	$box->control(order => id => $id + 0, status => 'TIMEOUT');
	is($box->order($id)->{state}, 'TIMEOUT', 'an order is closed by hand');
	is($box->state->{balance}, $before, '  and refunded');
	is($box->control_raw(sms => qq({"order":$id,"text":"x"}))->{status}, 409, 'a closed one gets no SMS');
	$box->control(order => id => $id + 0, status => 'WAITING');
	is($box->text('getStatus', id => $id), 'STATUS_WAIT_CODE', 'reopened');
	$box->set(refund_percent => 50);
	$box->text('setStatus', id => $id, status => 8);
	my $o = $box->order($id);
	cmp_ok(abs($o->{price} / 2 - $o->{refunded}), '<', 1e-9, 'half a refund');
	cmp_ok($box->state->{lost}, '>', 0, '  the rest is lost');
	$box->control(order => id => $id + 0, status => 'WAITING');
	is($box->state->{lost}, '0.000000', '  until it is reopened');
	my $s = $box->state;
	cmp_ok(abs($s->{balance} + $s->{frozen} + $s->{spent} + $s->{lost} - 1000), '<', 1e-9,
		'no money was lost or made');
	is(scalar @{Sandbox::decode($box->agent->get($box->url('/control/state?orders=1'),
		{headers => {'X-Control' => 'control'}})->{content})->{orders}}, 1, 'as many orders as wanted');
};

subtest 'the manual' => sub {
	open my $in, '<', "$FindBin::Bin/../../man/numlease-sandbox.8" or die "the manual: $!";
	my $page = do { local $/; <$in> };
	my $words = sub {
		my ($section) = $page =~ /^\.Sh $_[0]\n(.*?)^\.Sh /ms;
		return sort map { split / , / } $section =~ /^\.It Cm (.*)$/mg;
	};
	my $known = sub {
		my $error = Sandbox::decode($box->control_raw(@_)->{content})->{error};
		$error =~ s/^.*must be one of //;
		return sort split /, /, $error;
	};

	is_deeply([$words->('FAULTS')], [$known->(fault => '{"kind":"nothing"}')], 'has every kind of fault');
	is_deeply([$words->('SETTINGS')], [$known->(set => '{"nothing":1}')], 'has every setting');
	my @options = sort qx(./numlease-sandbox --help) =~ /^  --([a-z-]+)/mg;
	is_deeply([sort $page =~ /^\.It Fl -([a-z-]+)/mg], \@options, 'has every option');
};

is($box->stop, 0, 'it still stops in good order');
done_testing();
