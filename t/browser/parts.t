#!/usr/bin/perl
# The page alone: its types, its functions, and its pages against an imitated
# API with the faults that the real one rarely shows.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Test::More;
use Web;

my $web = Web::folder();

Web::relay($_, "$web/test/run.mjs", $_) for qw(types unit pages);
done_testing();
