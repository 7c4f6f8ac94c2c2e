#!/usr/bin/perl
# The main job as a person does it: web/test/e2e.mjs in headless Chromium,
# through nginx and TLS, on the whole product.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;
use Web;

my $web = Web::folder();
my $stack = Stack->new(conf => "worker.poll_interval = 200ms\nquote.ttl = 8s\n");
my ($admin, $password) = ('admin@example.org', 'a long enough password');
my $ctl = "'$Web::TOP/scripts/stack' '$stack->{dir}' '$stack->{app}' ctl";

qx(echo '$password' | $ctl user create $admin --admin 2>&1);
is $?, 0, 'an administrator is made';
# It takes nothing back in the first two minutes; the cancel need not wait.
$stack->ctl('provider', 'disable', 'south');

$ENV{NUMLEASE_URL} = "https://localhost:$stack->{port}";
chomp($ENV{NUMLEASE_VOUCHER} = $stack->ctl(qw(voucher generate --count 1 --amount 5.00 --kind bonus)));
$ENV{NUMLEASE_CREDIT_CMD} = "credit() { $ctl wallet credit \"\$1\" 10.00 --reason browser; }; credit";
@ENV{'NUMLEASE_ADMIN_EMAIL', 'NUMLEASE_ADMIN_PASSWORD'} = ($admin, $password);
$ENV{NUMLEASE_DEARER_CMD} = "$ctl price rule add --percent 90% --round 0.01";
Web::relay('the browser', "$web/test/e2e.mjs");

$stack->done;
