# Shopper - one client in a storm: a process of its own that buys, repeats,
# cancels, finishes and asks for more over one kept TLS connection, and
# remembers every answer. What it was told must still be true when the storm
# is over; what it was not told (502, 503, a lost connection) it asks again
# with the same key, as clients do.
#
#	my $shopper = Shopper->start($stack, $user, seed => 7, pause => 0.15);
#	...
#	Shopper->pause_all($stack);	# nothing new from here on
#	...				# all runs again
#	Shopper->end_all($stack);	# the silent keys, the open numbers
#	my $memory = $shopper->memory;
#
# The memory: {leases => {KEY => {body, status, id, phone}}, numbers => {ID =>
# {state, code, charged}}, counts => {...}, complaints => [...]}. A state is
# kept of numbers that were said to be over.
package Shopper;

use strict;
use warnings;
use HTTP::Tiny ();
use JSON::PP ();
use POSIX ();
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->canonical->utf8;
my %is_over = map { $_ => 1 } qw(completed cancelled expired failed);

sub start {
	my ($class, $stack, $user, %opt) = @_;
	my $self = bless {%opt, user => $user, url => "https://localhost:$stack->{port}",
	    ca => "$stack->{dir}/etc/tls.crt", paused => "$stack->{dir}/paused",
	    ended => "$stack->{dir}/ended", number => ++$stack->{shoppers},
	    leases => {}, order => [], numbers => {}, counts => {}, complaints => []}, $class;

	$self->{out} = "$stack->{dir}/shopper$self->{number}";
	unlink $self->{paused}, $self->{ended};
	$self->{parent} = $$;
	$self->{pid} = fork // die "fork: $!";
	return $self if $self->{pid} > 0;
	$self->run;
	POSIX::_exit(0);
}

sub pause_all { my (undef, $stack) = @_; touch("$stack->{dir}/paused") }
sub end_all   { my (undef, $stack) = @_; touch("$stack->{dir}/ended") }

sub touch {
	my ($path) = @_;

	open my $file, '>', $path or die "$path: $!";
}

sub memory {
	my ($self) = @_;

	waitpid $self->{pid}, 0;
	open my $in, '<', $self->{out} or return {complaints => ['the client died']};
	local $/;
	return $json->decode(<$in>);
}

sub run {
	my ($self) = @_;

	srand $self->{seed};
	until (-e $self->{paused}) {
		POSIX::_exit(1) if getppid != $self->{parent};
		$self->step;
		sleep $self->{pause} * 2 * rand;
	}
	until (-e $self->{ended}) {
		POSIX::_exit(1) if getppid != $self->{parent}; # nobody is left to say so
		sleep 0.1;
	}
	$self->settle;
	$self->end_numbers;
	open my $out, '>', $self->{out} or die "$self->{out}: $!";
	print $out $json->encode({map { $_ => $self->{$_} } qw(leases numbers counts complaints silent)});
	close $out or die "$self->{out}: $!";
}

# What was left open is asked once more, until it is decided.
sub settle {
	my ($self) = @_;
	for my $key (grep { !$self->{leases}{$_}{status} } @{$self->{order}}) {
		my $lease = $self->{leases}{$key};
		my $end = time + 90;

		$self->{silent}++;
		do { $self->send($key) } until $lease->{status} || $lease->{refused} || time > $end;
		$self->complain("$key: not decided") unless $lease->{status} || $lease->{refused};
	}
}

# And what is still leased is given back.
sub end_numbers {
	my ($self) = @_;

	for my $id (grep { defined } map { $self->{leases}{$_}{id} } @{$self->{order}}) {
		next if defined $self->{numbers}{$id}{state};
		$self->change('cancel', $id) if $self->change('finish', $id) == 409;
	}
}

sub agent {
	my ($self) = @_;

	return $self->{agent} //= HTTP::Tiny->new(timeout => 15, verify_SSL => 1,
	    SSL_options => {SSL_ca_file => $self->{ca}});
}

sub ask {
	my ($self, $method, $path, $body, %headers) = @_;
	my $answer = $self->agent->request($method, $self->{url} . $path, {
		headers => {Authorization => "Bearer $self->{user}{key}", %headers,
		    defined $body ? ('Content-Type' => 'application/json') : ()},
		defined $body ? (content => $json->encode($body)) : ()});

	$self->{counts}{"$method $answer->{status}"}++;
	return ($answer->{status}, scalar eval { $json->decode($answer->{content}) } // {},
	    $answer->{content});
}

