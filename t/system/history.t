#!/usr/bin/perl
# The timeline of a number, for its user and for administrators, and the
# receipt of one that is over, checked by others.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use JSON::PP qw(decode_json encode_json);
use MIME::Base64 qw(decode_base64 encode_base64);
use Stack;
use Test::More;

my $stack = Stack->new;
my ($user, $other, $admin) = ($stack->user(credit => '10.00'), $stack->user, $stack->admin);
my $id = $user->lease->{json}{id};

is $user->get("/api/numbers/$id/receipt")->{status}, 409, 'no receipt before it is over';
$user->until_number($id, 'the SMS', sub { $_[0]{code} });
$user->post("/api/numbers/$id/finish", {});
my $number = $user->get("/api/numbers/$id")->{json};

sub timeline { my ($who, $url) = @_; return $who->get($url)->{json}{data} }
sub steps { return [map { "$_->{kind} $_->{what}" } @{$_[0]}] }

subtest 'the timeline' => sub {
	my $mine = timeline($user, "/api/numbers/$id/timeline");
	my %seen = map { $_ => 1 } @{steps($mine)};

	ok $seen{$_}, $_ for 'state reserve', 'money hold', 'purchase started', 'purchase linked',
	    'state activate', 'sms received', 'state sms', 'money capture', 'state finish';
	is_deeply [map { $_->{at} } @$mine], [sort map { $_->{at} } @$mine], 'in the order of time';
	my ($hold) = grep { $_->{what} eq 'hold' } @$mine;
	cmp_ok $hold->{amount}, '>=', $number->{price}, 'what was held';
	is scalar(grep { exists $_->{provider} || exists $_->{upstream_id} || exists $_->{request} } @$mine), 0,
	    'the provider is not shown to users';
	is scalar(grep { $_->{what} =~ /^cost/ } @$mine), 0, 'nor what it costs us';
	unlike $user->get("/api/numbers/$id/timeline")->{body}, qr/\Q$number->{code}\E/, 'nor the code';
	is $other->get("/api/numbers/$id/timeline")->{status}, 404, "nor another's timeline";
};

