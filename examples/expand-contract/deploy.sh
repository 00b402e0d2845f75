# Brings a release of a service up and waits until it is the one that runs: deploy.sh SERVICE RELEASE. This one names the release in the
# service's file, which the service looks into; yours may call your orchestrator.
set -eu
echo "RELEASE=$2" >"$1.env.new"
mv "$1.env.new" "$1.env"
tries=0
until grep -qx "$2" "$1.runs"; do
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || { echo "$1 does not run release $2" >&2; exit 3; }
    sleep 0.1
done
