# Front - front_server behind a private nginx, for tests of the two.
#
#	my $front = Front->new(conf => "api.processes = 1\n");
#	my $answer = $front->get('/api/health');	# {status, head, body}
#
# All of it runs as an ordinary user, in a folder that goes when it ends.
package Front;

use strict;
use warnings;
use Carp qw(croak);
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp ();
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX qw(:sys_wait_h setsid);
use Time::HiRes qw(sleep time);

our $TOP = abs_path(dirname(__FILE__) . '/../..');

# Where a program of this build is.
sub program {
	my ($name) = @_;
	my @folders = ($ENV{NUMLEASE_BUILD} // (), '.');

	if (defined $ENV{NUMLEASE_APP} && defined $ENV{NUMLEASE_TEST_VAR}) {
		my ($variant) = $ENV{NUMLEASE_APP} =~ /app-(\w+)$/;
		push @folders, "$ENV{NUMLEASE_TEST_VAR}/build/" . ($variant // 'default');
	}
	for (@folders, $TOP) {
		return abs_path("$_/$name") if -x "$_/$name";
	}
	croak "$name is not built";
}

sub nginx {
	for (split(/:/, $ENV{PATH}), '/usr/sbin') {
		return "$_/nginx" if -x "$_/nginx";
	}
	return;
}

# A user that may do nothing else; root itself when we are not root.
sub _user {
	return if $> != 0;
	system('useradd --system --no-create-home --home-dir /nonexistent ' .
	    '--shell /usr/sbin/nologin numlease 2>/dev/null') unless getpwnam('numlease');
	return getpwnam('numlease');
}

sub _spawn {
	my ($self, $log, @command) = @_;
	my (undef, undef, $uid, $gid) = _user();
	my $pid = fork() // croak "fork: $!";

	return $pid if $pid;
	setsid();
	open STDIN, '<', '/dev/null';
	open STDOUT, '>>', $log;
	open STDERR, '>&', \*STDOUT;
	if (defined $uid) {
		$) = "$gid $gid";
		$( = $gid;
		POSIX::setuid($uid);
	}
	exec { $command[0] } @command or POSIX::_exit(127);
}

sub wait_for {
	my ($self, $seconds, $what) = @_;
	my $end = time + $seconds;

	until ($what->()) {
		return 0 if time > $end;
		sleep 0.01;
	}
	return 1;
}

sub write_file {
	my ($self, $name, $text) = @_;
	my $path = "$self->{dir}/$name";

	make_path(dirname($path));
	open my $to, '>', $path or croak "$path: $!";
	print $to $text;
	close $to;
	return $path;
}

sub read_file {
	my ($self, $name) = @_;

	open my $in, '<', "$self->{dir}/$name" or return '';
	local $/;
	return <$in>;
}

sub _write_pages {
	my ($self) = @_;

	$self->write_file('web/index.html', '<html><script>self.x=1</script>' .
	    '<script src="/_next/static/chunks/a.js"></script>home</html>');
	$self->write_file('web/buy/index.html', '<html><script>self.x=2</script>buy</html>');
	$self->write_file('web/buy/index.txt', 'payload');
	$self->write_file('web/404.html', '<html>nothing here</html>');
	$self->write_file('web/_next/static/chunks/a.js', "self.y='" . 'y' x 2000 . "'");
	system("gzip -k -n '$self->{dir}/web/_next/static/chunks/a.js'") == 0 or croak 'gzip';
}

sub _certificate {
	my ($self) = @_;
	my $etc = "$self->{dir}/etc";

	make_path($etc);
	system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 " .
	    "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 " .
	    "-keyout $etc/tls.key -out $etc/tls.crt 2>/dev/null") == 0 or croak 'openssl';
}

sub set_conf {
	my ($self, $more) = @_;
	my $run = "$self->{dir}/run";

	return $self->write_file('etc/numlease.conf', join "\n",
	    "api.socket = $run/api.sock", "auth.socket = $run/auth.sock",
	    "admin.socket = $run/admin.sock", 'rate.request_per_minute = 1000000',
	    'rate.lease_per_minute = 1000000', "log.sink = $self->{dir}/log/server.log",
	    'log.level = debug', 'api.drain_timeout = 20s', $more // '', '');
}

sub new {
	my ($class, %option) = @_;
	my $self = bless { dir => File::Temp::tempdir('/tmp/nl-front-XXXXXX'), owner => $$ }, $class;
	my $d = $self->{dir};

	chmod 0755, $d;
	make_path("$d/$_") for qw(run log tmp bin);
	$ENV{FRONT_SERVER_DIED} = "$d/run/died";
	$self->set_conf($option{conf});
	# Copies that the user can read and run, wherever the originals are.
	system('cp', "$TOP/t/tsan.supp", "$d/etc/") == 0 or croak 'cp';
	$ENV{TSAN_OPTIONS} = "suppressions=$d/etc/tsan.supp";
	system('cp', program('t/system/front_server'), "$d/bin/") == 0 or croak 'cp';
	if ($option{nginx} // 1) {
		$self->_write_pages;
		$self->_certificate;
		chomp($self->{$_} = qx($TOP/scripts/free-port)) for qw(https http);
		system("$TOP/scripts/nginx-conf", "$TOP/nginx", "$d/etc/nginx", "WEB=$d/web", "RUN=$d/run",
		    "LOG=$d/log", "TMP=$d/tmp", "CERT=$d/etc/tls.crt", "KEY=$d/etc/tls.key",
		    "HTTPS_PORT=$self->{https}", "HTTP_PORT=$self->{http}", "WORKERS=1", 'CONNS=1000',
		    @{ $option{limits} // [map { "RATE_$_=100000r/s" } qw(LOGIN LEASE READ COMPAT)] }) == 0 or croak 'nginx-conf';
	}
	$self->give_files;
	$self->start;
	$self->start_nginx if defined $self->{https};
	return $self;
}

# All files to the user that the programs run as.
sub give_files {
	my ($self) = @_;
	my $user = _user();

	system('chown', '-R', $user, $self->{dir}) if defined $user;
}

sub start {
	my ($self) = @_;
	my $d = $self->{dir};

	$self->{server} = $self->_spawn("$d/log/start.log", "$d/bin/front_server", '-c',
	    "$d/etc/numlease.conf", '-p', "$d/run/server.pid");
	$self->wait_for(20, sub { $self->log_count('serving') > 0 }) or
	    croak 'front_server does not serve: ' . $self->read_file('log/start.log') .
	    $self->read_file('log/server.log');
}

sub start_nginx {
	my ($self) = @_;

	$self->{nginx} = $self->another_nginx("$self->{dir}/etc/nginx/numlease.conf", $self->{https});
}

# One with a configuration of the test's own, which ends it: its process id.
sub another_nginx {
	my ($self, $conf, $port) = @_;
	my $d = $self->{dir};
	my $pid = $self->_spawn("$d/log/nginx-start.log", nginx(), '-e', "$d/log/nginx-error.log", '-c', $conf);

	$self->wait_for(10, sub { IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") }) or
	    croak 'nginx does not listen: ' . $self->read_file('log/nginx-start.log') .
	    $self->read_file('log/nginx-error.log');
	return $pid;
}

# How often an event stands in the log.
sub log_count {
	my ($self, $event) = @_;
	my $n = () = $self->read_file('log/server.log') =~ /"event":"\Q$event\E"/g;

	return $n;
}

sub signal {
	my ($self, $signal) = @_;

	kill $signal, $self->{server};
}

# True when the server has ended in time; its exit status is in {status}.
sub ended {
	my ($self, $seconds) = @_;

	return $self->wait_for($seconds, sub {
		return 1 unless defined $self->{server};
		return 0 unless waitpid($self->{server}, WNOHANG) == $self->{server};
		$self->{status} = $?;
		delete $self->{server};
		return 1;
	});
}

sub processes {
	my ($self) = @_;

	return split ' ', qx(pgrep -P $self->{server});
}

# Through nginx, by curl: {status, head, body}.
sub request {
	my ($self, $method, $path, @curl) = @_;
	my @command = ('curl', '-sS', '-i', '--max-time', 30, '--cacert', "$self->{dir}/etc/tls.crt");

	push @command, $method eq 'HEAD' ? '-I' : ('-X', $method);
	open my $from, '-|', @command, @curl, $path =~ m{^https?:} ? $path :
	    "https://localhost:$self->{https}$path" or croak "curl: $!";
	local $/;
	my $text = <$from> // '';
	close $from;
	$text =~ s/\r\n/\n/g;
	$text =~ s{\AHTTP/\S+ 100[^\n]*\n\n}{};
	my ($head, $body) = split /\n\n/, $text, 2;
	my ($status) = ($head // '') =~ m{\AHTTP/\S+ (\d+)};
	return { status => $status // 0, head => lc($head // ''), body => $body // '' };
}

sub get {
	my ($self, $path, @curl) = @_;

	return $self->request('GET', $path, @curl);
}

# {requests, failed, least, p50_us, p99_us, most_us} of kept connections.
sub load {
	my ($self, $path, $conns, $seconds) = @_;
	my $line = qx('@{[program('t/system/fcgi_load')]}' '$self->{dir}/run/api.sock' '$path' $conns $seconds);

	return { $line =~ /(\w+)=(\d+)/g };
}

# What a sanitizer has said; '' in a build without.
sub complaints {
	my ($self) = @_;
	my ($from) = $self->read_file('log/start.log') =~ /((?:WARNING: |ERROR: |SUMMARY: )\w+Sanitizer.*)/s;

	return $from // '';
}

sub DESTROY {
	my ($self) = @_;

	return if $$ != $self->{owner};
	local $?;
	for (qw(nginx server)) {
		next unless defined $self->{$_};
		kill 'TERM', $self->{$_};
		my $pid = $self->{$_};
		$self->wait_for(10, sub { waitpid($pid, WNOHANG) != 0 }) or kill 'KILL', $pid;
	}
	Test::More::is($self->complaints, '', 'no sanitizer has complained')
	    if $self->complaints ne '';
	if ($ENV{FRONT_KEEP}) {
		print "# kept $self->{dir}\n";
	} else {
		remove_tree($self->{dir});
	}
}

1;
