#!/usr/bin/perl
# Accounts through nginx and TLS: who gets in, and who does not.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256);
use FindBin ();
use lib "$FindBin::Bin/../lib";
use MIME::Base64 qw(decode_base64url encode_base64url);
use Stack;
use Test::More;

my $stack = Stack->new(api_only => 1);
my $password = 'correct horse battery';
my $origin = "https://localhost:$stack->{port}";

# A request as a program sends it; the answer also has {cookie}.
sub call {
	my ($method, $path, $body, %opt) = @_;
	my @headers = map { "$_: $opt{headers}{$_}" } sort keys %{$opt{headers} // {}};

	push @headers, "Authorization: Bearer $opt{token}" if defined $opt{token};
	push @headers, "Cookie: __Host-rt=$opt{cookie}" if defined $opt{cookie};
	my $rs = $stack->request($method, $path, $body, @headers);
	($rs->{cookie}) = ($rs->{headers}{'set-cookie'} // '') =~ /^__Host-rt=([^;]*)/;
	return $rs;
}

# numleasectl: its exit code and what it printed.
sub ctl { return $stack->try_part('ctl', @_) }

sub problem {
	my ($rs, $status, $code, $name) = @_;

	is($rs->{status}, $status, "$name: $status");
	is($rs->{headers}{'content-type'}, 'application/problem+json', '  a problem');
	is($rs->{json}{code}, $code, "  $code");
}

sub register {
	my $email = shift;
	my $rs = call(POST => '/api/auth/register',
	    {email => $email, password => $password});

	is($rs->{status}, 201, "$email registers") or diag $rs->{body};
	return $rs;
}

sub refresh {
	my ($cookie, %headers) = @_;

	return call(POST => '/api/auth/refresh', undef, cookie => $cookie,
	    headers => {Origin => $origin, %headers});
}

sub me {
	return call(GET => '/api/auth/me', undef, token => $_[0]);
}

subtest 'register, log in, me' => sub {
	my $rs = register('ann@example.com');
	my $set = $rs->{headers}{'set-cookie'};

	like($set, qr/^__Host-rt=[\w-]{86}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
	    'the refresh token is in a locked cookie');
	is($rs->{headers}{'cache-control'}, 'no-store', 'and nobody caches it');
	is($rs->{json}{token_type}, 'Bearer', 'bearer');
	is($rs->{json}{expires_in}, 600, 'for ten minutes');
	is($rs->{json}{user}{email}, 'ann@example.com', 'the address');
	is($rs->{json}{user}{role}, 'user', 'an ordinary user');
	is_deeply([sort keys %{$rs->{json}{user}}], [qw(created_at email id role)], 'nothing else is told');
	unlike($rs->{body}, qr/\Q$rs->{cookie}\E/, 'the refresh token is not in the body');

	$rs = call(POST => '/api/auth/login',
	    {email => 'ANN@Example.com', password => $password});
	is($rs->{status}, 200, 'logs in') or diag $rs->{body};
	my $me = me($rs->{json}{access_token});
	is($me->{status}, 200, 'me');
	is_deeply($me->{json}, $rs->{json}{user}, 'is the same user');
	$me = call(GET => '/api/wallet', undef, token => $rs->{json}{access_token});
	is_deeply($me->{json}, {currency => 'USD', available => '0.000000', bonus => '0.000000', held => '0.000000'},
	    'with an empty wallet');
};

subtest 'bad input is told field by field' => sub {
	my $rs = call(POST => '/api/auth/register', {email => 'x', password => 'short'});

	problem($rs, 422, 'bad_input', 'weak');
	is_deeply([sort map { $_->{field} } @{$rs->{json}{errors}}], [qw(email password)], '  both fields');
	for (['{"email":"b@example.com","password":"correct horse battery","role":"admin"}', 422, 'bad_input', 'an unknown member'],
		['{"email":"b@example.com","password":"correct horse battery","password":"x"}', 422, 'bad_input', 'a member twice'],
		['{"email":["b@example.com"],"password":"correct horse battery"}', 422, 'bad_input', 'a list for text'],
		['{"email":"b@example.com","password":12345678901234}', 422, 'bad_input', 'a number for text'],
		['{"email":"b@example.com"}', 422, 'bad_input', 'a missing member'],
		['{"email":', 400, 'bad_request', 'half a body'],
		['[]', 422, 'bad_input', 'a list for a body'],
		['', 422, 'bad_input', 'nothing']) {
		my ($body, $status, $code, $name) = @$_;

		problem(call(POST => '/api/auth/register', $body), $status, $code, $name);
	}
	problem(call(POST => '/api/auth/register', 'email=a&password=b',
	    headers => {'Content-Type' => 'application/x-www-form-urlencoded'}),
	    415, 'bad_media_type', 'a form');
	problem(call(POST => '/api/auth/register',
	    {email => 'Ann@example.com', password => $password}), 409, 'email_taken', 'the same address');
};

subtest 'a failed login tells nothing' => sub {
	my @same = map {
		my $rs = call(POST => '/api/auth/login', $_);

		problem($rs, 401, 'bad_login', $_->{email});
		delete $rs->{json}{instance};
		$rs->{json};
	} {email => 'ann@example.com', password => 'wrong horse battery'},
	    {email => 'nobody@example.com', password => $password};

	is_deeply($same[0], $same[1], 'word for word the same');
	is(call(POST => '/api/auth/login', {email => 'ann@example.com', password => 'x'})
	    ->{headers}{'set-cookie'}, undef, 'no cookie');
};

subtest 'refresh' => sub {
	my $first = register('bob@example.com')->{cookie};
	my $rs = refresh($first);

	is($rs->{status}, 200, 'exchanges') or diag $rs->{body};
	my $second = $rs->{cookie};
	isnt($second, $first, 'for a new token');
	is(me($rs->{json}{access_token})->{status}, 200, 'the access token works');
	is(refresh($first)->{cookie}, $second, 'a lost answer is answered the same');
	$stack->sql(q(UPDATE numlease.sessions SET rotated_at = rotated_at - interval '11 s'));
	problem(refresh($first), 401, 'unauthenticated', 'an old token');
	problem(refresh($second), 401, 'unauthenticated', 'ends the session');
	is(scalar $stack->log_lines('api', qr/"event":"session\.reuse"/), 1, 'and is logged');
	problem(call(POST => '/api/auth/refresh', undef, headers => {Origin => $origin}),
	    401, 'unauthenticated', 'no cookie');
	problem(refresh('A' x 86), 401, 'unauthenticated', 'a made-up cookie');
};

subtest 'only our own pages refresh' => sub {
	my $cookie = register('cross@example.com')->{cookie};

	for (['https://evil.example', {}], ['null', {}], ["$origin.evil.example", {}],
		[undef, {'Sec-Fetch-Site' => 'cross-site'}],
		[undef, {'Sec-Fetch-Site' => 'same-site'}], [undef, {}]) {
		my ($from, $more) = @$_;
		my %headers = (%$more, defined $from ? (Origin => $from) : ());

		problem(call(POST => "/api/auth/$_", undef, cookie => $cookie, headers => \%headers),
		    403, 'bad_origin', "$_ from " . ($from // join ' ', %$more)) for qw(refresh logout);
	}
	is(call(GET => '/api/auth/refresh', undef, cookie => $cookie)->{status}, 405, 'never by GET');
	is(refresh($cookie)->{status}, 200, 'the session was not harmed');
};

subtest 'log out' => sub {
	my $rs = register('out@example.com');
	my $gone = call(POST => '/api/auth/logout', undef, cookie => $rs->{cookie},
	    headers => {Origin => $origin});

	is($gone->{status}, 204, 'logs out') or diag $gone->{body};
	like($gone->{headers}{'set-cookie'}, qr/^__Host-rt=;.*Max-Age=0$/, 'the cookie goes');
	problem(refresh($rs->{cookie}), 401, 'unauthenticated', 'its token');
};

subtest 'a cookie is no identity' => sub {
	my $rs = register('cookie@example.com');

	problem(call(GET => $_, undef, cookie => $rs->{cookie}, headers => {Origin => $origin}),
	    401, 'unauthenticated', $_) for qw(/api/auth/me /api/keys /api/wallet /api/v1/wallet);
	problem(me($rs->{cookie}), 401, 'unauthenticated', 'nor is it as a bearer');
};

subtest 'forged tokens' => sub {
	my $token = register('forged@example.com')->{json}{access_token};
	my ($head, $body, $mac) = split /\./, $token;
	my $none = encode_base64url('{"alg":"none","kid":"1","typ":"JWT"}');

	(my $admin = decode_base64url($body)) =~ s/"role":"user"/"role":"admin"/;
	$admin = encode_base64url($admin);
	problem(me($_->[0]), 401, 'unauthenticated', $_->[1]) for
	    ["$none.$body.", 'no algorithm'], ["$none.$body.$mac", 'no algorithm, signed'],
	    ["$head.$admin.$mac", 'a raised role'], ["$head.$body.", 'no signature'],
	    [substr($token, 0, -1), 'cut'], ["$token=", 'padded'], ['x', 'no token'];
	is(me($token)->{status}, 200, 'the true one works');
	for (["Basic $token", 'another scheme'], ['Bearer', 'a bare word'], ["Bearer  $token x", 'more words'],
		[$token, 'no scheme']) {
		is(call(GET => '/api/auth/me', undef, headers => {Authorization => $_->[0]})->{status},
		    401, $_->[1]);
	}
};

# A true token with a claim changed and signed anew by the installation's key.
sub resigned {
	my ($token, $change) = @_;
	my ($head, $body) = split /\./, $token;
	open my $in, '<', "$stack->{dir}/etc/jwt.key" or die $!;
	my ($hex) = join('', <$in>) =~ /^1 ([0-9a-f]{64})$/m;
	my $claims = decode_base64url($body);

	$change->() for $claims;
	my $signed = "$head." . encode_base64url($claims);
	return "$signed." . encode_base64url(hmac_sha256($signed, pack 'H*', $hex));
}

subtest 'tokens that are truly signed' => sub {
	my $token = register('late@example.com')->{json}{access_token};

	is(resigned($token, sub { }), $token, 'the test signs as the API does');
	is(me(resigned($token, sub { s/"(exp|iat)":(\d+)/qq("$1":) . ($2 - 300)/ge }))->{status}, 200, 'an older one works');
	for (['is over', sub { s/"(exp|iat)":(\d+)/qq("$1":) . ($2 - 3600)/ge }],
		['is from tomorrow', sub { s/"(exp|iat)":(\d+)/qq("$1":) . ($2 + 86400)/ge }],
		['lives too long', sub { s/"exp":(\d+)/'"exp":' . ($1 + 86400)/e }],
		['is for somebody else', sub { s/"aud":"[^"]+"/"aud":"another"/ }]) {
		problem(me(resigned($token, $_->[1])), 401, 'unauthenticated', "one that $_->[0]");
	}
};

subtest 'API keys' => sub {
	my $token = register('keys@example.com')->{json}{access_token};
	my %key;

	for my $kind (qw(live compat)) {
		my $rs = call(POST => '/api/keys', {name => "my $kind", kind => $kind}, token => $token);

		is($rs->{status}, 201, "makes a $kind key") or diag $rs->{body};
		$key{$kind} = $rs->{json};
		like($rs->{json}{key}, qr/^\Q$rs->{json}{prefix}\E/, 'it begins with its prefix');
		is($rs->{headers}{'cache-control'}, 'no-store', 'and is not cached');
	}
	like($key{live}{key}, qr/^nl_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}$/, 'the form of a live key');
	like($key{compat}{key}, qr/^[0-9A-Za-z]{32}$/, 'the form of a compat key');

	my $wallet = sub { call(GET => "/api$_[0]/wallet", undef, token => $_[1]) };
	is($wallet->('/v1', $key{live}{key})->{status}, 200, 'a live key opens /api/v1');
	problem($wallet->('/v1', $key{compat}{key}), 401, 'unauthenticated', 'a compat key does not');
	problem($wallet->('/v1', $token), 401, 'unauthenticated', 'nor an access token');
	problem($wallet->('', $key{live}{key}), 401, 'unauthenticated', 'a live key not /api');
	problem(call(GET => "/api/v1/wallet?api_key=$key{live}{key}"), 401, 'unauthenticated',
	    'and not from the query');
	problem(call(POST => '/api/v1/keys', {name => 'x', kind => 'live'}, token => $key{live}{key}),
	    404, 'not_found', 'a key makes no keys');

	my $list = call(GET => '/api/keys', undef, token => $token);
	is(scalar @{$list->{json}{data}}, 2, 'both are listed');
	unlike($list->{body}, qr/\Q$key{live}{key}\E|"key":/, 'without the keys');
	my $other = register('other@example.com')->{json}{access_token};
	is(scalar @{call(GET => '/api/keys', undef, token => $other)->{json}{data}}, 0,
	    'another user sees none');
	problem(call(DELETE => "/api/keys/$key{live}{id}", undef, token => $other),
	    404, 'not_found', 'nor can he revoke one');
	is($wallet->('/v1', $key{live}{key})->{status}, 200, 'it still works');
	is(call(DELETE => "/api/keys/$key{live}{id}", undef, token => $token)->{status}, 204, 'its owner can');
	problem($wallet->('/v1', $key{live}{key}), 401, 'unauthenticated', 'then it opens nothing');
	problem(call(POST => '/api/keys', {name => 'x', kind => 'root'}, token => $token),
	    422, 'bad_input', 'another kind');
	problem(call(POST => '/api/keys', {name => " \x{202e}x", kind => 'live'}, token => $token),
	    422, 'bad_input', 'a deceiving name');
};

subtest 'the operator' => sub {
	my (undef, $text) = ctl('user', 'create', 'Root@Example.com', '--admin');
	my ($made) = $text =~ /^password: (\S+)$/m;

	like($text, qr/^root\@example\.com [0-9a-f-]{36}$/m, 'makes an administrator');
	my $rs = call(POST => '/api/auth/login', {email => 'root@example.com', password => $made});
	is($rs->{json}{user}{role}, 'admin', 'who can log in');
	is((ctl('user', 'create', 'root@example.com'))[0], 1, 'not twice');
	like((ctl('user', 'list'))[1], qr/^\d+\troot\@example\.com\tadmin\t/m, 'is listed');

	is((ctl(qw(wallet credit ann@example.com 12.5 --reason gift --key once)))[1],
	    "available 12.500000 bonus 0.000000 held 0.000000 USD\n", 'credits');
	is((ctl(qw(wallet credit ann@example.com 12.5 --reason gift --key once)))[1],
	    "available 12.500000 bonus 0.000000 held 0.000000 USD\n", 'the same key once');
	is((ctl(qw(wallet credit ann@example.com -100 --reason mistake)))[0], 1, 'never below zero');
	is((ctl(qw(wallet credit ann@example.com -2.5 --reason mistake)))[1],
	    "available 10.000000 bonus 0.000000 held 0.000000 USD\n", 'corrects');
	is((ctl(qw(wallet show ann@example.com)))[1],
	    "available 10.000000 bonus 0.000000 held 0.000000 USD\n", 'shows');
	is((ctl(qw(wallet credit ann@example.com 1)))[0], 64, 'not without a reason');
	is((ctl(qw(wallet show nobody@example.com)))[0], 1, 'nobody has nothing');
	like((ctl(qw(key init)))[1], qr/master\.key: kept\n.*jwt\.key: kept\n/, 'keys are never replaced');
};

subtest 'no secret is kept or logged' => sub {
	my $rs = register('planted@example.com');
	my $token = $rs->{json}{access_token};
	my $key = call(POST => '/api/keys', {name => 'k', kind => 'live'}, token => $token)->{json}{key};
	my $dump = $stack->part('as_user', 'pg_dump', '--data-only');

	call(GET => '/api/v1/wallet', undef, token => $key);
	refresh($rs->{cookie});
	ok(index($dump, 'planted@example.com') > 0, 'the dump has the user');
	for (['password', $password], ['refresh token', $rs->{cookie}], ['API key', $key], ['access token', $token]) {
		my ($what, $text) = @$_;

		ok(index($dump, $text) < 0, "no $what in the database");
		is(scalar $stack->log_lines($_, qr/\Q$text\E/), 0, "nor in $_.log")
		    for qw(api nginx nginx-access nginx-error);
	}
};

$stack->done;
