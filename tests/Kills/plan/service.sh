# service.sh NAME: a service that logs its own coming and going.
trap 'rm -f "$1.ready"; echo "begin-down $1" >>effects.log; sleep 0.1; echo "down $1" >>effects.log; sleep 0.1; exit 0' TERM
echo "begin $1" >>effects.log
sleep 0.05
echo "up $1" >>effects.log
sleep 0.1
touch "$1.ready"
while :; do sleep 1 & wait $!; done
