#!/bin/sh
# Makes what three relays and three servers of NATS prove to each other who they are with, in the
# directory secrets/ beside this script. Needs openssl.
#
#   sh ops/cluster-secrets.sh [HOST HOST HOST]
#
# HOSTs are the names or addresses of the servers of NATS, as --cluster has them: nats-a, nats-b and
# nats-c unless they are given, as in ops/compose.yaml.
#
#   secrets/nats-a/   server.pem, server.key, ca.pem and passwords.conf: for /etc/nats/secrets/
#   secrets/relay-a/  relay.creds and ca.pem: for --cluster-creds and --cluster-tls-ca
#   secrets/setup/    the same for chat-server cluster-setup
#   secrets/ca.key    signs certificates of more servers: it belongs on none of them
set -eu
umask 077

[ $# -eq 0 ] && set -- nats-a nats-b nats-c
if [ $# -ne 3 ]; then
  echo "usage: cluster-secrets.sh [HOST HOST HOST]" >&2
  exit 2
fi
for host; do
  case $host in
    "" | *[!A-Za-z0-9.:-]*)
      echo "error: not a host: $host" >&2
      exit 2
      ;;
  esac
done
base=$(dirname "$0")
if [ -e "$base/secrets" ]; then
  echo "error: $base/secrets is there already" >&2
  echo "hint: Remove it to make everything anew; relays and NATS then need the new files at once." >&2
  exit 1
fi
work=$base/secrets.new
rm -rf "$work"
mkdir "$work"
cd "$work"

# Ten years: relays and servers trust this authority alone, so that a new one is made with all of it.
days=3650
new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2> /dev/null
}

cat > request.conf <<'END'
[req]
distinguished_name = name
prompt = no
[name]
CN = chat cluster
[authority]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
END
new_key ca.key
openssl req -x509 -new -sha256 -days "$days" -config request.conf -extensions authority \
  -key ca.key -out ca.pem

names=
for host; do
  case $host in
    *:*) kind=IP ;;
    *[!0-9.]*) kind=DNS ;;
    *) kind=IP ;;
  esac
  names=${names:+$names, }$kind:$host
done
# A server shows its certificate to relays, and to the other servers when it connects to them. It holds
# for all three names: servers tell each other their addresses, and expect any of the names there.
cat > server.conf <<END
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = $names
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
for server in nats-a nats-b nats-c; do
  mkdir "$server"
  new_key "$server/server.key"
  openssl req -new -sha256 -config request.conf -subj "/CN=$server" -key "$server/server.key" \
    -out request.pem
  openssl x509 -req -sha256 -days "$days" -in request.pem -CA ca.pem -CAkey ca.key \
    -set_serial "0x$(openssl rand -hex 15)" -extfile server.conf -out "$server/server.pem" 2> /dev/null
  cp ca.pem "$server/ca.pem"
done
rm request.conf request.pem server.conf

# The passwords are as random as a key, so that it takes no slow hash to keep them.
for user in relay-a relay-b relay-c setup; do
  password=$(openssl rand -hex 32)
  mkdir "$user"
  echo "$user:$password" > "$user/relay.creds"
  cp ca.pem "$user/ca.pem"
  echo "$user: \"$password\"" >> passwords.conf
done
for server in nats-a nats-b nats-c; do cp passwords.conf "$server"; done
rm passwords.conf

# Users of containers have to read them. Nobody else gets through the directory around them.
for part in nats-a nats-b nats-c relay-a relay-b relay-c setup; do
  chmod 0755 "$part"
  chmod 0644 "$part"/*
done
cd - > /dev/null
mv "$work" "$base/secrets"
echo "made: $base/secrets"
