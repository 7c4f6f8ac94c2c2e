# Stack - the whole product on this machine, for tests of the running system:
# PostgreSQL, Redis, two simulated providers, API pool, worker and nginx.
#
#	my $stack = Stack->new(conf => "worker.settle = 1s\n");
#	my $user = $stack->user(credit => '10.00');
#	my $answer = $user->post('/api/numbers', {service => ...}, 'Idempotency-Key: 1');
#	$stack->control(north => POST => '/control/fault', {...});
#	$stack->done;	# proves the ledger, stops all, done_testing
#
# @DIR@ in conf is the folder of all state; nginx adds words to those of
# scripts/nginx-conf, postgres to the server's. NUMLEASE_APP names the
# installation that is tested. With api_only there are no providers and no
# worker; that also runs on a build that was not installed, in the current
# folder, where make runs the tests. So does all with build, which needs
# provider.descriptors in its conf. no_offers: the test waits for the price
# lists itself; descriptor => {NAME => ...}: that one and no other of the dialect;
# dialect is that of south, north_dialect of north. What an account bears is not
# limited, unless the test says so by account().
package Stack;

use strict;
use warnings;
use Carp qw(croak);
use Cwd qw(abs_path getcwd);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Path qw(make_path remove_tree);
use File::Temp ();
use JSON::PP ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

our $TOP = abs_path(dirname(__FILE__) . '/../..');
our $KEY = '0123456789abcdef0123456789abcdef';
my $json = JSON::PP->new->canonical->utf8;

