# IO::Socket, one request at a time; /fork answers from a child, /die ends it.
use strict;
use IO::Socket::INET;
use POSIX ();
$SIG{CHLD} = 'IGNORE';
$| = 1;
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 64, ReuseAddr => 1) or die "listen: $!";
print "listening\n";
while (my $client = $server->accept) {
    my ($path) = (<$client> // '') =~ m{^GET (\S+)};
    while (<$client>) { last if /^\r?$/ }
    die "asked to die\n" if ($path // '') eq '/die';
    my $body = "perl " . join(',', sort { $a <=> $b } 10, 9, 100) . POSIX::floor(1.5) . "\n";
    print $client "HTTP/1.0 200 OK\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
    close $client;
}