subtest 'for administrators' => sub {
	my $all = timeline($admin, "/api/admin/numbers/$id/timeline");
	my ($cost) = grep { $_->{what} eq 'cost' } @$all;
	my ($linked) = grep { $_->{what} eq 'linked' } @$all;

	like $linked->{provider}, qr/^(north|south)$/, 'which provider';
	ok $linked->{upstream_id}, 'its number for it';
	is $cost->{amount}, $linked->{amount}, 'what it cost';
	like $linked->{request}, qr{^GET http://127\.0\.0\.1:\d+/}, 'what was asked';
	like $linked->{answer}, qr/\Q$linked->{upstream_id}\E/, 'what was answered';
	unlike join('', map { $_->{request} // '' } @$all), qr/$Stack::KEY/, 'without our key';
	is $user->get("/api/admin/numbers/$id/timeline")->{status}, 403, 'not for users';
	like $stack->ctl('number', 'timeline', $id), qr/\tstate\treserve\t-> reserved.*\tmoney\tcapture\t\d/s,
	    'and by numleasectl';
};

sub verify {
	my ($text, $key) = @_;
	my $file = "$stack->{dir}/receipt.json";

	open my $out, '>', $file or die $!;
	print $out $text;
	close $out or die $!;
	my $said = qx(env -i $stack->{app}/bin/numleasectl receipt verify $file --key '$key' 2>&1);
	return ($? >> 8, $said);
}

subtest 'the receipt' => sub {
	my $answer = $user->get("/api/numbers/$id/receipt");
	my ($key) = @{$stack->get('/api/receipts/keys')->{json}{data}};

	is $answer->{headers}{'content-type'}, 'application/vnd.dsse.envelope.v1+json', 'is an envelope';
	is $answer->{json}{signatures}[0]{keyid}, $key->{id}, 'that names a published key';
	my ($rc, $said) = verify($answer->{body}, $key->{public_key});
	is $rc, 0, 'verified with nothing but the key';
	my $says = decode_json($said);
	is $says->{$_}, $number->{$_}, $_ for qw(id phone service country state price charged);
	my %sum;
	$sum{$_->{kind}} += 1e6 * $_->{amount} for @{$says->{transfers}};
	is $sum{capture}, 1e6 * $number->{charged}, 'its transfers: the charge';
	is $sum{hold}, $sum{capture} + ($sum{rest} // 0), 'and that nothing else was taken';
	is $stack->ctl(qw(receipt keys)), "$key->{id}\t$key->{public_key}\n", 'numleasectl knows the key';
	is $other->get("/api/numbers/$id/receipt")->{status}, 404, "not for another's number";

	my $forged = {%{$answer->{json}}};
	my $body = decode_json(decode_base64($forged->{payload}));
	$body->{charged} = '0.000000';
	$forged->{payload} = encode_base64(encode_json($body), '');
	($rc, $said) = verify(encode_json($forged), $key->{public_key});
	is $rc, 1, 'a changed one is refused';
	like $said, qr/not proved: the signature is wrong/, 'and why';
	($rc, $said) = verify($answer->{body}, encode_base64("\1" x 32, ''));
	is $rc, 1, 'so is one of another signer';
	is +(verify('{}', $key->{public_key}))[0], 1, 'and what is no receipt';
};

subtest 'paid with a bonus' => sub {
	my $other = $stack->user(credit => '0.10');
	$stack->ctl('wallet', 'credit', $other->{email}, '5.00', '--kind', 'bonus', '--reason', 'gift');
	my $mixed = $other->lease->{json}{id};
	$other->until_number($mixed, 'the SMS', sub { $_[0]{code} });
	$other->post("/api/numbers/$mixed/finish", {});
	my $says = decode_json(decode_base64($other->get("/api/numbers/$mixed/receipt")->{json}{payload}));
	my %sum;

	$sum{$_->{kind}} += 1e6 * $_->{amount} for @{$says->{transfers}};
	is $sum{capture}, 1e6 * $says->{charged}, 'the receipt has the charge';
	is $sum{hold}, $sum{capture} + ($sum{rest} // 0), 'and the whole of what was held';
};

subtest 'no key is ever written down' => sub {
	$stack->control(north => POST => '/control/fault', {op => 'buy', kind => 'no_numbers', count => 9});
	$user->lease for 1 .. 3;
	is $stack->sql("SELECT count(*) > 0, bool_or(request LIKE '%$Stack::KEY%') FROM numlease.exchanges"
	    . " WHERE request LIKE '%handler_api%'"), 't|f', 'nor of the one that takes it in its address';
	my ($key, $hex) = ($Stack::KEY, unpack 'H*', $Stack::KEY);
	my $dump = $stack->part('as_user', 'pg_dump', 'numlease');
	like $dump, qr/COPY numlease\.providers/, 'the whole database';
	unlike $dump, qr/$key|$hex/, 'has it nowhere in the clear';
	is_deeply [map { "$_: " . scalar $stack->log_lines($_, qr/$key/) }
	    qw(api worker nginx-access nginx-error)],
	    ['api: 0', 'worker: 0', 'nginx-access: 0', 'nginx-error: 0'], 'nor has a log';
	$stack->control(north => POST => '/control/clear', {});
};

subtest 'given back' => sub {
	$stack->control($_ => POST => '/control/fault', {op => 'buy', kind => 'no_numbers', count => 9})
	    for qw(north south);
	is $user->lease->{status}, 409, 'nobody sells';
	my ($failed) = @{$user->get('/api/numbers?state=failed')->{json}{data}};
	my $url = "/api/numbers/$failed->{id}";
	my %seen = map { $_ => 1 } @{steps(timeline($user, "$url/timeline"))};

	ok $seen{$_}, $_ for 'purchase failed', 'state fail', 'money release';
	my $receipt = $user->get("$url/receipt")->{json};
	is decode_json(decode_base64($receipt->{payload}))->{charged}, '0.000000', 'its receipt says: nothing charged';
};

$stack->done;
