#!/usr/bin/perl
# The npm client hero-sms 2.0.0, as it is: it leases a number and gets its
# code, cancels one, and sees errors of its own types.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp ();
use Stack;
use Test::More;

for my $name (qw(node npm)) {
	plan(skip_all => "$name is missing") unless grep { -x "$_/$name" } split /:/, $ENV{PATH};
}

my $source = "$FindBin::Bin/../compat";
my $temp = $ENV{NUMLEASE_TEST_VAR} ? undef : File::Temp->newdir;
my $home = ($ENV{NUMLEASE_TEST_VAR} // "$temp") . '/compat';

sub content {
	my ($path) = @_;

	open my $in, '<', $path or return '';
	local $/;
	return scalar <$in>;
}

# The client, unless it is there from the last time.
if (content("$home/done") ne content("$source/package-lock.json")) {
	make_path($home);
	copy("$source/$_", "$home/$_") or die "$_: $!" for qw(package.json package-lock.json .npmrc);
	my $said = qx(cd '$home' && npm ci --ignore-scripts --no-audit --no-fund 2>&1);
	$? == 0 or BAIL_OUT("npm ci: $said");
	copy("$home/package-lock.json", "$home/done") or die $!;
}

my $stack = Stack->new(conf => 'worker.poll_interval = 200ms');
my $user = $stack->user(credit => '10.00');
my $key = $user->post('/api/keys', {name => 'hero', kind => 'compat'})->{json}{key};

sub step {
	my ($name) = @_;
	local $ENV{KEY} = $key;
	local $ENV{BASE} = "https://localhost:$stack->{port}/stubs/handler_api.php";
	local $ENV{NODE_EXTRA_CA_CERTS} = "$stack->{dir}/etc/tls.crt";
	my $out = qx(cd '$home' && node '$source/hero.cjs' $name 2>&1);
	my $result = eval { JSON::PP::decode_json($out) };

	ok $result, "$name ran" or diag $out;
	return $result // {};
}

is content("$home/node_modules/hero-sms/package.json") =~ /"version": "(.*)"/ && $1, '2.0.0', 'the client';

subtest 'a number and its code' => sub {
	my $got = step('lease');

	is $got->{balance}, 10, 'the balance';
	like $got->{number}{phoneNumber}, qr/^44\d+$/, 'a phone';
	is $got->{ready}, 'ACCESS_READY', 'ready';
	like $got->{status}{code}, qr/\d{4}/, 'a code';
	is $got->{second}{sms}{code}, $got->{status}{code}, 'the same in the second form';
	is $got->{late}{code}, 'BAD_STATUS', 'a cancel is too late';
	is $got->{done}, 'ACCESS_ACTIVATION', 'finished';
	cmp_ok $got->{after}, '<', 10, 'paid';
	my $n = $user->get('/api/numbers?limit=1')->{json}{data}[0];
	is $n->{state}, 'completed', 'and so it is';
	is "+$got->{number}{phoneNumber}", $n->{phone}, 'that number';
};

subtest 'cancel' => sub {
	$stack->ctl('provider', 'disable', 'south');
	$stack->control(north => POST => '/control/set', {never_sms => JSON::PP::true});
	my $got = step('cancel');

	is $got->{status}{status}, 'STATUS_WAIT_CODE', 'it waits';
	is $got->{active}{data}[0]{activationId}, $got->{number}{activationId}, 'is listed';
	is $got->{done}, 'ACCESS_CANCEL', 'cancelled';
	is $got->{after}{status}, 'STATUS_CANCEL', 'and so it is';
	$stack->ctl('provider', 'enable', 'south');
	$stack->ctl('provider', 'disable', 'north');
	is step('early')->{name}, 'EarlyCancelError', 'too early at the other';
	$stack->ctl('provider', 'enable', 'north');
};

subtest 'the catalogue' => sub {
	my $got = step('read');

	is $got->{countries}{16}{eng}, 'United Kingdom', 'countries';
	cmp_ok scalar @{$got->{services}{services}}, '>', 10, 'services';
	cmp_ok $got->{prices}{16}{tg}{cost}, '>', 0, 'prices';
};

subtest 'errors of its types' => sub {
	$user = $stack->user(credit => '1.00');
	$key = $user->post('/api/keys', {name => 'hero', kind => 'compat'})->{json}{key};
	my $got = step('errors');

	is $got->{key}{name}, 'AuthenticationError', 'a wrong key';
	is $got->{activation}{name}, 'ActivationNotFoundError', 'an unknown number';
	is $got->{price}{name}, 'WrongMaxPriceError', 'a price below all';
	cmp_ok $got->{price}{minimumPrice}, '>', 0, 'with the least';
	is $got->{service}{code}, 'BAD_SERVICE', 'an unknown service';
	is $got->{numbers}{name}, 'NoNumbersError', 'no number';
	is $got->{action}{code}, 'BAD_ACTION', 'an action that is not served';
	# It compares beginnings: NO_ACTIVATIONS is NO_ACTIVATION to it.
	is $got->{none}{name}, 'ActivationNotFoundError', 'nothing open';
};

$stack->done;
