# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
work=$1 failed=0
source "$work/_assay"
at() { # words of the line; the last is being completed
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _assay
  echo " ${COMPREPLY[*]} "
}
expect() { # wanted, then the words
  local wanted=$1 got
  shift
  got=$(at "$@")
  for word in $wanted; do
    [[ $got == *" $word "* ]] || { echo "'$*' offers no $word but$got"; failed=1; }
  done
}
never() {
  local unwanted=$1
  shift
  [[ $(at "$@") != *" $unwanted "* ]] || { echo "'$*' offers $unwanted"; failed=1; }
}
mapfile -t verbs <"$work/verbs"
expect "${verbs[*]}" assay ""
for verb in "${verbs[@]}"; do
  options=$(assay "$verb" --help | grep -oE '^ +-[^ ]+' | tr ', ' '\n\n' | grep '^-')
  expect "$options" assay "$verb" -
done
expect "record replay" assay re
never lab assay re
expect "--output" assay record --out
expect "point check fit" assay plan ""
expect "--tp" assay plan point --t
expect "one-thread fleet-8" assay --sim ""
expect "one-thread" assay --sim = one
expect "fleet-8" assay sim fl
expect "h100-lab saved.assay" assay replay ""
expect "h100-lab saved.assay" assay report ""
expect "csv jsonl trace" assay export --format ""
expect "h100-sxm5-80gb" assay catalog show h100-s
expect "b200-hgx" assay compare h100-sxm5-80gb b200
expect "llama-3.1-8b" assay plan --model llama-3.1-8
expect "one-thread" assay lab one
expect "saved.assay" assay record -o ""
expect "bash zsh fish" assay completion ""
expect "--force" assay record --price 2 --forc # the value is no verb
expect "--force" assay record --data lab --forc
expect "env" assay record -- env
expect "saved.assay" assay record -- cat sav
exit $failed
