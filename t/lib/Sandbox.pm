# Sandbox - start a numlease-sandbox of one's own and talk to it.
#
#	my $box = Sandbox->start(dialect => '5sim', 'first-id' => 1);
#	$box->get('/v1/user/profile');          # as the customer
#	$box->fault(kind => 'timeout_after_sale');
#	$box->state->{sold};
#
# It is stopped when the object goes out of scope. The programs are looked
# for in the current folder, where make runs the tests.
package Sandbox;
use strict;
use warnings;
use File::Temp ();
use HTTP::Tiny ();
use JSON::PP ();
use Time::HiRes qw(sleep time);
use Time::Piece ();

our $KEY = '0123456789abcdef0123456789abcdef';

sub start {
	my ($class, %opt) = @_;
	my $dir = File::Temp->newdir;
	my $self = bless {dir => $dir, dialect => $opt{dialect}}, $class;
	my %all = (
		key => $KEY, listen => '127.0.0.1:0', seed => 1,
		'control-key' => 'control', 'port-file' => "$dir/port",
		log => "$dir/log", %opt,
	);
	my $pid = fork // die "fork: $!";

	if ($pid == 0) {
		exec './numlease-sandbox', map { ("--$_", $all{$_}) } sort keys %all;
		die "exec: $!";
	}
	$self->{pid} = $pid;
	$self->{owner} = $$;
	wait_for(sub { -s "$dir/port" }) or die 'the sandbox did not start';
	open my $in, '<', "$dir/port" or die $!;
	chomp($self->{port} = <$in>);
	return $self;
}

# The exit code, or the number of the signal that ended it, as text.
sub stop {
	my ($self, $signal) = @_;
	my $pid = delete $self->{pid} // return;

	kill $signal // 'TERM', $pid;
	waitpid $pid, 0;
	return $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
}

sub DESTROY {
	my $self = shift;

	local $?;
	$self->stop if defined $self->{owner} && $self->{owner} == $$;
}

sub log {
	my $self = shift;

	open my $in, '<', "$self->{dir}/log" or return '';
	local $/;
	return scalar <$in>;
}

# True as soon as the condition holds; false after ten seconds.
sub wait_for {
	my ($condition) = @_;
	my $end = time + 10;

	until ($condition->()) {
		return 0 if time > $end;
		sleep 0.02;
	}
	return 1;
}

sub url { my ($self, $path) = @_; return "http://127.0.0.1:$self->{port}$path" }

sub agent {
	my ($self, %opt) = @_;

	return HTTP::Tiny->new(timeout => 10, max_redirect => 0, %opt);
}

# One request with the customer's key; `opt` are HTTP::Tiny's.
sub get {
	my ($self, $path, %opt) = @_;
	my $agent = delete $opt{agent} // $self->agent;
	my $headers = $opt{headers} // {Authorization => "Bearer $KEY"};

	return $agent->get($self->url($path), {%opt, headers => $headers});
}

# A call of handler_api; the answer of HTTP::Tiny.
sub api {
	my ($self, $action, %param) = @_;
	my $agent = delete $param{agent} // $self->agent;
	my $query = $agent->www_form_urlencode(
		{api_key => $KEY, action => $action, %param});

	return $agent->get($self->url("/stubs/handler_api.php?$query"));
}

sub text { my ($self, @call) = @_; return $self->api(@call)->{content} }
sub json { my ($self, @call) = @_; return decode($self->api(@call)->{content}) }

sub decode { return eval { JSON::PP->new->utf8->decode($_[0]) } }

# Post to the control endpoint; dies unless it is taken.
sub control {
	my ($self, $what, %body) = @_;
	my $rs = $self->control_raw($what, JSON::PP::encode_json(\%body));

	die "control $what: $rs->{status} $rs->{content}" unless $rs->{success};
	return decode($rs->{content});
}

sub control_raw {
	my ($self, $what, $body) = @_;

	return $self->agent->post($self->url("/control/$what"),
		{headers => {'X-Control' => 'control'}, content => $body});
}

# Telegram in the United Kingdom for 0.21, from vodafone for 0.284.
sub fix_price {
	my ($self) = @_;

	$self->set(service => 'telegram', country => 'gb', price => '0.21');
	return $self->set(service => 'telegram', country => 'gb', operator => 'vodafone',
		price => '0.284');
}

sub set   { my ($self, @body) = @_; return $self->control(set => @body) }
sub fault { my ($self, @body) = @_; return $self->control(fault => @body) }
sub clear { my ($self) = @_; return $self->control('clear') }

sub state {
	my ($self) = @_;
	my $rs = $self->agent->get($self->url('/control/state'),
		{headers => {'X-Control' => 'control'}});

	die "state: $rs->{status}" unless $rs->{success};
	return decode($rs->{content});
}

# What the control knows about one order; created_s is its Unix time.
sub order {
	my ($self, $id) = @_;
	my ($o) = grep { $_->{id} == $id } @{$self->state->{orders}};
	my ($whole, $fraction) = $o->{created_at} =~ /^(.*)(\.\d+)Z$/;

	$o->{created_s} = Time::Piece->strptime($whole, '%Y-%m-%dT%H:%M:%S')->epoch + $fraction;
	return $o;
}

1;
