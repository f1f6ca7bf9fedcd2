# stockade journal, verify and roster: a site's journal from key to archive, and what is refused.
. "$SOURCE_DIR/tests/command/lib.sh"
. "$SOURCE_DIR/tests/evidence/kill.sh"

# A site with a journal of three commits.
expect 0 journal key site.key --name stockade/sample/0042/1
cp stdout site.vkey
says stdout "stockade/sample/0042/1+"
[ "$(stat -c %a site.key)" = 600 ]
expect 3 journal key site.key --name stockade/sample/0042/1
expect 0 journal create j --key site.key
expect 3 journal create j --key site.key
printf 'sold 3 of P1\nsold 1 of P2\nreceived 24 of P1\n' >events
expect 0 journal append j --key site.key <events
printf '1\n2\n3\n' | is stdout
expect 0 journal print j
is stdout <events
expect 0 verify j
says stdout "holds: 3 entries, 0 documents"
says stdout "signed: 3 entries; unsigned tail: 0"
expect 0 verify j --json --key site.vkey
says stdout '"ok": true'
says stdout '"entries": 3'
says stdout '"checkpoint_size": 3'
says stdout '"first_bad": null'
says stdout '"unsigned_tail": 0'

# A witness, and a checkpoint that it holds against a split view.
expect 0 journal key depot.key --name depot --witness
cp stdout depot.vkey
expect 0 journal cosign j --key depot.key --seen depot.seen
expect 0 verify j --witness depot.vkey --witnesses-min 1
says stdout "cosigned by depot"
tail -n +2 j/checkpoint >held
expect 0 journal create other --key site.key
expect 0 journal append other --key site.key <<<"another history
of more than
three
entries"
expect 7 verify other --seen held
says stderr "split view"
expect 7 journal cosign other --key depot.key --seen depot.seen
says stderr "the witness refuses"

# Damage: found, located, and the site does not start over it.
cp -r j damaged
printf 'X' | dd of=damaged/segment-00000000000000000000 bs=1 seek=330 conv=notrunc status=none
expect 7 verify damaged --json
says stdout '"ok": false'
says stdout '"file": "segment-00000000000000000000"'
expect 8 journal append damaged --key site.key <events
says stderr "read-only"
expect 8 journal append damaged --key site.key </dev/null

# One folder that cannot be read keeps no other from being verified, and damage outranks it.
expect 3 verify nowhere j
says stdout "nowhere: there is no such folder: NOT READ"
says stdout "holds: 3 entries"
expect 7 verify nowhere damaged j --json
says stdout '"error": "nowhere: there is no such folder"'
says stdout '"ok": true'

# A record torn at the end: set aside, read-only until somebody decides, then journalled.
cp -r j torn
printf 'half a record' >>torn/segment-00000000000000000000
expect 8 journal append torn --key site.key <events
says stderr "set-aside/"
expect 7 verify torn
says stdout "the last record is broken"
expect 0 journal resume torn --by "the manager" --why "the depot has three entries too"
expect 0 journal append torn --key site.key <events
expect 0 verify torn
says stdout "a broken record was set aside in set-aside/"
expect 6 journal resume torn --by a --why b

# The roster: two of three approvers.
approvers=()
for name in anna ben cleo; do
  expect 0 roster key $name.key --name $name
  cp stdout $name.vkey
  approvers+=(--approver $name.vkey)
done
expect 0 roster init roster --estate sample --threshold 2 "${approvers[@]}"
expect 0 roster add roster --key site.vkey --role store --from 2026-06-14
expect 7 verify j --roster roster
cp roster unsigned
expect 0 journal key stranger.key --name stranger
expect 7 roster sign roster --key stranger.key
says stderr "stranger is not one of the approvers"
cmp roster unsigned
expect 0 roster sign roster --key anna.key
says stdout "signed by 1 of 3 approvers, 2 are needed"
expect 7 verify j --roster roster
says stderr "1 of 2 approvers"
expect 0 roster sign roster --key ben.key
expect 0 verify j --roster roster
cp roster first
expect 0 roster revoke roster --name stockade/sample/0042/1 --entries 2
expect 0 roster sign roster --key anna.key
expect 0 roster sign roster --key cleo.key
expect 0 roster show roster --before first
says stdout "revoked after 2 entries"
expect 7 roster show first --before roster
expect 7 verify j --roster roster
says stderr "revoked after entry count 2"

# Export and archive.
expect 0 journal export j public
test -s public/tile/0/000.p/3
test -s public/tile/entries/000.p/3
expect 0 journal archive j copy --key site.key
expect 0 journal restore copy back --public copy/minisign.pub
expect 0 verify back
printf 'X' | dd of=copy/checkpoint bs=1 seek=9 conv=notrunc status=none
expect 7 journal restore copy back2 --public copy/minisign.pub
test ! -e back2

# A process that is killed under load.
kill_under_load 5 8
[ "$LOST" = 0 ] || { echo "kill -9: $LOST of $KILLS went wrong"; exit 1; }
[ "$LINES" -gt 0 ]
expect 0 verify killed
