#!/usr/bin/perl
# docs/api.md is true: its shell examples run, and its errors are those of
# src/base/err.def.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

sub text_of {
	my ($path) = @_;

	open my $in, '<', "$Stack::TOP/$path" or die "$path: $!\n";
	return join '', <$in>;
}

my $doc = text_of('docs/api.md');
my $known = text_of('src/base/err.def');
my %row = map { /^\| `(\w+)` \| (\d+) \| (yes|no) \| (.*) \|$/ ? ($1, "$2 $3 $4") : () } split /\n/, $doc;
my %err = map { /^ERR\(\w+,\s*"(\w+)",\s*(\d+),\s*\w+,\s*(\w+),.*"([^"]*)"\)/
	? ($1, "$2 " . ($3 eq 'LATER' ? 'yes' : 'no') . " $4") : () } split /\n/, $known;
cmp_ok scalar keys %err, '>', 20, 'err.def is read';
is_deeply \%row, \%err, 'the table of errors';

my $stack = Stack->new(conf => 'worker.poll_interval = 200ms');
my ($before, $after) = split /<!-- the wallet has money from here on -->\n/, $doc;
my $blocks = sub { join "\n", $_[0] =~ /^```sh\n(.*?)^```$/msg };
my $credit = sprintf '"%s/scripts/stack" "%s" "%s" ctl wallet credit "$email" 5.00 --reason test', $Stack::TOP,
    $stack->{dir}, $stack->{app};

open my $out, '>', "$stack->{dir}/example.sh" or die $!;
print $out "set -euxo pipefail\n", $blocks->($before), "\n$credit\n", $blocks->($after), "\necho the end\n";
close $out or die $!;
my $said = qx(cd $stack->{dir} && site=https://localhost:$stack->{port} CURL_CA_BUNDLE=$stack->{dir}/etc/tls.crt timeout 120 bash example.sh 2>&1);
is $?, 0, 'every example worked';
like $said, qr/^the end$/m, 'to the last one' or diag $said;

$stack->done;
