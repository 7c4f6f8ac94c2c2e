#!/usr/bin/perl
# What nginx and the front do with requests, good and bad, one location after
# the other.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Front;
use IO::Socket::INET;
use JSON::PP qw(decode_json);
use Test::More;

plan skip_all => 'nginx is missing' unless defined Front::nginx();

my $front = Front->new(conf => "api.processes = 1\n");
my @json = ('-H', 'Content-Type: application/json');

sub problem_is {
	my ($answer, $status, $code, $what) = @_;
	my $p = eval { decode_json($answer->{body}) } // {};

	subtest $what => sub {
		is $answer->{status}, $status, 'status';
		like $answer->{head}, qr{^content-type: application/problem\+json$}m, 'media type';
		is $p->{code}, $code, 'code';
		is $p->{status}, $status, 'the same status inside';
		is $p->{type}, "/problems/$code", 'type';
		ok length($p->{title} // '') && length($p->{detail} // ''), 'title and detail';
		like $p->{instance} // '', qr/^[0-9a-f]{32}$/, 'instance is the request id';
		is ref $p->{errors}, 'ARRAY', 'errors';
	};
	return $p;
}

subtest 'health, over TLS' => sub {
	my $answer = $front->get('/api/health');

	is $answer->{status}, 200, 'status';
	is $answer->{body}, 'ok', 'body';
	like $answer->{head}, qr{\Ahttp/2 200}, 'HTTP/2';
	like $answer->{head}, qr/^x-request-id: [0-9a-f]{32}$/m, 'request id';
	like $answer->{head}, qr/^cache-control: no-store$/m, 'not cached';
	my $head = $front->request('HEAD', '/api/health');
	is $head->{status}, 200, 'HEAD';
	is $head->{body}, '', 'has no body';
};

subtest 'http goes to https' => sub {
	my $answer = $front->get("http://localhost:$front->{http}/a?b=1", '-H', 'Host: evil.example');

	is $answer->{status}, 308, 'redirect';
	like $answer->{head}, qr{^location: https://localhost:$front->{https}/a\?b=1$}m, 'to our own name';
};

subtest 'pages' => sub {
	my %page = ('/' => 'home', '/buy/' => 'buy', '/none/' => 'nothing here');

	for my $path (sort keys %page) {
		my $answer = $front->get($path);
		is $answer->{status}, $path eq '/none/' ? 404 : 200, "$path: status";
		like $answer->{body}, qr/$page{$path}/, "$path: content";
		like $answer->{head}, qr/^cache-control: no-cache$/m, "$path: asked for again";
		like $answer->{head}, qr{^content-type: text/html; charset=utf-8$}m, "$path: media type";
	}
	is $front->get('/buy')->{status}, 301, 'a folder without its slash is redirected';
	like $front->get('/buy/index.txt')->{head}, qr/^cache-control: no-cache$/m, 'page data';
	my $asset = $front->get('/_next/static/chunks/a.js', '-H', 'Accept-Encoding: gzip');
	like $asset->{head}, qr/^cache-control: public, max-age=31536000, immutable$/m, 'assets stay';
	like $asset->{head}, qr/^content-encoding: gzip$/m, 'compressed beforehand';
	like $asset->{head}, qr{^content-type: application/javascript; charset=utf-8$}m, 'asset type';
	is $front->request('POST', '/', @json, '-d', '{}')->{status}, 405, 'pages take no POST';
};

subtest 'content security policy' => sub {
	my %inline = ('/' => 'self.x=1', '/buy/' => 'self.x=2', '/buy/index.html' => 'self.x=2');

	for my $path (sort keys %inline) {
		my $hash = qx(printf %s '$inline{$path}' | openssl dgst -sha256 -binary | openssl base64);
		chomp $hash;
		my ($policy) = $front->get($path)->{head} =~ /^content-security-policy: (.*)$/m;
		like $policy, qr/\Qscript-src 'self' 'sha256-@{[lc $hash]}';\E/, "$path allows its script only";
		like $policy, qr/default-src 'none'/, "$path: nothing else by default";
		like $policy, qr/frame-ancestors 'none'/, "$path: no framing";
	}
	my ($policy) = $front->get('/_next/static/chunks/a.js')->{head} =~ /^content-security-policy: (.*)$/m;
	is $policy, undef, 'an asset has none';
};

subtest 'security headers in every location' => sub {
	for my $path ('/', '/none/', '/buy/index.txt', '/_next/static/chunks/a.js', '/_next/static/none.js',
		'/api/health', '/api/none', '/api/auth/none', '/api/admin/none', '/api/numbers', '/api/v1/numbers',
		'/stubs/handler_api.php?action=x', '/v1/user/profile') {
		my $head = $front->get($path)->{head};
		for (qr/^x-content-type-options: nosniff$/m, qr/^referrer-policy: no-referrer$/m,
			qr/^permissions-policy: \S/m, qr/^cross-origin-opener-policy: same-origin$/m,
			qr/^cross-origin-resource-policy: same-origin$/m) {
			my $n = () = $head =~ /$_/g;
			is $n, 1, "$path: $_ once";
		}
		unlike $head, qr/^server: nginx\//m, "$path: no version";
	}
};

subtest 'refused requests are problems' => sub {
	my $echo = '/api/echo/abc';
	my $deep = '{"word":' . '[' x 2000 . ']' x 2000 . '}';

	problem_is $front->get('/api/none'), 404, 'not_found', 'no such address';
	my $answer = $front->request('DELETE', $echo);
	problem_is $answer, 405, 'method_not_allowed', 'another method';
	like $answer->{head}, qr/^allow: post$/m, 'Allow says which';
	problem_is $front->request('POST', $echo, @json, '-d', '{"word":'), 400, 'bad_request', 'malformed JSON';
	problem_is $front->request('POST', $echo, @json, '-d', $deep), 400, 'bad_request', 'deep JSON';
	problem_is $front->request('POST', $echo, @json, '-d', '{"word":"a","word":"b"}'), 422, 'bad_input',
	    'a member twice';
	problem_is $front->request('POST', $echo, '-d', 'word=a'), 415, 'bad_media_type', 'a form';
	my $p = problem_is $front->request('POST', $echo, @json, '-d', '{"n":"1","x":true}'), 422, 'bad_input',
	    'missing, wrong and unknown members';
	is_deeply [sort map { "$_->{field} $_->{code}" } @{ $p->{errors} // [] }],
	    ['n type', 'word missing', 'x unknown'], 'all are told at once';
	problem_is $front->request('POST', $echo, @json, '-H', 'Origin: https://evil.example', '-d', '{"word":"a"}'),
	    403, 'bad_origin', 'from a foreign page';
	problem_is $front->get('/api/health?a=%ff'), 400, 'bad_request', 'a query that is not UTF-8';
	$front->write_file('run/large', '{"word":"' . 'a' x 70_000 . '"}');
	problem_is $front->request('POST', $echo, @json, '--data-binary', "\@$front->{dir}/run/large"),
	    413, 'too_large', 'a large body';
	problem_is $front->get('/api/health', map { ('-H', "X-Api-Thing: $_") } 1, 2), 400, 'bad_request',
	    'a deciding header twice';
};

subtest 'what the pool is told' => sub {
	my $body = $front->get('/api/client', '-H', 'Proxy: http://evil', '-H', 'X-Request-Id: forged00',
	    '-H', 'Host: localhost')->{body};

	like $body, qr/ip=127\.0\.0\.1 /, 'the address';
	like $body, qr/ id=[0-9a-f]{32} /, "nginx's request id, not the client's";
	like $body, qr/ proxy=- /, 'no Proxy header (httpoxy)';
};

subtest 'answers cannot steer nginx' => sub {
	is $front->get('/api/accel')->{body}, 'mine', 'X-Accel-Redirect is ignored';
};

subtest 'large answers' => sub {
	is length($front->get('/api/big')->{body}), 300_000, 'arrive whole';
};

sub deaths {
	return scalar split /\n/, $front->read_file('run/died');
}

subtest 'a purchase is sent once' => sub {
	unlink "$front->{dir}/run/died";
	my $answer = $front->get('/stubs/handler_api.php?action=getNumber&api_key=secret');
	is $answer->{status}, 502, 'the pool died';
	is $answer->{body}, 'ERROR_SQL', "in the protocol's words";
	is deaths(), 1, 'one process has seen it';
	$front->wait_for(5, sub { $front->get('/api/health')->{status} == 200 });
	for (qw(/stubs/handler_api /stubs/handler_api/)) {
		is $front->get("$_?action=getNumber")->{body}, 'ERROR_SQL', "$_ is the same";
		$front->wait_for(5, sub { $front->get('/api/health')->{status} == 200 });
	}
	is deaths(), 3, 'once each';
	problem_is $front->get('/api/die'), 502, 'unavailable', 'nginx speaks for a pool that died';
	$front->wait_for(5, sub { $front->get('/api/health')->{status} == 200 });
};

subtest 'keys stay out of the logs' => sub {
	my $log = $front->read_file('log/nginx-access.log') . $front->read_file('log/nginx-error.log') .
	    $front->read_file('log/server.log');

	unlike $log, qr/secret/, 'a key in a query is in no log';
	my @lines = grep { /handler_api/ } split /\n/, $front->read_file('log/nginx-access.log');
	cmp_ok scalar @lines, '>=', 3, 'though the requests are';
	for (split /\n/, $front->read_file('log/nginx-access.log')) {
		ok eval { decode_json($_) }, 'JSON' or diag $_ if !eval { decode_json($_) };
	}
};

subtest 'the compatibility rooms have no door of their own' => sub {
	is $front->get('/api/compat/handler_api')->{status}, 404, 'handler_api';
	is $front->get('/api/compat/5sim/user/profile')->{status}, 404, '5sim';
};

subtest 'limits' => sub {
	my $tight = Front->new(conf => "api.processes = 1\nrate.login_per_address = 8\n", limits => [
		'RATE_READ=1r/s', 'RATE_LOGIN=100r/s', 'RATE_LEASE=1r/m', 'RATE_COMPAT=1r/m']);
	my @status = map { $tight->request('POST', '/api/auth/login')->{status} } 1 .. 10;
	is_deeply \@status, [(200) x 8, 429, 429], 'the program counts logins by address';
	my $answer = $tight->request('POST', '/api/auth/login');
	problem_is $answer, 429, 'rate_limited', 'its refusal';
	like $answer->{head}, qr/^retry-after: \d+$/m, 'says when to come again';
	for (1 .. 200) {
		$answer = $tight->request('POST', '/api/numbers');
		last if $answer->{status} == 429;
	}
	problem_is $answer, 429, 'rate_limited', "nginx's refusal";
	like $answer->{head}, qr/^retry-after: 1$/m, 'says when to come again';
};

subtest 'requests of one address that wait' => sub {
	my $tight = Front->new(conf => "api.processes = 1\n", limits => [
		(map { "RATE_$_=1000r/s" } qw(READ LOGIN LEASE COMPAT)), 'CONNS=2']);
	my $wait = "https://localhost:$tight->{https}/api/wait/20000";
	my @waiting = map { my $pid = open my $out, '-|', 'curl', '-sk', $wait or die; [$pid, $out] } 1 .. 2;

	ok $tight->wait_for(10, sub { $tight->log_count('request.parks') == 2 }), 'two wait';
	problem_is $tight->get('/api/health'), 429, 'rate_limited', 'a third is refused';
	is $tight->get('/')->{status}, 200, 'pages are not counted';
	kill 'TERM', $_->[0] for @waiting;
	ok $tight->wait_for(10, sub { $tight->get('/api/health')->{status} == 200 }), 'until one has left';
};

# What smuggles requests past other pairs of servers (RFC 9112, section 11.2).
subtest 'one way to read a request' => sub {
	my $d = $front->{dir};
	my $H = "Connection: close\r\n";
	my @rows = (
		['two Host', "GET /api/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n$H\r\n", qr/ 400 /],
		['two lengths', "POST /api/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n$H\r\nabcde", qr/ 400 /],
		['length and chunked', "POST /api/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n$H\r\n0\r\n\r\n", qr/ 400 /],
		['unknown coding', "POST /api/health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n$H\r\n0\r\n\r\n", qr/ 501 /],
		['NUL in the path', "GET /api/health\0x HTTP/1.1\r\nHost: localhost\r\n$H\r\n", qr/ 400 /],
		['%00 in the path', "GET /api/health%00x HTTP/1.1\r\nHost: localhost\r\n$H\r\n", qr/ 400 /],
		['a folded header', "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX: 1\r\n 2\r\n$H\r\n", qr/ 400 /],
		['a header of 9 kB', "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX: " . 'a' x 9000 . "\r\n$H\r\n", qr/ 400 /],
	);

	for (@rows) {
		my ($what, $bytes, $want) = @$_;
		$front->write_file('run/bytes', $bytes);
		my $answer = qx(openssl s_client -quiet -connect localhost:$front->{https} -servername localhost <$d/run/bytes 2>/dev/null);
		like +(split /\r?\n/, $answer)[0] // '', $want, $what;
	}
};

# site.conf in the http block that Debian ships, as an operator uses it.
subtest 'in the nginx of a machine' => sub {
	my $d = $front->{dir};
	my ($https, $http) = map { qx($Front::TOP/scripts/free-port) =~ /(\d+)/ } 1, 2;

	is system("$Front::TOP/scripts/nginx-conf", "$Front::TOP/nginx", "$d/etc/site", "WEB=$d/web", "RUN=$d/run",
	    "LOG=$d/log/site", "CERT=$d/etc/tls.crt", "KEY=$d/etc/tls.key", "HTTPS_PORT=$https", "HTTP_PORT=$http"), 0,
	    'the templates are filled';
	$front->write_file('log/site/none', '');
	$front->write_file('etc/machine.conf', <<~"EOT");
		daemon off;
		worker_processes 1;
		pid $d/tmp/machine.pid;
		error_log $d/log/site/error.log;
		events { worker_connections 512; }
		http {
			sendfile on;
			tcp_nopush on;
			types_hash_max_size 2048;
			include /etc/nginx/mime.types;
			default_type application/octet-stream;
			ssl_prefer_server_ciphers on;
			access_log $d/log/site/machine.log;
			gzip on;
			@{[map { "${_}_temp_path $d/tmp/machine-$_;\n" } qw(client_body proxy fastcgi uwsgi scgi)]}
			include $d/etc/site/site.conf;
		}
		EOT
	my $test = Front::nginx() . " -t -e $d/log/site/error.log -c $d/etc/machine.conf";
	my $said = qx($test 2>&1);
	is $?, 0, 'nginx accepts it' or diag $said;
	unlike $said, qr/\[(?:warn|emerg|alert)\]/, 'without a word';
	$front->give_files; # also what the test has made, as root
	my $machine = $front->another_nginx("$d/etc/machine.conf", $https);

	is $front->get("https://localhost:$https/api/health")->{body}, 'ok', 'the pool answers';
	like $front->get("https://localhost:$https/buy/")->{head}, qr{^content-type: text/html; charset=utf-8$}m, 'a page';
	like $front->get("http://localhost:$http/a")->{head}, qr{^location: https://localhost:$https/a$}m, 'http goes to https';
	is $front->get("http://127.0.0.1:$http/", '-H', 'Host: other.example', '-s', '-o', '-')->{status}, 0, 'another name has no answer';
	my $hello = "openssl s_client -connect 127.0.0.1:$https -CAfile $d/etc/tls.crt </dev/null 2>&1";
	like qx($hello -servername localhost | grep 'subject='), qr/CN = localhost/, 'our name has our certificate';
	unlike qx($hello -servername other.example), qr/CN ?= ?localhost/, 'another name does not see it';
	$front->get("https://localhost:$https/stubs/handler_api.php?action=getNumber&api_key=hidden");
	is $front->read_file('log/site/machine.log'), '', 'nothing goes to the log of the machine, queries and all';
	like $front->read_file('log/site/nginx-access.log'), qr/handler_api/, 'but to ours';
	unlike $front->read_file('log/site/nginx-access.log'), qr/hidden/, 'without them';
	kill 'TERM', $machine;
	waitpid $machine, 0;
	$front->wait_for(5, sub { $front->get('/api/health')->{status} == 200 });
};

done_testing;