sub new {
	my ($class, %opt) = @_;
	plan(skip_all => 'NUMLEASE_APP names no installation')
	    unless defined $ENV{NUMLEASE_APP} || $opt{api_only} || $opt{build};
	my $self = bless {owner => $$, opt => \%opt, nginx => ''}, $class;

	$self->{dir} = File::Temp::tempdir('numlease-XXXXXX', DIR => '/tmp');
	chmod 0755, $self->{dir};
	$self->{app} = $ENV{NUMLEASE_APP} // $self->app_of_build;
	plan(skip_all => "$self->{app} is no installation") unless -x "$self->{app}/sbin/numlease-api";
	$self->pages unless -d "$self->{app}/share/numlease/web";
	$self->{conf} = ($opt{conf} // '') . "\nrate.login_per_address = 1000000" .
	    "\nrate.request_per_minute = 1000000\npassword.memory = 8M\npassword.ops = 1";
	$self->{conf} =~ s/\@DIR\@/$self->{dir}/g;
	$self->sanitizers;
	$self->part(stack_setup => 0, 0);
	$self->part('start_postgres');
	$self->part('start_redis');
	$self->ctl('migrate', 'up', "$self->{app}/share/numlease/sql");
	$self->providers unless $opt{api_only};
	$self->part('start_api');
	$self->part('start_nginx');
	open my $ports, '<', "$self->{dir}/etc/ports" or croak $!;
	($self->{port}) = join('', <$ports>) =~ /https_port=(\d+)/;
	$self->until_offers unless $opt{api_only} || $opt{no_offers};
	return $self;
}

# Of a build with a sanitizer: a finding goes to the log of its program, where
# done() looks, and ends it. The daemons let nobody trace them, so they cannot
# look for leaks, which is done by tracing; the unit tests do.
sub sanitizers {
	my ($self) = @_;
	my $supp = "$self->{dir}/tsan.supp";

	copy("$TOP/t/tsan.supp", $supp) or croak "$supp: $!";
	chmod 0644, $supp;
	$ENV{ASAN_OPTIONS} = 'detect_leaks=0:detect_stack_use_after_return=1';
	$ENV{UBSAN_OPTIONS} = 'print_stacktrace=1:halt_on_error=1';
	$ENV{TSAN_OPTIONS} = "suppressions=$supp:second_deadlock_stack=1";
}

# An installation made of links to a build that was not installed.
sub app_of_build {
	my ($self) = @_;
	my ($app, $build) = ("$self->{dir}/app", getcwd());

	make_path("$app/bin", "$app/sbin", "$app/share/numlease");
	symlink "$build/numleasectl", "$app/bin/numleasectl";
	symlink "$build/$_", "$app/sbin/$_" for qw(numlease-api numlease-worker numlease-sandbox);
	symlink "$TOP/$_", "$app/share/numlease/$_" for qw(nginx sql providers);
	return $app;
}

# In place of the web application, where that was not built.
sub pages {
	my ($self) = @_;

	make_path("$self->{dir}/web");
	for my $name (qw(index 404)) {
		open my $out, '>', "$self->{dir}/web/$name.html" or croak $!;
		print $out "<!doctype html>\n";
		close $out or croak $!;
	}
	$self->{nginx} = " WEB=$self->{dir}/web";
}

sub providers {
	my ($self) = @_;
	my %opt = %{$self->{opt}};

	$self->sandbox(north => $opt{north_dialect} // '5sim', @{$opt{north} // []});
	$self->sandbox(south => $opt{dialect} // 'handler_api', @{$opt{south} // []});
	$self->part(start_worker => 'worker');
}

sub until_offers {
	my ($self) = @_;

	$self->until_true(120, 'both price lists are read', sub {
		$self->sql('SELECT count(DISTINCT provider_id) FROM numlease.offers '
		    . "WHERE service = 'telegram' AND country = 'gb'") == 2;
	});
}

# One function of scripts/stack.sh: its exit code and what it said.
sub try_part {
	my ($self, @words) = @_;

	local $ENV{STACK_CONF} = $self->{conf};
	local $ENV{STACK_POSTGRES} = $self->{opt}{postgres} // '';
	local $ENV{STACK_NGINX} = 'RATE_LOGIN=6000r/m RATE_LEASE=1000r/s ' .
	    'RATE_READ=1000r/s RATE_COMPAT=1000r/s CONNS=1000 ' . ($self->{opt}{nginx} // '') . $self->{nginx};
	my $out = qx(@{[join ' ', map { quote($_) }
	    "$TOP/scripts/stack", $self->{dir}, $self->{app}, @words]} 2>&1);
	return ($? >> 8, $out);
}

sub part {
	my ($self, @words) = @_;
	my ($rc, $out) = $self->try_part(@words);

	croak "@words: $out" if $rc != 0;
	return $out;
}

sub quote {
	my ($word) = @_;

	$word =~ s/'/'\\''/g;
	return "'$word'";
}

sub sandbox {
	my ($self, $name, $dialect, @options) = @_;

	$self->part(start_sandbox => $name, $dialect, 0, $KEY, '--control-key', 'control',
	    '--sms-delay-ms', 1500, '--countries', 'gb,de,fr,pl,us,mm', @options);
	open my $in, '<', "$self->{dir}/run/$name.port" or croak $!;
	chomp($self->{box}{$name} = <$in>);
	$self->account($name, $dialect, rps => 0, 'buy-rps' => 0, concurrency => 0);
}

# Our account there, with these limits, or with those of its descriptor.
sub account {
	my ($self, $name, $dialect, %limits) = @_;
	my $suffix = $dialect eq '5sim' ? '/v1' : '';
	my %known = ('5sim' => '5sim', handler_api => 'sms-activate', herosms => 'herosms');
	my $descriptor = ($self->{opt}{descriptor} // {})->{$name} // $known{$dialect};
	my $base = "http://127.0.0.1:$self->{box}{$name}$suffix";
	my $put = quote("$TOP/scripts/stack") . " $self->{dir} $self->{app} ctl " .
	    join ' ', "provider add $name --descriptor $descriptor --base $base",
	    map { "--$_ $limits{$_}" } sort keys %limits;
	my $out = qx(echo $KEY | $put 2>&1);
	croak "provider add: $out" if $? != 0;
}

sub ctl {
	my ($self, @words) = @_;

	return $self->part('ctl', @words);
}

sub sql {
	my ($self, $query) = @_;
	my $out = $self->part('as_user', 'psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', $query);

	chomp $out;
	return $out;
}

# Let the provider of a number get an SMS for it, now.
sub sms {
	my ($self, $id, $text) = @_;
	my ($provider, $order) = split /\|/, $self->sql('SELECT p.name, a.upstream_id ' .
	    'FROM numlease.activations a JOIN numlease.providers p ON p.id = a.provider_id ' .
	    "WHERE a.id = '$id'");

	$self->control($provider => POST => '/control/sms', {order => $order + 0, text => $text});
}

sub until_true {
	my ($self, $seconds, $what, $is) = @_;
	my $end = time + $seconds;

	until ($is->()) {
		croak "not within $seconds s: $what" if time > $end;
		sleep 0.05;
	}
}

# {status, head, headers, body, json}
sub request {
	my ($self, $method, $url, $body, @headers) = @_;
	my $text = ref $body ? $json->encode($body) : $body;
	my ($to, $name) = $url =~ m{^http} ? ($url, undef) : ("https://localhost:$self->{port}$url", 1);
	my @command = ('curl', '-sS', '-i', '--max-time', 60, '-X', $method, $to,
	    $name ? ('--cacert', "$self->{dir}/etc/tls.crt") : (),
	    (map { ('-H', $_) } @headers));

	push @command, '--data-binary', $text if defined $text;
	push @command, '-H', 'Content-Type: application/json'
	    if defined $text && !grep { /^Content-Type:/ } @headers;
	my $out = qx(@{[join ' ', map { quote($_) } @command]} 2>&1);
	$out =~ s{\AHTTP/[\d.]+ 1\d\d.*?\r\n\r\n}{}s;
	my ($head, $content) = split /\r\n\r\n/, $out, 2;
	my ($status) = ($head // '') =~ m{\AHTTP/[\d.]+ (\d+)};
	my %headers = map { /^([^:]+):\s*(.*?)\s*$/ ? (lc $1 => $2) : () } split /\r\n/, $head // '';
	return {status => $status // 0, head => $head // '', headers => \%headers, body => $content // '',
	    json => scalar eval { $json->decode($content) }};
}

sub get { my ($self, $url, @h) = @_; return $self->request(GET => $url, undef, @h) }
sub post { my ($self, $url, $body, @h) = @_; return $self->request(POST => $url, $body, @h) }

sub control {
	my ($self, $name, $method, $path, $body) = @_;
	my $answer = $self->request($method, "http://127.0.0.1:$self->{box}{$name}$path", $body,
	    'X-Control: control');

	croak "control $path: $answer->{status} $answer->{body}" if $answer->{status} != 200;
	return $answer->{json};
}

sub pid {
	my ($self, $name) = @_;

	open my $in, '<', "$self->{dir}/run/$name.pid" or return;
	chomp(my $pid = <$in> // '');
	return $pid;
}

# End a part by a signal and wait until it has gone.
sub end {
	my ($self, $name, $signal) = @_;
	my $pid = $self->pid($name);

	kill $signal, $pid;
	$self->until_true(40, "$name ends", sub {
		open my $in, '<', "/proc/$pid/cmdline" or return 1;
		return !defined scalar <$in>; # empty once it has ended
	});
}

# A new user with money, signed in.
sub user {
	my ($self, %opt) = @_;
	my $email = $opt{email} // sprintf('user%d-%d@example.org', $$, ++$self->{users});
	my $answer = $self->post('/api/auth/register',
	    {email => $email, password => 'a long enough password'});

	croak "register: $answer->{body}" if $answer->{status} != 201;
	$self->ctl('wallet', 'credit', $email, $opt{credit}, '--reason', 'test') if $opt{credit};
	return bless {stack => $self, email => $email, id => $answer->{json}{user}{id},
	    token => $answer->{json}{access_token}}, 'Stack::User';
}

# An administrator, signed in.
sub admin {
	my ($self) = @_;
	my ($email, $password) = ('root@example.org', 'a long enough password');
	my $put = quote("$TOP/scripts/stack") . " $self->{dir} $self->{app} ctl user create $email --admin";

	my $out = qx(echo '$password' | $put 2>&1);
	croak "user create: $out" if $? != 0;
	my $answer = $self->post('/api/auth/login', {email => $email, password => $password});
	croak "login: $answer->{body}" if $answer->{status} != 200;
	return bless {stack => $self, email => $email, token => $answer->{json}{access_token}}, 'Stack::User';
}

sub log_lines {
	my ($self, $name, $pattern) = @_;

	open my $in, '<', "$self->{dir}/log/$name.log" or return;
	return grep { /$pattern/ } <$in>;
}

# The end of every test: the ledger adds up, all stops, nothing panicked, no
# process of a pool ended with a fault and no sanitizer found anything, also
# while it ended. killed => 1: the test itself sent SIGKILL.
sub done {
	my ($self, %but) = @_;

	is +($self->try_part('ctl', 'ledger', 'verify'))[1], "0 differences\n", 'the ledger adds up';
	$self->stop_parts;
	for my $name (map { m{/([^/]+)\.log$} } glob "$self->{dir}/log/*.log") {
		next if $name =~ /^(nginx|access|postgres|redis)/;
		my @bad = $self->log_lines($name, qr/"event":"(panic|process\.died)"|
		    \w+Sanitizer[:\s]|runtime\ error:/x);
		@bad = grep { !/"event":"process\.died".*"signal":9,/ } @bad if $but{killed};
		is join('', @bad[0 .. ($#bad > 3 ? 3 : $#bad)]), '', "$name kept its laws" or
		    diag $self->complaint($name);
	}
	$self->stop;
	done_testing();
}

# The first that a sanitizer said, whole.
sub complaint {
	my ($self, $name) = @_;
	my ($from, @lines) = (0);

	for ($self->log_lines($name, qr/^/)) {
		$from ||= /\w+Sanitizer[:\s]|runtime error:/;
		push @lines, $_ if $from && !/^\{/;
		last if @lines == 100;
	}
	return join '', @lines;
}

sub stop_parts {
	my ($self) = @_;

	for (['nginx', 'QUIT'], ['api', 'TERM'], ['worker', 'TERM'], ['worker2', 'TERM'],
	    (map { [$_, 'TERM'] } sort keys %{$self->{box}}), ['redis', 'TERM'], ['postgres', 'INT']) {
		eval { $self->part(stop_one => @$_) };
	}
}

sub stop {
	my ($self) = @_;

	return if $self->{stopped}++;
	$self->stop_parts;
	if ($ENV{NUMLEASE_KEEP}) {
		diag "kept: $self->{dir}";
	} else {
		remove_tree($self->{dir});
	}
}

sub DESTROY {
	my ($self) = @_;

	local ($?, $@);
	$self->stop if $self->{owner} == $$;
}

package Stack::User;

use strict;
use warnings;
use Carp ();

sub headers { my ($self, @h) = @_; return ("Authorization: Bearer $self->{token}", @h) }

sub get {
	my ($self, $url, @h) = @_;
	return $self->{stack}->request(GET => $url, undef, $self->headers(@h));
}

sub post {
	my ($self, $url, $body, @h) = @_;
	return $self->{stack}->request(POST => $url, $body, $self->headers(@h));
}

sub request {
	my ($self, $method, $url, $body, @h) = @_;
	return $self->{stack}->request($method, $url, $body, $self->headers(@h));
}

# Lease telegram in gb, or what is said.
sub lease {
	my ($self, %ask) = @_;
	my $key = delete $ask{key} // sprintf('key-%d-%d', $$, ++$self->{keys});

	return $self->post('/api/numbers', {service => 'telegram', country => 'gb', %ask},
	    "Idempotency-Key: $key");
}

# In the background, because it waits: gives a function that has its answer.
sub lease_later {
	my ($self, %ask) = @_;
	my $pid = open(my $from, '-|') // Carp::croak("fork: $!");

	if ($pid == 0) {
		print JSON::PP::encode_json($self->lease(%ask));
		close STDOUT;
		POSIX::_exit(0);
	}
	return sub { local $/; return JSON::PP::decode_json(<$from>) };
}

# The number once `is` holds of it.
sub until_number {
	my ($self, $id, $what, $is, $seconds) = @_;
	my $number;

	Carp::croak("no number: $what") unless defined $id;
	$self->{stack}->until_true($seconds // 20, $what, sub {
		$number = $self->get("/api/numbers/$id")->{json};
		$is->($number);
	});
	return $number;
}

sub wallet { my ($self) = @_; return $self->get('/api/wallet')->{json} }

1;
