# Burst - many requests at the same time, by one process that keeps nothing
# between them.
#
#	my $wait = Burst::begin($stack, {user => $u, key => 'k', body => {...}},
#	    {path => '/stubs/handler_api.php?...'}, ...);
#	...
#	my @answered = $wait->();
#
# A request with a body is POST /api/numbers, one with a path a GET. Each gets
# status (0 without an answer) and text.
package Burst;

use strict;
use warnings;
use File::Temp ();
use JSON::PP ();

my $json = JSON::PP->new->canonical;

sub lines_of {
	my ($stack, $r) = @_;

	return (qq(url = "https://localhost:$stack->{port}$r->{path}")) if defined $r->{path};
	my $body = $json->encode($r->{body}) =~ s/"/\\"/gr;
	return (qq(url = "https://localhost:$stack->{port}/api/numbers"),
	    qq(header = "Authorization: Bearer $r->{user}{token}"),
	    'header = "Content-Type: application/json"',
	    qq(header = "Idempotency-Key: $r->{key}"), qq(data = "$body"));
}

sub begin {
	my ($stack, @requests) = @_;
	my $dir = File::Temp::tempdir(CLEANUP => 1);

	open my $conf, '>', "$dir/conf" or die $!;
	for my $i (0 .. $#requests) {
		@{$requests[$i]}{qw(status text)} = (0, '');
		print $conf "next\n" if $i;
		print $conf map { "$_\n" } lines_of($stack, $requests[$i]),
		    qq(cacert = "$stack->{dir}/etc/tls.crt"), qq(output = "$dir/$i"),
		    qq(write-out = "$i %{http_code}\\n"), 'silent', 'max-time = 30';
	}
	close $conf or die $!;
	open(my $from, '-|', 'curl', '--parallel', '--parallel-immediate', '--parallel-max', 200,
	    '--no-progress-meter', '-K', "$dir/conf") // die "curl: $!";
	return sub {
		while (<$from>) {
			my ($i, $status) = /^(\d+) (\d+)/ or next;
			$requests[$i]{status} = $status + 0;
			open my $in, '<', "$dir/$i" or next;
			local $/;
			$requests[$i]{text} = <$in>;
		}
		close $from;
		return @requests;
	};
}

1;
