#!/usr/bin/perl
# A user's own system is told of an SMS: signed, tried until done, and never
# at an address inside.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Digest::SHA qw(hmac_sha256_base64);
use IO::Socket::INET;
use JSON::PP qw(decode_json);
use MIME::Base64 qw(decode_base64);
use Stack;
use Test::More;

my $stack = Stack->new(conf => 'worker.poll_interval = 200ms');
my $user = $stack->user(credit => '20.00');
my $listen = IO::Socket::INET->new(Listen => 8, LocalAddr => '127.0.0.1', Timeout => 30) or die $!;
my $url = 'http://127.0.0.1:' . $listen->sockport . '/hook';

# Take one request and answer it by `status`.
sub take {
	my ($status) = @_;
	my $peer = $listen->accept or return;
	my ($text, %got) = ('');

	while ($text !~ /\r\n\r\n/) {
		sysread($peer, $text, 4096, length $text) or last;
	}
	my ($head, $body) = split /\r\n\r\n/, $text, 2;
	my ($line, @lines) = split /\r\n/, $head;
	%got = map { /^([^:]+): ?(.*)/ ? (lc $1, $2) : () } @lines;
	while (length $body < $got{'content-length'}) {
		sysread($peer, $body, 4096, length $body) or last;
	}
	syswrite($peer, "HTTP/1.1 $status X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	close $peer;
	return {%got, line => $line, body => $body};
}

sub signature {
	my ($secret, $got) = @_;
	my $key = decode_base64(substr $secret, length 'whsec_');
	my $sum = hmac_sha256_base64("$got->{'webhook-id'}.$got->{'webhook-timestamp'}.$got->{body}", $key);

	$sum .= '=' while length($sum) % 4;
	return "v1,$sum";
}

my $made = $user->post('/api/webhooks', {url => $url});
is $made->{status}, 201, 'an endpoint' or diag $made->{body};
my $secret = $made->{json}{secret};
like $secret, qr/^whsec_/, 'its secret is shown once';
is $user->get('/api/webhooks')->{json}{data}[0]{secret}, undef, 'and never again';

my $n = $user->lease->{json};
my $active = take(200);
is decode_json($active->{body})->{type}, 'number.active', 'the number is told';
my $first = take(500);
my $event = decode_json($first->{body});
is $event->{type}, 'number.sms', 'the SMS is told';
is $event->{data}{id}, $n->{id}, 'of this number';
like $event->{data}{sms}{code}, qr/\d/, 'with its code';
is $first->{'webhook-signature'}, signature($secret, $first), 'signed over the raw bytes';
my $second = take(200);
is $second->{'webhook-id'}, $first->{'webhook-id'}, 'tried again after a failure, under the same id';
is $second->{'webhook-signature'}, signature($secret, $second), 'signed anew';
$stack->until_true(10, 'done', sub {
	$stack->sql("SELECT count(*) FROM numlease.deliveries WHERE state <> 'done'") == 0 });
pass 'all is delivered';
is $stack->sql('SELECT count(*) FROM numlease.delivery_tries'), 3, 'three tries are on record';

subtest 'an endpoint whose secret does not open delays no other' => sub {
	my $broken = $user->post('/api/webhooks', {url => 'http://127.0.0.1:1/hook'})->{json}{id};

	$stack->sql("UPDATE numlease.endpoints SET secret = '\\x00' WHERE id = '$broken'");
	$user->lease;
	is decode_json(take(200)->{body})->{type}, $_, "$_ is told" for qw(number.active number.sms);
	$stack->until_true(20, 'the others are put off', sub {
		$stack->sql("SELECT count(*) FROM numlease.deliveries WHERE endpoint_id = '$broken' "
		    . "AND state = 'pending' AND last_error LIKE '%not be written'") == 2 });
	pass 'what cannot be written is tried later';
	is $user->request(DELETE => "/api/webhooks/$broken")->{status}, 204, 'it is removed';
};

is $stack->user->request(DELETE => "/api/webhooks/$made->{json}{id}")->{status}, 404,
    "another's does not exist";
is $user->request(DELETE => "/api/webhooks/$made->{json}{id}")->{status}, 204, 'one of mine is removed';

subtest 'an address inside is never connected to' => sub {
	$stack->{conf} .= "\nwebhook.allow_private = off";
	$stack->part(stack_setup => 0, 0);
	$stack->part(stop_one => 'worker', 'TERM');
	$stack->part(stop_one => 'api', 'TERM');
	$stack->part('start_api');
	$stack->part(start_worker => 'worker');
	is $user->post('/api/webhooks', {url => $url})->{status}, 422, 'http is refused';
	# At a port that is allowed, so that only the address can refuse it.
	my $here = join '.', 127, map { 1 + int rand 250 } 1 .. 3;
	my $trap = IO::Socket::INET->new(Listen => 8, LocalAddr => $here, LocalPort => 8443) or die "$here: $!";
	for my $inside ("https://$here:8443/", 'https://localhost/', 'https://169.254.169.254/',
	    'https://[::1]/', 'https://0x7f000001/', 'https://10.0.0.1/') {
		is $user->post('/api/webhooks', {url => $inside})->{status}, 201, "$inside may be named";
	}
	$user->lease;
	$stack->until_true(30, 'all were tried', sub {
		$stack->sql('SELECT count(*) FROM numlease.delivery_tries t JOIN numlease.deliveries d '
		    . "ON d.id = t.delivery_id WHERE d.state = 'pending'") >= 6 });
	$trap->timeout(1);
	ok !$trap->accept, 'nobody came';
	is $stack->sql("SELECT count(*) FROM numlease.delivery_tries WHERE status IS NOT NULL AND error IS NOT NULL"),
	    0, 'and there was no answer';
};

$stack->done;
