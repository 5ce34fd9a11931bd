#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `assay top` in a terminal: simulated devices, the recording that ships, keys, and the terminal as it was
# after q, SIGINT, SIGTERM and Ctrl-Z.
# Usage: top_in_tmux.sh ASSAY     Exit: 0 good, 1 not, 77 skipped.
set -eu
assay=${1:?usage: top_in_tmux.sh ASSAY}
command -v tmux >/dev/null || { echo "top_in_tmux.sh: skipped: there is no tmux" >&2; exit 77; }
socket=assay-top-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || true' EXIT

screen() { tmux -L "$socket" capture-pane -p -t "$1"; }
fail() {
  screen "$1"
  echo "top_in_tmux.sh: $1: $2"
  exit 1
}
# Waits until the screen shows the pattern: no fixed sleeps, the machine may be busy.
until_shows() {
  for _ in $(seq 150); do
    screen "$1" | grep -qE -- "$2" && return 0
    sleep 0.1
  done
  fail "$1" "never showed: $2"
}
start() { # NAME COLUMNS ROWS ARGUMENTS
  local name=$1 columns=$2 rows=$3
  shift 3
  tmux -L "$socket" -f /dev/null new-session -d -s "$name" -x "$columns" -y "$rows" \
    "stty -a > /dev/null; exec env LC_ALL=C.UTF-8 PS1='ready> ' bash --norc --noprofile"
  until_shows "$name" 'ready>'
  tmux -L "$socket" send-keys -t "$name" "'$assay' top $*" Enter
}
keys() { tmux -L "$socket" send-keys -t "$@"; }
restored() { # the shell is back, echoes what is typed, and the alternate screen is gone
  until_shows "$1" 'ready> *$'
  keys "$1" "stty -a | grep -c ' icanon.* echo ' ; echo alternate_\$?" Enter
  until_shows "$1" 'alternate_0'
  [ "$(tmux -L "$socket" display-message -p -t "$1" '#{alternate_on}#{mouse_any_flag}#{cursor_flag}')" = 001 ] ||
    fail "$1" "the terminal is not as it was"
}

start live 80 24 --sim fleet-8
until_shows live 'SIMULATED fleet-8 .* LIVE'
until_shows live 'llm-serv'
[ "$(screen live | grep -cE '^.  [0-9] .*(\$[0-9]|\?)')" -eq 8 ] || fail live "not eight devices"
keys live ' '
until_shows live 'PAUSED'
keys live '?'
until_shows live 'this page'
keys live '?' Down Down Enter
until_shows live 'ladder through time|GPU 2 '
keys live End
until_shows live 'LIVE'
keys live q
restored live

start recorded 160 48 h100-lab
until_shows recorded 'RECORDING h100-lab'
keys recorded ']'
until_shows recorded '6[0-9] of 226'
keys recorded End
until_shows recorded 'AT THE END'
until_shows recorded 'ladder through time'
keys recorded C-z
until_shows recorded 'Stopped'
restored recorded
keys recorded clear Enter fg Enter
until_shows recorded 'RECORDING h100-lab.*AT THE END'
kill -STOP "$(pgrep -n -f "^$assay top h100-lab")"
until_shows recorded 'Stopped'
keys recorded "stty sane; clear" Enter fg Enter
until_shows recorded 'RECORDING h100-lab.*AT THE END'
keys recorded C-c
restored recorded

start ended 100 30 --sim one-thread
until_shows ended 'grid too small'
pid=$(pgrep -n -f "^$assay top --sim one-thread") || fail ended "no process"
kill -TERM "$pid"
restored ended

start refused 80 24 "h100-lab | cat"
until_shows refused 'draws on a terminal'
echo "assay top: live, recorded, stopped, continued, ended: the terminal was as before each time"