sub complain {
	my ($self, @words) = @_;

	push @{$self->{complaints}}, join ' ', @words;
}

# Nothing was said about what was asked.
sub is_silence { return $_[0] =~ /^(?:502|503|504|599)$/ }

sub step {
	my ($self) = @_;
	my $chance = rand;

	return $self->again if $chance < 0.2;
	return $self->buy if $chance < 0.6;
	return $self->change('cancel') if $chance < 0.72;
	return $self->change('finish') if $chance < 0.80;
	return $self->change('resend') if $chance < 0.85;
	return $self->look;
}

sub buy {
	my ($self) = @_;
	my @services = qw(telegram whatsapp google viber);
	my @countries = qw(gb de fr);
	my $key = sprintf 'shopper-%d-%d', $self->{number}, scalar @{$self->{order}};

	push @{$self->{order}}, $key;
	$self->{leases}{$key} = {body => {service => $services[rand @services],
	    country => $countries[rand @countries]}};
	$self->send($key);
}

# A key of before; rather one whose answer is not known.
sub again {
	my ($self) = @_;
	my @open = grep { !$self->{leases}{$_}{status} } @{$self->{order}};
	my @some = @open && rand() < 0.8 ? @open : @{$self->{order}};

	$self->send($some[rand @some]) if @some;
}

sub send {
	my ($self, $key) = @_;
	my $lease = $self->{leases}{$key};

	$self->note_lease($key, $lease, $self->ask(POST => '/api/v1/numbers', $lease->{body},
		'Idempotency-Key' => $key));
}

sub note_lease {
	my ($self, $key, $lease, $status, $answer, $text) = @_;

	return if is_silence($status) || $status == 429;
	return $self->complain("$key: $status $text") unless $status =~ /^(?:201|202|409)$/;
	return $self->note_refusal($key, $lease, $answer) if $status == 409;
	$self->complain("$key: was $lease->{id}, is $answer->{id}")
	    if defined $lease->{id} && $lease->{id} ne $answer->{id};
	$lease->{id} = $answer->{id};
	return if $status == 202 && !$lease->{status};
	$self->complain("$key: was $lease->{status}, is $status")
	    if $lease->{status} && $lease->{status} != $status;
	$self->complain("$key: the phone changed") if defined $lease->{phone}
	    && $lease->{phone} ne ($answer->{phone} // '');
	$lease->{status} = $status;
	$lease->{phone} = $answer->{phone} if defined $answer->{phone};
}

# Final only when there was an activation: one that was refused at once may
# be asked for again.
sub note_refusal {
	my ($self, $key, $lease, $answer) = @_;

	return $self->complain("$key: 409 $answer->{code}") if $answer->{code} !~ /^no_(?:numbers|offer_at_price)$/;
	$self->complain("$key: was 201, is refused") if ($lease->{status} // 0) == 201;
	$lease->{status} = 409 if defined $lease->{id};
	$lease->{refused} = 1;
}

sub note_number {
	my ($self, $n) = @_;
	my $known = $self->{numbers}{$n->{id}} //= {};

	$self->complain("$n->{id}: was $known->{state}, is $n->{state}")
	    if defined $known->{state} && $known->{state} ne $n->{state};
	$known->{state} = $n->{state} if $is_over{$n->{state}};
	$known->{code} = $n->{code} if defined $n->{code};
	$known->{charged} = $n->{charged} if $n->{charged} > 0;
}

# One of the newest numbers.
sub some_number {
	my ($self) = @_;
	my @ids = grep { defined } map { $self->{leases}{$_}{id} } @{$self->{order}};

	@ids = @ids[-12 .. -1] if @ids > 12;
	return $ids[rand @ids];
}

sub change {
	my ($self, $what, $id) = @_;
	my ($status, $answer, $text);

	$id //= $self->some_number // return 0;
	($status, $answer, $text) = $self->ask(POST => "/api/v1/numbers/$id/$what", {});
	return $status if is_silence($status) || $status == 429 || $status == 409;
	$self->complain("$what $id: $status $text") if $status != 200;
	$self->note_number($answer) if $status == 200 && $what ne 'resend';
	return $status;
}

sub look {
	my ($self) = @_;
	my $id = $self->some_number // return;
	my ($status, $answer, $text) = $self->ask(GET => "/api/v1/numbers/$id");

	return if is_silence($status) || $status == 429;
	return $self->complain("look $id: $status $text") if $status != 200;
	$self->note_number($answer);
}

1;
