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

$stack->done;
