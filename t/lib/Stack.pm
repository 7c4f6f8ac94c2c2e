# Stack - a private, complete Numlease for one test: PostgreSQL, Redis, the
# API pools and nginx in a folder of its own, by scripts/stack.sh.
#
#	my $stack = Stack->start(conf => ['session.access_ttl = 30s'],
#	    nginx => ['RATE_LOGIN=30r/m']);     # without: limits out of the way
#	my $rs = $stack->call(POST => '/api/auth/login', {email => ...});
#	is($rs->{status}, 200);
#	is($rs->{json}{token_type}, 'Bearer');
#	$stack->finish;                 # stops all and proves the ledger
#
# The programs are those of NUMLEASE_APP (an installation), or else those in
# the current folder, where make runs the tests.
package Stack;
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp ();
use HTTP::Tiny ();
use JSON::PP ();
use Test::More ();
use Time::HiRes qw(sleep time);

my $src = abs_path(dirname(__FILE__) . '/../..');
my $json = JSON::PP->new->utf8->canonical->allow_nonref;

sub start {
	my ($class, %opt) = @_;
	my $base = $ENV{NUMLEASE_TEST_VAR} // '/tmp';
	my $dir = File::Temp::tempdir('numlease-test-XXXXXX', DIR => $base);
	my $self = bless {
		dir => $dir, owner => $$, parts => [],
		app => $ENV{NUMLEASE_APP} // app_of_build($dir),
		nginx => join(' ', @{$opt{nginx} // ['RATE_LOGIN=1000r/s']}),
	}, $class;

	chmod 0755, $dir;
	$self->settings(@{$opt{conf} // []});
	$self->part($_) for qw(postgres redis);
	$self->ctl('key', 'init');
	$self->ctl('migrate', 'up', "$self->{app}/share/numlease/sql");
	$self->part($_) for qw(api nginx), @{$opt{parts} // []};
	return $self;
}

# An installation made of links to a build that was not installed.
sub app_of_build {
	my $app = "$_[0]/app";
	my $build = getcwd();

	make_path("$app/bin", "$app/sbin", "$app/share/numlease/web");
	symlink "$build/numleasectl", "$app/bin/numleasectl";
	symlink "$build/$_", "$app/sbin/$_"
	    for qw(numlease-api numlease-worker numlease-sandbox);
	symlink "$src/$_", "$app/share/numlease/$_" for qw(nginx sql providers);
	write_file("$app/share/numlease/web/index.html", "<!doctype html>\n");
	write_file("$app/share/numlease/web/404.html", "<!doctype html>\n");
	return $app;
}

sub write_file {
	my ($path, $text) = @_;

	open my $out, '>', $path or die "$path: $!";
	print $out $text;
	close $out or die "$path: $!";
}

# Run a function of stack.sh; what it prints, or death with what it said.
sub sh {
	my ($self, @words) = @_;
	my $pid = open(my $in, '-|') // die "fork: $!";

	if ($pid == 0) {
		open STDERR, '>&', \*STDOUT;
		local $ENV{STACK_CONF} = $self->{conf};
		local $ENV{NGINX_SET} = $self->{nginx};
		exec "$src/scripts/stack", $self->{dir}, $self->{app}, @words;
		die "exec: $!";
	}
	my $text = do { local $/; <$in> };
	close $in;
	$self->{rc} = $? >> 8;
	return $text // '';
}

sub must {
	my ($self, @words) = @_;
	my $text = $self->sh(@words);

	$self->{rc} == 0 or die "stack @words: $text";
	return $text;
}

sub settings {
	my ($self, @lines) = @_;
	my $etc = "$self->{dir}/etc";

	$self->must('true');
	$self->{https_port} = $self->must('free_port', 0);
	write_file("$etc/ports", "https_port=$self->{https_port}\nhttp_port="
	    . $self->must('free_port', 0) . "\n");
	$self->{conf} = join("\n", 'password.memory = 8M', 'password.ops = 1',
	    'rate.login_per_address = 10000', 'rate.request_per_minute = 100000', @lines);
	write_file("$etc/numlease.conf", one_line_per_name($self->must('stack_conf')));
	$self->must(qw(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1
	    -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost
	    -keyout), "$etc/tls.key", '-out', "$etc/tls.crt");
	$self->own($etc);
}

# A later line replaces an earlier one of the same name.
sub one_line_per_name {
	my %line;
	my @order;

	for (split /\n/, $_[0]) {
		my ($name) = /^\s*([a-z._]+)\s*=/ or next;

		push @order, $name unless exists $line{$name};
		$line{$name} = $_;
	}
	return join '', map { "$line{$_}\n" } @order;
}

# As root everything runs as the user numlease, who has to read it.
sub own {
	my ($self, $path) = @_;

	return if $> != 0;
	my ($uid, $gid) = (getpwnam 'numlease')[2, 3];
	chown $uid, $gid, $path, glob "$path/*";
}

sub part {
	my ($self, $name, @args) = @_;

	$self->must("start_$name", @args);
	unshift @{$self->{parts}}, $args[0] // $name;
}

sub stop_part {
	my ($self, $name, $signal) = @_;

	$self->must('stop_one', $name, $signal // 'TERM');
}

# numleasectl; what it prints. The exit code is in $stack->{rc}.
sub ctl_any {
	my ($self, @words) = @_;

	return $self->sh('ctl', @words);
}

sub ctl {
	my ($self, @words) = @_;

	return $self->must('ctl', @words);
}

# The first value of a statement.
sub sql {
	my ($self, $statement) = @_;
	my $text = $self->must('as_user', 'psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', $statement);

	chomp $text;
	return $text;
}

# One request through nginx: {status, headers, content, json}. `body` is
# turned into JSON unless it is text. Options: token, cookie, headers.
sub call {
	my ($self, $method, $path, $body, %opt) = @_;
	my %headers = %{$opt{headers} // {}};
	my $http = HTTP::Tiny->new(
		timeout => 40, max_redirect => 0, verify_SSL => 1,
		agent => $opt{agent} // 'Stack/1',
		SSL_options => {SSL_ca_file => "$self->{dir}/etc/tls.crt"},
	);

	$headers{Authorization} = "Bearer $opt{token}" if defined $opt{token};
	$headers{Cookie} = "__Host-rt=$opt{cookie}" if defined $opt{cookie};
	$headers{'Content-Type'} //= 'application/json' if defined $body;
	my $rs = $http->request($method, $self->url . $path, {
		headers => \%headers,
		defined $body ? (content => ref $body ? $json->encode($body) : $body) : (),
	});
	my $type = $rs->{headers}{'content-type'} // '';
	$rs->{json} = eval { $json->decode($rs->{content}) } if $type =~ /json/;
	($rs->{cookie}) = ($rs->{headers}{'set-cookie'} // '') =~ /^__Host-rt=([^;]*)/;
	return $rs;
}

sub url {
	return "https://localhost:$_[0]{https_port}";
}

sub log {
	my ($self, $name) = @_;

	open my $in, '<', "$self->{dir}/log/$name" or return '';
	local $/;
	return scalar(<$in>) // '';
}

# True as soon as the condition holds; false after the seconds.
sub wait_for {
	my ($seconds, $condition) = @_;
	my $end = time + $seconds;

	until ($condition->()) {
		return 0 if time > $end;
		sleep 0.02;
	}
	return 1;
}

# What every test ends with: the money adds up, nobody complained of himself.
sub finish {
	my $self = shift;

	Test::More::like($self->ctl_any('ledger', 'verify'), qr/^0 differences$/m,
	    'the ledger adds up');
	Test::More::unlike($self->log('api.log'), qr/"level":"(?:error|panic)"/,
	    'the API logged no error');
	$self->stop;
}

sub stop {
	my $self = shift;

	$self->sh('stop_one', $_, $_ eq 'postgres' ? 'INT' : 'TERM') for @{delete $self->{parts} // []};
	remove_tree($self->{dir}) unless $ENV{NUMLEASE_KEEP};
}

sub DESTROY {
	my $self = shift;

	local $?;
	$self->stop if $self->{owner} == $$ && $self->{parts};
}

1;
