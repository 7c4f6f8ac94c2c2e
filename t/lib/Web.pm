# Web - the tests of the page, which are JavaScript, as subtests of ours.
package Web;

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

our $TOP = abs_path(dirname(__FILE__) . '/../..');
my ($var) = grep { defined } $ENV{NUMLEASE_TEST_VAR}, $ENV{NUMLEASE_VAR};
my $node;

# The folder with the built page and its packages: where scripts/build has
# made them, or this tree. Skips the whole test where there is none.
sub folder {
	my ($web) = grep { -d "$_/node_modules/playwright-core" && -e "$_/out/index.html" }
	    (defined $var ? "$var/src/web" : ()), "$TOP/web";

	plan(skip_all => 'the page is not built: scripts/build-web') unless defined $web;
	plan(skip_all => 'no chromium') unless -x ($ENV{NUMLEASE_CHROMIUM} // '/usr/bin/chromium');
	return $web;
}

# Run a script that prints TAP; each of its lines becomes a test of a subtest.
sub relay {
	my ($name, @command) = @_;

	local $ENV{NUMLEASE_VAR} = $var if defined $var;
	chomp($node = qx('$TOP/scripts/build-web' --node)) unless defined $node;
	open my $tap, '-|', $node, @command or die "$node: $!";
	subtest $name => sub {
		while (my $line = <$tap>) {
			chomp $line;
			if ($line =~ /^(not )?ok \d+ - (.*)/) {
				ok !defined $1, $2;
			} elsif ($line =~ /^# (?!Subtest|tests|suites|pass|fail|cancelled|skipped|todo|duration)(.*)/
			    || $line =~ /^\s+(error: .*|\+ .*|- .*|at .*)/) {
				diag $1;
			}
		}
		ok close $tap, 'went through to the end';
	};
}

1;
