#!/usr/bin/perl
# The command numleasectl: its exit codes, its help and what it does with the
# settings. Nothing but the program runs.
use strict;
use warnings;
use File::Temp ();
use Test::More;

my $app = $ENV{NUMLEASE_APP};
my $ctl = defined $app ? "$app/bin/numleasectl" : './numleasectl';
my $dir = File::Temp->newdir;

delete $ENV{$_} for grep { /^NUMLEASE_|^CREDENTIALS_DIRECTORY$/ } keys %ENV;

# Exit code, standard output and standard error of a run.
sub run {
	my ($args) = @_;
	my $out = qx(timeout 10 $ctl $args 2>$dir/err);
	my $rc = $? >> 8;
	open my $fh, '<', "$dir/err" or die $!;
	local $/;
	return ($rc, $out, scalar <$fh>);
}

sub conf {
	my ($text) = @_;
	open my $fh, '>', "$dir/t.conf" or die $!;
	print $fh $text;
	close $fh or die $!;
	return "-c $dir/t.conf";
}

subtest 'usage' => sub {
	for (['', 64, qr/^$/, qr/a command is needed/], ['nonsense', 64, qr/^$/, qr/no such command/],
		['config', 64, qr/^$/, qr/usage: .*config check\n.*config show/s], ['-x', 64, qr/^$/, qr/invalid option/],
		['version extra', 64, qr/^$/, qr/usage: numleasectl \[-c file\] version/],
		['version', 0, qr/^numleasectl \d+\.\d+\.\d+\n$/, qr/^$/],
		['help', 0, qr/version.*config check.*config man/s, qr/^$/],
		['help config', 0, qr/^  config check/, qr/^$/], ['help nonsense', 64, qr/^$/, qr/no command of that name/],
		['config show -x', 64, qr/^$/, qr/usage:/]) {
		my ($args, $code, $text, $why) = @$_;
		my ($rc, $out, $err) = run(conf('') . " $args");

		is($rc, $code, "'$args' is $code");
		like($out, $text, '  what it prints');
		like($err, $why, '  and says');
	}
	is((run('version >/dev/full'))[0], 1, 'a result that cannot be written is a failure');
};

subtest 'settings' => sub {
	my ($rc, $out, $err) = run(conf("lease.tll = 5m\napi.threads = 0\n") . ' config check');

	is($rc, 78, 'faults are 78');
	is($out, '', 'nothing on standard output');
	like($err, qr/t\.conf:1: lease\.tll: there is no such setting; is it lease\.ttl\?$/m, 'the name');
	like($err, qr/t\.conf:2: api\.threads: must be a whole number from 1 to 256$/m, 'and the value');
	is((run("-c $dir/none config show"))[0], 78, 'a missing file is 78');
	is((run("-c $dir/none config example"))[0], 0, 'but not for what needs no settings');
	($rc, $out) = run(conf("lease.ttl = 5m\n") . ' config check');
	is($rc, 0, 'valid is 0');
	like($out, qr/t\.conf: valid$/, 'and says so');
};

subtest 'what is in force' => sub {
	my $conninfo = 'host=db password=hunter2';
	my ($rc, $out) = run(conf("lease.ttl = 300s\ndatabase.conninfo = $conninfo\n") . ' config show -n');

	is($rc, 0, 'is shown');
	is($out, "database.conninfo = ********\nlease.ttl = 5m\n", 'what was changed, secrets masked');
	local $ENV{NUMLEASE_LEASE_TTL} = '6m';
	(undef, $out) = run(conf("lease.ttl = 300s\n") . ' config show');
	like($out, qr/^lease\.ttl = 6m$/m, 'the environment overrides the file');
	like($out, qr/^redis\.timeout = 500ms$/m, 'and defaults are there');
};

subtest 'the example' => sub {
	my ($rc, $out) = run('config example');

	is((run(conf($out) . ' config check'))[0], 0, 'is valid as it is');
	is((run(conf($out) . ' config show -n'))[1], '', 'and changes nothing');
	$out =~ s/^#(\w+\.\w+ =)/$1/mg;
	is((run(conf($out) . ' config check'))[0], 0, 'is valid without its comment signs');
	is((run(conf($out) . ' config show -n'))[1], '', 'and still changes nothing');
};

done_testing;
