# effect.sh do|undo|check NAME: one effect in effects.log, slow enough to be killed before, in and after it.
last=$(grep -xE "(did|undid) $2" effects.log | tail -n 1)
case $1 in
do)
    echo "begin $2" >>effects.log
    sleep 0.12
    echo "did $2" >>effects.log
    sleep 0.12
    ;;
undo)
    sleep 0.05
    if [ "$last" = "did $2" ]; then echo "undid $2" >>effects.log; fi
    sleep 0.05
    ;;
check) [ "$last" = "did $2" ] ;;
esac
