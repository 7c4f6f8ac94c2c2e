#!/usr/bin/perl
# The main job as a person does it: web/test/e2e.mjs in headless Chromium,
# through nginx and TLS, on the whole product.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $top = $Stack::TOP;
# The packages stand where scripts/build has built the pages, or in the tree.
my ($web) = grep { -d "$_/node_modules/playwright-core" }
    (defined $ENV{NUMLEASE_TEST_VAR} ? "$ENV{NUMLEASE_TEST_VAR}/src/web" : ()), "$top/web";

plan(skip_all => 'playwright-core is not installed: scripts/build-web') unless defined $web;
plan(skip_all => 'no chromium') unless -x ($ENV{NUMLEASE_CHROMIUM} // '/usr/bin/chromium');

my $stack = Stack->new(conf => 'worker.poll_interval = 200ms');
my ($admin, $password) = ('admin@example.org', 'a long enough password');
my $ctl = "'$top/scripts/stack' '$stack->{dir}' '$stack->{app}' ctl";

qx(echo '$password' | $ctl user create $admin --admin 2>&1);
is $?, 0, 'an administrator is made';
# It takes nothing back in the first two minutes; the cancel need not wait.
$stack->ctl('provider', 'disable', 'south');

chomp(my $node = qx('$top/scripts/build-web' --node));
local %ENV = (%ENV,
	NUMLEASE_URL => "https://localhost:$stack->{port}",
	NUMLEASE_CREDIT_CMD => "credit() { $ctl wallet credit \"\$1\" 10.00 --reason browser; }; credit",
	NUMLEASE_ADMIN_EMAIL => $admin, NUMLEASE_ADMIN_PASSWORD => $password);
open my $tap, '-|', $node, "$web/test/e2e.mjs" or die "$node: $!";
subtest 'the browser' => sub {
	while (my $line = <$tap>) {
		chomp $line;
		if ($line =~ /^(not )?ok \d+ - (.*)/) {
			ok !defined $1, $2;
		} elsif ($line =~ /^# (.*)/) {
			diag $1;
		}
	}
	ok close $tap, 'it went through to the end';
};

$stack->done;
