# SPDX-License-Identifier: Apache-2.0
# zsh has no way to ask what it would offer but to type: each line is typed up to where one answer is
# left, then Tab, and the line read back.
work=$1
failed=0
zmodload zsh/zpty
zpty shell "HOME=$work zsh -f -i"
send() { zpty -w shell "$1" }
# Sends and waits until the mark comes back.
ask() {
  local all= part
  send "$1"
  repeat 400; do
    if zpty -r -t shell part; then all+=$part; else sleep 0.02; fi
    [[ $all == *"<<"*">>"* ]] && break
  done
  print -r -- "${${all##*<<}%%>>*}"
}
send "PROMPT= RPROMPT= PS2=; unset zle_bracketed_paste; unsetopt prompt_cr prompt_sp; cd $work; path=($work \$path)"
send "fpath=($work \$fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' menu no"
send "unsetopt auto_menu list_beep; setopt no_auto_list"
# Ctrl-T: complete what is in the buffer and print what it has become.
send "finish() { zle expand-or-complete; print -r -- '<''<'\$BUFFER'>''>'; BUFFER=; zle reset-prompt }"
send "zle -N finish; bindkey '^T' finish"
expect() { # typed, what it must become
  local got=$(ask "$1"$'\x14')
  [[ ${got%% } == "${2%% }" ]] || { print "'$1' becomes '$got', not '$2'"; failed=1 }
}
for verb in ${(f)"$(<$work/verbs)"}; do
  expect "assay $verb --hel" "assay $verb --help"
  case $verb in (completion) ;; (*) expect "assay ${verb}" "assay $verb" ;; esac
done
expect 'assay doc' 'assay doctor'
expect 'assay record --outp' 'assay record --output='
expect 'assay plan poi' 'assay plan point'
expect 'assay plan point --conc' 'assay plan point --concurrency='
expect 'assay --sim one' 'assay --sim one-thread'
expect 'assay sim one' 'assay sim one-thread'
expect 'assay replay h100' 'assay replay h100-lab'
expect 'assay replay sav' 'assay replay saved.assay'
expect 'assay report sav' 'assay report saved.assay'
expect 'assay export --format js' 'assay export --format jsonl'
expect 'assay catalog show gb300' 'assay catalog show gb300-nvl72'
expect 'assay lab one-t' 'assay lab one-thread'
expect 'assay completion fi' 'assay completion fish'
zpty -d shell
exit $failed
